package dev.gantry.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.compile.Documents;
import dev.gantry.orchestrator.id.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What documents do, by the rules of the language. */
class LanguageTest {
    private static Play play(String rest, String input) throws IOException {
        return Play.of(
                        Documents.workflow(
                                "document: {dsl: '1.0.3', namespace: a, name: b, version: '1.0.0'}\n"
                                        + rest))
                .start(json(input));
    }

    private static JsonNode json(String text) throws IOException {
        return Json.MAPPER.readTree(text);
    }

    private static JsonNode output(String rest, String input) throws IOException {
        return output(play(rest, input));
    }

    private static JsonNode output(Play play) {
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.COMPLETED);
        return Objects.requireNonNull(play.state.output());
    }

    /** Source: the language's table of runtime arguments; what each kind of task gives. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "set: {n: 1} ~ {\"n\": 1}",
                "set: '${ .list }' ~ [1, 2]",
                "do: [{b: {set: {n: 2}}}] ~ {\"n\": 2}",
                "do: [] ~ {\"list\": [1, 2]}",
                "switch: [{c: {when: '.x', then: end}}] ~ {\"list\": [1, 2]}",
                "fork: {branches: [{b: {set: {n: 1}}}, {c: {set: {n: 2}}}]} ~ [{\"n\": 1}, {\"n\": 2}]",
                "fork: {compete: true, branches: [{b: {set: {n: 1}}}]} ~ {\"n\": 1}",
                "for: {in: .list}, do: [{b: {set: {n: '${ $item }'}}}] ~ {\"n\": 2}",
                "for: {in: .list}, metadata: {gantry: {concurrency: 2}}, do: [{b: {set: {n: '${ $item }'}}}] ~ [{\"n\": 1}, {\"n\": 2}]",
                "try: [{b: {raise: {error: {type: 'https://e.org', status: 400}}}}], catch: {do: [{c: {set: {n: 3}}}]} ~ {\"n\": 3}",
            })
    void knowsTheRawOutputBesideTheTransformedOne(String task, String raw) throws IOException {
        String both =
                "{"
                        + task
                        + ", output: {as: '{as: $task.output, on: .}'}, export: {as: '{raw: $task.output, out: $output}'}}";

        JsonNode given =
                output(
                        "do: [{a: " + both + "}, {z: {set: '${ {last: ., context: $context} }'}}]",
                        "{\"list\": [1, 2]}");

        JsonNode expected = json(raw);
        assertThat(given.at("/last/as")).isEqualTo(expected);
        assertThat(given.at("/last/on")).isEqualTo(expected);
        assertThat(given.at("/context/raw")).isEqualTo(expected);
        assertThat(given.at("/context/out/as")).isEqualTo(expected);
    }

    @Test
    void knowsTheRawOutputOfStepsAsTheyAreAskedFor() throws IOException {
        Play play =
                play(
                        "do: [{a: {run: {shell: {command: ls}, return: stdout}, output: {as: '[$task.output, .]'}}}]",
                        "{}");

        play.succeed("a", json("{\"code\": 0, \"stdout\": \"hi\", \"stderr\": \"\"}"));

        assertThat(output(play)).isEqualTo(json("[\"hi\", \"hi\"]"));
    }

    @Test
    void knowsNoOutputBeforeThereIsOne() throws IOException {
        assertThat(output("do: [{a: {set: {x: '${ $task | has(\"output\") }'}}}]", "{}"))
                .isEqualTo(json("{\"x\": false}"));
    }

    /** What an extended task's transformations do, they do once. */
    @Test
    void transformsTheDataOfExtendedTasksOnce() throws IOException {
        assertThat(
                        output(
                                """
                                use:
                                  extensions:
                                    - log:
                                        extend: set
                                        after: [{see: {emit: {event: {with: {type: t, data: '${ $task.output }'}}}}}]
                                do:
                                  - a:
                                      set: {n: '${ .n + 1 }'}
                                      input: {from: '{n: (.n + 10)}'}
                                      output: {as: '{m: (.n + 100)}'}
                                      export: {as: '{seen: (($context.seen // 0) + 1), raw: $task.output.n}'}
                                  - z: {do: [], output: {as: '[., $context]'}}
                                """,
                                "{\"n\": 1}"))
                .isEqualTo(json("[{\"m\": 112}, {\"seen\": 1, \"raw\": 12}]"));
    }

    /** A document with extensions is no other document for tasks that none of them extends. */
    @Test
    void skipsTasksThatNoExtensionExtends() throws IOException {
        String extensions =
                "use: {extensions: [{log: {extend: %s, before: [{b: {set: {x: 1}}}]}}]}\n";
        String task = "do: [{a: {if: .go, set: {n: 2}}}]";

        for (String extended : new String[] {"call", "set", "all"}) {
            assertThat(output(extensions.formatted(extended) + task, "{\"n\": 1}"))
                    .as(extended)
                    .isEqualTo(json("{\"n\": 1}"));
            assertThat(output(extensions.formatted(extended) + task, "{\"go\": true}"))
                    .as(extended)
                    .isEqualTo(json("{\"n\": 2}"));
        }
    }

    /** What undoes an extended task is done once. */
    @Test
    void undoesExtendedTasksOnce() throws IOException {
        Play play =
                play(
                        """
                        use: {extensions: [{log: {extend: set, after: [{b: {wait: PT0S}}]}}]}
                        do:
                          - a:
                              set: {n: 1}
                              metadata: {gantry: {compensate: [{undo: {set: {x: 1}}}]}}
                          - broken: {raise: {error: {type: 'https://e.org', status: 400}}}
                        """,
                        "{}");
        play.pass(Duration.ofSeconds(1)).pass(Duration.ofSeconds(1));

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.FAULTED);
        assertThat(play.journal.stream().flatMap(List::stream))
                .filteredOn(Event.CompensationStarted.class::isInstance)
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "do: [] ~ {\"n\": 1}",
                "do: [{a: {do: []}}] ~ {\"n\": 1}",
                "do: [{a: {fork: {branches: []}}}] ~ []",
                "do: [{a: {fork: {compete: true, branches: []}}}] ~ {\"n\": 1}",
                "do: [{a: {try: [], catch: {do: []}}}] ~ {\"n\": 1}",
                "do: [{a: {try: [{b: {raise: {error: {type: 'https://e.org', status: 400}}}}], catch: {do: []}}}] ~ {\"n\": 1}",
                "do: [{a: {for: {in: '[1, 2, 3]'}, do: []}}] ~ {\"n\": 1}",
                "do: [{a: {for: {in: '[1, 2]'}, metadata: {gantry: {concurrency: 2}}, do: []}}] ~ [{\"n\": 1}, {\"n\": 1}]",
                "use: {functions: {f: {do: []}}}\\ndo: [{a: {call: f}}] ~ {\"n\": 1}",
            })
    void doesNothingWhereNothingIsToBeDone(String rest, String output) throws IOException {
        assertThat(output(rest.replace("\\n", "\n"), "{\"n\": 1}")).isEqualTo(json(output));
    }

    @ParameterizedTest
    @CsvSource({
        "https://open-workflow-specification.org/spec/1.0.0/errors/",
        "https://open-workflow-specification.org/dsl/errors/types/",
        "https://open-workflow-specification.org/errors/types/",
        "https://serverlessworkflow.io/spec/1.0.0/errors/",
        "https://serverlessworkflow.io/dsl/errors/types/",
        "https://serverlessworkflow.io/errors/types/",
    })
    void takesEachBaseOfStandardErrorsForTheSame(String base) throws IOException {
        String one = "https://open-workflow-specification.org/spec/1.0.0/errors/timeout";
        for (String raised : new String[] {base + "timeout", "${ .base + \"timeout\" }", one}) {
            JsonNode caught =
                    output(
                            """
                            do:
                              - a:
                                  try: [{b: {raise: {error: {type: '%s', status: 408}}}}]
                                  catch:
                                    errors: {with: {type: %stimeout}}
                                    do: [{c: {set: {type: '${ $error.type }'}}}]
                            """
                                    .formatted(raised, base),
                            "{\"base\": \"%s\"}".formatted(base));

            assertThat(caught.path("type").asText()).as(raised).isEqualTo(one);
        }
    }

    /** What is below such a base and no standard type is the author's own. */
    @Test
    void leavesOtherTypesOfErrorsAsTheyAreWritten() throws IOException {
        String own = "https://open-workflow-specification.org/errors/types/compliance";

        Play play =
                play("do: [{a: {raise: {error: {type: '%s', status: 400}}}}]".formatted(own), "{}");

        assertThat(Objects.requireNonNull(play.state.error()).type()).isEqualTo(own);
    }
}
