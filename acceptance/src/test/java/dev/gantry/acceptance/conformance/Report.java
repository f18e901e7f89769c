package dev.gantry.acceptance.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.acceptance.Server;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Writes {@code docs/conformance.md}: what a server does with each construct, and each scenario.
 */
final class Report {
    private static final String HEAD =
            """
            # Conformance

            <!-- Written by ConformanceTest: ./mvnw verify -Dgantry.ctk=… -Dgantry.docs=write -->

            The official conformance kit of the workflow language and Gantry's own scenarios are Gherkin features that run against a
            started server over its REST API (`acceptance`, `ConformanceTest`), and again on a server that forgets all it has in memory
            after each commit (`CrashConformanceTest`). What scenarios call stands on this machine: the pet store, httpbin, an
            authority that gives tokens, and what a scenario sets up; only hosts in documents are rewritten.

            ```sh
            ./mvnw verify -Dgantry.ctk=/path/to/specification/ctk/features
            ```

            Without the property the official kit is left out and the test says so. Gantry's own features are always run; they are in
            `acceptance/src/test/resources/features`, in the kit's form with a few steps more (`GantrySteps`), so that others can run them.

            Where the kit, the reference and Gantry differ:

            - Two pairs of scenarios of the kit (`output-filtering`, `switch-default-implicit`) give the same name and version to
              different documents. A version never changes in Gantry, so the second one is published under another name.
            - The reference says both that secrets can be used in `input.from` alone and that they can be used in every expression.
              In Gantry they can be used where their value is not stored: in authentications, in what a call or a process is given, in
              its `input.from`, and in conditions. Elsewhere they are refused at publish ([ADR 0007](adr/0007-secrets-are-never-data.md)).
            - `$task` is the descriptor of the task in the reference's text, and the task itself in its example of an extension. Within
              extensions it is both.
            - What an extension's tasks put out is not the input of the extended task, nor its output, unless they take its place by
              `exit`: the reference's own example of a logging extension would not work otherwise.
            - The reference says that `schedule.read` is `data` where it is not said, and its examples take the whole event
              (`$workflow.input[0].data`), which is what Gantry gives.
            - An error type below a standard base that is none of the standard types is left as it is written, as the kit has it.
            - `call: grpc` has no scenario; `GrpcCallTest` calls a real server.
            """;

    private final Server server;

    Report(Server server) {
        this.server = server;
    }

    String write(List<Outcomes.Outcome> own, List<Outcomes.Outcome> official)
            throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder(HEAD);
        text.append("\n## Constructs\n\n");
        text.append(
                "| construct | a document that has it | own scenarios | official scenarios |\n|---|---|---|---|\n");
        server.publish(
                "document: {dsl: '1.0.3', namespace: conformance, name: probe, version: '1.0.0'}\ndo: [{a: {set: {x: 1}}}]\n");
        try (InputStream file = Report.class.getResourceAsStream("/constructs.yaml")) {
            for (JsonNode construct : World.YAML.readTree(Objects.requireNonNull(file))) {
                Pattern seen = Pattern.compile(construct.path("seen").asText());
                text.append(
                        "| %s | %s | %d | %d |\n"
                                .formatted(
                                        construct.path("construct").asText(),
                                        state(construct),
                                        own.stream().filter(o -> has(o, seen)).count(),
                                        official.stream().filter(o -> has(o, seen)).count()));
            }
        }
        scenarios(text, "Official kit, commit 4d42471 (2026-07-29)", official);
        scenarios(text, "Gantry's own scenarios", own);
        return text.toString();
    }

    private static boolean has(Outcomes.Outcome outcome, Pattern seen) {
        return seen.matcher(outcome.text()).find();
    }

    /** What the server says of the construct's document. */
    private String state(JsonNode construct) throws IOException, InterruptedException {
        ObjectNode document = Server.JSON.createObjectNode();
        ObjectNode head = document.putObject("document");
        head.put("dsl", "1.0.3").put("namespace", "conformance");
        head.put("name", "construct").put("version", "1.0.0");
        construct.path("document").properties().forEach(p -> head.set(p.getKey(), p.getValue()));
        construct.path("top").properties().forEach(p -> document.set(p.getKey(), p.getValue()));
        document.putArray("do").addObject().set("a", construct.path("task"));
        HttpResponse<String> answer =
                server.call(
                        "POST",
                        "/v1/definitions:validate",
                        document.toString(),
                        "Content-Type",
                        "application/json");
        JsonNode problems = Server.JSON.readTree(answer.body()).path("problems");
        List<String> said = new ArrayList<>();
        for (JsonNode problem : problems) {
            if (!problem.path("code").asText().equals("not-supported-yet")) {
                throw new AssertionError(construct + " is no document to try: " + answer.body());
            }
            said.add(problem.path("message").asText());
        }
        return said.isEmpty() ? "runs" : "refused: " + String.join("; ", said);
    }

    private static void scenarios(
            StringBuilder text, String title, List<Outcomes.Outcome> outcomes) {
        long passed = outcomes.stream().filter(o -> o.problem() == null).count();
        text.append("\n## %s: %d of %d pass\n".formatted(title, passed, outcomes.size()));
        Map<String, List<Outcomes.Outcome>> features = new TreeMap<>();
        outcomes.forEach(o -> features.computeIfAbsent(o.feature(), f -> new ArrayList<>()).add(o));
        features.forEach((feature, scenarios) -> {
            text.append("\n### %s\n\n".formatted(feature));
            for (Outcomes.Outcome scenario : scenarios) {
                text.append(
                        "- %s%s\n"
                                .formatted(
                                        scenario.scenario(),
                                        scenario.problem() == null ? "" : " — **fails**"));
            }
        });
    }

    static boolean isWanted() {
        return System.getProperty("gantry.docs", "").equals("write");
    }
}
