package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gantry.cli.client.Answer;
import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Problem;
import dev.gantry.cli.client.RefusedException;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.document.Document;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Publishes documents so that what others use comes first: functions before workflows, and a
 * document that misses another one once more after the others, as long as that gets on.
 */
final class Publisher {
    private final Api api;

    Publisher(Api api) {
        this.api = api;
    }

    List<Publication> publish(List<Document> documents) {
        List<Document> left = new ArrayList<>(documents);
        left.sort(Comparator.comparing(document -> !document.looksLikeFunction()));
        List<Publication> publications = new ArrayList<>();
        List<Publication> waiting = new ArrayList<>();
        boolean progress = true;
        while (!left.isEmpty() && progress) {
            progress = false;
            waiting.clear();
            for (Document document : left) {
                Publication publication = publish(document);
                if (isWaiting(publication)) {
                    waiting.add(publication);
                } else {
                    publications.add(publication);
                    progress = true;
                }
            }
            left = waiting.stream().map(Publication::document).toList();
        }
        publications.addAll(waiting);
        return publications;
    }

    /** Whether all that is wrong is what it misses. */
    private static boolean isWaiting(Publication publication) {
        return publication.result() == Publication.Result.INVALID
                && !publication.findings().isEmpty()
                && publication.findings().stream().allMatch(Missing::isMissing);
    }

    private Publication publish(Document document) {
        try {
            Answer answer =
                    api.send(
                            Request.post("/v1/definitions")
                                    .body(document.mediaType(), document.bytes()));
            Publication.Result result =
                    answer.status() == 201
                            ? Publication.Result.CREATED
                            : Publication.Result.UNCHANGED;
            return new Publication(
                    document,
                    result,
                    answer.body(),
                    "",
                    List.of(),
                    Json.list(answer.body().path("warnings")));
        } catch (RefusedException e) {
            Problem problem = e.problem();
            return switch (problem.code()) {
                case "DEFINITION_INVALID" -> refused(document, Publication.Result.INVALID, problem);
                case "DEFINITION_CONFLICT" ->
                        refused(document, Publication.Result.CONFLICT, problem);
                default -> throw e;
            };
        }
    }

    private Publication refused(Document document, Publication.Result result, Problem problem) {
        return new Publication(
                document,
                result,
                definition(document),
                problem.detail(),
                problem.errors(),
                Json.list(problem.body().path("warnings")));
    }

    /** A refusal does not say what was refused; a validation does. */
    private JsonNode definition(Document document) {
        try {
            return api.send(
                            Request.post("/v1/definitions:validate")
                                    .body(document.mediaType(), document.bytes()))
                    .body()
                    .path("definition");
        } catch (RefusedException _) {
            return MissingNode.getInstance();
        }
    }
}
