package dev.gantry.orchestrator.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.document.SourceReader;
import dev.gantry.orchestrator.definition.explain.Explanation;
import dev.gantry.orchestrator.definition.explain.Graph;
import dev.gantry.orchestrator.definition.explain.Mermaid;
import dev.gantry.orchestrator.definition.explain.TakenPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExplainTest {
    private static final byte[] ORDER =
            """
            document: {dsl: '1.0.3', namespace: billing, name: order, version: 1.0.0}
            do:
              - decide:
                  switch:
                    - large: {when: .total > 10, then: refuse}
                    - other: {then: pay}
              - pay:
                  try:
                    - charge: {call: charge:1.0.0@default}
                  catch:
                    retry: {delay: {seconds: 1}, limit: {attempt: {count: 3}}}
                    do:
                      - note: {set: {failed: 'a "quoted" | <b>text</b>; end'}}
                  then: end
              - refuse: {raise: {error: {type: 'https://e.org/x', status: 402}}}
            """
                    .getBytes(UTF_8);

    /** One line of the part of Mermaid's grammar that is used. */
    private static final String LINE =
            "flowchart TD"
                    + "|    n\\d+(\\(\\[L\\]\\)|\\{L\\}|\\[\\[L\\]\\]|\\[L\\])(:::(done|running|failed))?"
                    + "|    n\\d+ -->(\\|L\\|)? n\\d+"
                    + "|    classDef \\w+ fill:#\\w{6},stroke:#\\w{6}";

    private static void requireWellFormed(String mermaid) {
        String line = LINE.replace("L", "\"(?:[^\"#<>|\\[\\]{};]|#\\d+;|<br/>)*\"");
        assertThat(mermaid.lines()).allMatch(text -> text.matches(line));
    }

    private static List<String> edges(Graph graph) {
        return graph.edges().stream().map(e -> e.from() + " " + e.label() + " " + e.to()).toList();
    }

    @Test
    void drawsWhereControlGoes() {
        Graph graph = Graph.of(ORDER);

        assertThat(edges(graph))
                .containsExactlyInAnyOrder(
                        "start null /do/0/decide",
                        "/do/0/decide large /do/2/refuse",
                        "/do/0/decide other /do/1/pay",
                        "/do/1/pay null /do/1/pay/try/0/charge",
                        "/do/1/pay/try/0/charge null end",
                        "/do/1/pay error /do/1/pay/catch/do/0/note",
                        "/do/1/pay/catch/do/0/note null end",
                        "/do/2/refuse error end");
        requireWellFormed(Mermaid.draw(graph));
    }

    @Test
    void marksTheTakenPath() {
        TakenPath path = new TakenPath();
        path.add("TaskEntered", "/do/0/decide");
        path.add("TaskCompleted", "/do/0/decide");
        path.add("TaskEntered", "/do/2/refuse");
        path.add("TaskFaulted", "/do/2/refuse");
        path.add("ExecutionFaulted", null);

        String mermaid = Mermaid.draw(Graph.of(ORDER).marked(path.states()));

        requireWellFormed(mermaid);
        assertThat(mermaid).contains("}:::done\n", "]:::failed\n").doesNotContain(":::running");
    }

    @Test
    void saysWhatItDoesAndHowItFails() {
        assertThat(Explanation.of(ORDER).markdown())
                .isEqualTo(
                        """
                        # billing/order 1.0.0

                        A workflow of 5 tasks.

                        ## What it does

                        - **decide** chooses where to go.
                          - large: if .total > 10 → refuse
                          - other: otherwise → pay
                        - **pay** tries these tasks, and catches every error. Then the workflow ends.
                          - **charge** calls charge:1.0.0@default.
                          - After an error:
                            - **note** makes data: {"failed":"a \\"quoted\\" | <b>text</b>; end"}.
                        - **refuse** fails with the error https://e.org/x (status 402).

                        ## What it calls

                        - 'charge' calls charge:1.0.0@default.

                        ## How it fails

                        - 'pay' catches every error, and tries again: at most 3 times, after 1 second; after that it does its own tasks.
                        - 'refuse' fails with the error https://e.org/x (status 402).
                        """);
    }

    @Test
    void drawsAndExplainsEveryExample() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("../examples"))) {
            for (Path file :
                    files.filter(f -> f.toString().matches(".*/(workflows|functions)/.*\\.yaml"))
                            .toList()) {
                byte[] document = Files.readAllBytes(file);
                assertThat(Explanation.of(document).markdown()).contains("## What it does");
                if (!file.toString().contains("functions")) {
                    Graph graph = Graph.of(document);
                    Set<String> ids =
                            graph.nodes().stream().map(Graph.Node::id).collect(Collectors.toSet());
                    assertThat(graph.edges())
                            .as(file.toString())
                            .allMatch(e -> ids.contains(e.from()) && ids.contains(e.to()));
                    requireWellFormed(Mermaid.draw(graph));
                }
            }
        }
    }

    @Test
    void tellsOfExtensionsSecretsAndRoundsSideBySide() {
        JsonNode document =
                SourceReader.read(
                                """
                                document: {dsl: '1.0.3', namespace: a, name: b, version: '1.0.0'}
                                use:
                                  secrets: [key]
                                  extensions:
                                    - log: {extend: call, when: .x, before: [note: {set: {n: 1}}]}
                                do:
                                  - all:
                                      for: {in: .items}
                                      metadata: {gantry: {concurrency: 5}}
                                      do: [one: {set: {n: 1}}]
                                """
                                        .getBytes(UTF_8))
                        .root();

        Explanation explanation = Explanation.of(document);

        assertThat(explanation.does())
                .anyMatch(line -> line.contains("up to 5 at a time"))
                .anyMatch(line ->
                        line.startsWith("**log** before every 'call' if")
                                && line.endsWith("does these tasks."));
        assertThat(explanation.calls()).contains("the secrets key");
    }

    private static final byte[] TRIP =
            """
            document: {dsl: '1.0.3', namespace: shop, name: trip, version: 1.0.0}
            do:
              - hotel:
                  call: book-hotel:1.0.0@default
                  metadata: {gantry: {compensate: cancel-hotel:1.0.0@default}}
              - flight:
                  call: book-flight:1.0.0@default
                  metadata:
                    gantry:
                      compensate:
                        - call: {call: cancel-flight:1.0.0@default}
                        - tell: {emit: {event: {with: {type: flight.cancelled}}}}
              - answers:
                  listen: {to: {any: [{with: {type: answer}}], until: 'length > 1'}}
                  foreach: {do: [note: {set: {seen: true}}]}
            """
                    .getBytes(UTF_8);

    @Test
    void saysWhatIsUndoneAndInWhichOrder() {
        Explanation explanation = Explanation.of(TRIP);

        assertThat(explanation.fails())
                .containsExactly(
                        "'hotel' is undone: 'compensate' calls cancel-hotel:1.0.0@default.",
                        "'flight' is undone: 'call' calls cancel-flight:1.0.0@default, then 'tell' emits an event.",
                        "What is complete is undone before a 'try' handles an error of its tasks, and when the"
                                + " execution faults or is cancelled: what was completed last first, so"
                                + " 'flight', then 'hotel'.");
        assertThat(explanation.calls()).contains("'compensate' calls cancel-hotel:1.0.0@default.");
        assertThat(explanation.does())
                .containsSequence(
                        "**flight** calls book-flight:1.0.0@default.",
                        "  To undo it:",
                        "    **call** calls cancel-flight:1.0.0@default.",
                        "    **tell** emits an event.",
                        "**answers** waits for events.",
                        "  For each event:",
                        "    **note** makes data: {\"seen\":true}.");
    }

    @Test
    void drawsWhatIsUndone() {
        Graph graph = Graph.of(TRIP);
        String undoing = "/do/1/flight/metadata/gantry/compensate";

        assertThat(edges(graph))
                .contains(
                        "/do/0/hotel undo /do/0/hotel/metadata/gantry/compensate/0/compensate",
                        "/do/0/hotel/metadata/gantry/compensate/0/compensate null end",
                        "/do/1/flight undo " + undoing + "/0/call",
                        undoing + "/0/call null " + undoing + "/1/tell",
                        undoing + "/1/tell null end",
                        "/do/2/answers each /do/2/answers/foreach/do/0/note",
                        "/do/2/answers/foreach/do/0/note null /do/2/answers");
        requireWellFormed(Mermaid.draw(graph));
    }
}
