package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.document.Document;
import dev.gantry.cli.document.Finding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "validate",
        description = "Says everything that is wrong with documents, and publishes nothing.",
        footer = {
            "",
            "The server knows only functions and workflows that are published. What is missing",
            "there but is among the documents is noted and counts as no error."
        })
final class ValidateCommand extends RemoteCommand {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "YAML or JSON, several documents a file; - for the standard input.")
    private List<Path> paths = List.of();

    ValidateCommand(Environment environment) {
        super(environment);
    }

    private record Report(Document document, JsonNode answer, List<JsonNode> pending) {
        boolean isValid() {
            return answer.path("problems").size() == pending.size();
        }
    }

    @Override
    public Integer call() {
        List<Document> documents = Sources.read(paths, environment());
        List<Report> reports = reports(api(), documents);
        if (isJson()) {
            printJson(json(reports));
        } else {
            reports.forEach(this::print);
        }
        return reports.stream().allMatch(Report::isValid) ? Exit.OK : Exit.INVALID;
    }

    private static List<Report> reports(Api api, List<Document> documents) {
        List<JsonNode> answers = new ArrayList<>();
        List<JsonNode> here = new ArrayList<>();
        for (Document document : documents) {
            JsonNode answer =
                    api.send(
                                    Request.post("/v1/definitions:validate")
                                            .body(document.mediaType(), document.bytes()))
                            .body();
            answers.add(answer);
            here.add(answer.path("definition"));
        }
        List<Report> reports = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            Document document = documents.get(i);
            List<JsonNode> pending = new ArrayList<>();
            for (JsonNode problem : answers.get(i).path("problems")) {
                if (Missing.isAmong(here, problem, document)) {
                    pending.add(problem);
                }
            }
            reports.add(new Report(document, answers.get(i), pending));
        }
        return reports;
    }

    private void print(Report report) {
        for (JsonNode problem : report.answer().path("problems")) {
            if (report.pending().contains(problem)) {
                terminal()
                        .print(
                                "%s: %s"
                                        .formatted(
                                                report.document().place(),
                                                style().dim(
                                                                "uses what is to be published with"
                                                                        + " it")));
            } else {
                Finding.error(report.document(), problem, style()).forEach(terminal()::print);
                terminal().print("");
            }
        }
        JsonNode warnings = report.answer().path("warnings");
        for (JsonNode warning : warnings) {
            Finding.warning(report.document(), warning, style()).forEach(terminal()::print);
            terminal().print("");
        }
        int problems = report.answer().path("problems").size() - report.pending().size();
        String result =
                problems == 0
                        ? style().green("valid")
                        : style().red(ApplyCommand.plural(problems, "problem"));
        if (!warnings.isEmpty()) {
            result += ", " + style().yellow(ApplyCommand.plural(warnings.size(), "warning"));
        }
        JsonNode definition = report.answer().path("definition");
        String name =
                definition.isObject()
                        ? "  "
                                + Json.text(definition, "kind")
                                + " "
                                + ExecutionText.definition(definition)
                        : "";
        terminal().print("%s: %s%s".formatted(report.document().place(), result, name));
    }

    private static JsonNode json(List<Report> reports) {
        ArrayNode json = Json.array();
        for (Report report : reports) {
            ObjectNode one =
                    Json.object()
                            .put("file", report.document().file())
                            .put("firstLine", report.document().firstLine());
            one.setAll((ObjectNode) report.answer());
            one.put("valid", report.isValid());
            json.add(one);
        }
        return json;
    }
}
