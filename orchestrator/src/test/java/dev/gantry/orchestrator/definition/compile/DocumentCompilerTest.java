package dev.gantry.orchestrator.definition.compile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.definition.Problem;
import dev.gantry.orchestrator.definition.document.SourceReader;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentCompilerTest {
    private static final String HEAD =
            """
            document:
              dsl: '1.0.3'
              namespace: billing
              name: order
              version: '1.0.0'
            """;

    private static final String WHOLE =
            HEAD
                    + """
                    input:
                      schema: {document: {type: object, required: [id]}}
                    timeout: {after: PT1H}
                    use:
                      retries:
                        gently: {delay: {seconds: 1}, backoff: {exponential: {}}, limit: {attempt: {count: 3}}}
                      errors:
                        broke: {type: https://example.com/broke, status: 402, title: Broke}
                    do:
                      - prepare:
                          set: {id: "${ .id }", total: 1}
                      - decide:
                          switch:
                            - large: {when: .total > 10, then: refuse}
                            - default: {then: pay}
                      - pay:
                          try:
                            - charge:
                                call: charge:1.0.0@default
                                with: {order: "${ .id }"}
                          catch:
                            errors: {with: {status: 500}}
                            as: problem
                            retry: gently
                            do:
                              - note: {set: {failed: "${ $problem.title }"}}
                          then: ship
                      - refuse:
                          raise: {error: broke}
                      - ship:
                          fork:
                            compete: false
                            branches:
                              - pack: {run: {container: {image: busybox, command: echo, arguments: [a]}}}
                              - tell: {call: http, with: {method: post, endpoint: "https://example.com/{id}", body: {id: "${ .id }"}}}
                      - each:
                          for: {each: item, in: .items}
                          while: .go
                          do:
                            - pause: {wait: {seconds: 1}}
                      - other:
                          run: {workflow: {namespace: billing, name: refund-all, version: '1.0.0'}, await: false}
                          then: end
                    """;

    private static DocumentCompiler.Compiled compile(String text) {
        return DocumentCompiler.compile(
                SourceReader.read(text.getBytes(StandardCharsets.UTF_8)), new FakeRegistry());
    }

    private static Problem only(String text) {
        List<Problem> problems = compile(text).problems();
        assertThat(problems).hasSize(1);
        return problems.getFirst();
    }

    @Test
    void compilesEveryKindOfTask() {
        DocumentCompiler.Compiled compiled = compile(WHOLE);

        assertThat(compiled.problems()).isEmpty();
        WorkflowPlan plan = Objects.requireNonNull(compiled.workflow());
        assertThat(plan.main().tasks())
                .extracting(Task::pointer)
                .startsWith("/do/0/prepare", "/do/1/decide");
        assertThat(plan.main().tasks().get(2).common().then()).isEqualTo(new Directive.GoTo(4));
        assertThat(plan.functions()).hasToString("[billing/charge:1.0.0]");
        assertThat(plan.workflows()).hasToString("[billing/refund-all:1.0.0]");
        Task.Try pay = (Task.Try) plan.main().tasks().get(2);
        assertThat(pay.body().tasks().getFirst().pointer()).isEqualTo("/do/2/pay/try/0/charge");
        assertThat(Objects.requireNonNull(pay.onError().handler()).tasks().getFirst().pointer())
                .isEqualTo("/do/2/pay/catch/do/0/note");
    }

    @Test
    void pointsAtATypoWithItsMend() {
        Problem problem =
                only(
                        HEAD
                                + """
                                do:
                                  - get:
                                      call: http
                                      with:
                                        methd: get
                                        method: get
                                        endpoint: https://example.com
                                """);

        assertThat(problem.code()).isEqualTo("unknown-property");
        assertThat(problem.pointer()).isEqualTo("/do/0/get/with/methd");
        assertThat(problem.line()).isEqualTo(10);
        assertThat(problem.column()).isEqualTo(9);
        assertThat(problem.message())
                .isEqualTo("unknown property 'methd' in call http 'with'; did you mean 'method'?");
    }

    @Test
    void findsWhatIsWrongAllAtOnce() {
        List<Problem> problems =
                compile(
                                HEAD
                                        + """
                                        do:
                                          - a: {set: {x: "${ .x + }"}, then: nowhere}
                                          - a: {wait: forever}
                                          - b: {call: chrge:1.0.0@default}
                                          - c: {call: asyncapi, with: {}}
                                          - d: {sett: {}}
                                          - e: {raise: {error: unknown}}
                                        """)
                        .problems();

        assertThat(problems)
                .extracting(Problem::code)
                .containsExactlyInAnyOrder(
                        "invalid-expression",
                        "unknown-target",
                        "duplicate-task",
                        "invalid-duration",
                        "unknown-function",
                        "not-supported-yet",
                        "no-keyword",
                        "unknown-reference");
        assertThat(problems)
                .filteredOn(p -> p.code().equals("unknown-function"))
                .first()
                .extracting(Problem::suggestion)
                .isEqualTo("did you mean 'billing/charge'?");
        assertThat(problems)
                .filteredOn(p -> p.code().equals("no-keyword"))
                .first()
                .extracting(Problem::suggestion)
                .isEqualTo("did you mean 'set'?");
    }

    @Test
    void refusesDuplicateKeysAndBrokenText() {
        assertThat(only(HEAD + "do:\n  - a: {set: {x: 1, x: 2}}\n").code())
                .isEqualTo("duplicate-key");
        assertThat(only("document: [").code()).isEqualTo("syntax");
        assertThat(only("").code()).isEqualTo("empty");
    }

    @Test
    void readsJson() {
        assertThat(
                        compile(
                                        """
                                        {"document": {"dsl": "1.0.3", "namespace": "billing", "name": "j", "version": "1.0.0"},
                                        \t"do": [{"a": {"set": {"x": 1}}}]}
                                        """)
                                .problems())
                .isEmpty();
    }

    @Test
    void readsJsonAsJsonAndSaysPlacesInIt() {
        Problem problem =
                only(
                        """
                        {"document": {"dsl": "1.0.3", "namespace": "billing", "name": "j", "version": "1.0.0"},
                         "do": [{"a": {"set": {"x": "\\/ \\ud83d\\ude00"},
                           "thn": "end"}}]}
                        """);

        assertThat(problem.code()).isEqualTo("unknown-property");
        assertThat(problem.line()).isEqualTo(3);
        assertThat(problem.column()).isEqualTo(4);
        assertThat(
                        SourceReader.read("{\"x\": \"\\ud83d\\ude00\\/\"}".getBytes(UTF_8))
                                .root()
                                .get("x"))
                .hasToString("\"\ud83d\ude00/\"");
        assertThat(only("{\"a\": 1, \"a\": 2, \"document\": 1").code()).isEqualTo("syntax");
    }

    @Test
    void asksForWhatAFunctionMustSay() {
        List<Problem> problems =
                compile(
                                """
                                function: charge
                                namespace: billing
                                version: 1.0.0
                                runtime: {class: faaas}
                                tags: {owner: me, domain: billing, sensitivity: internal}
                                """)
                        .problems();

        assertThat(problems)
                .extracting(Problem::code)
                .containsExactlyInAnyOrder("invalid-value", "missing-tag", "missing-decision");
    }

    /** One random place is broken: at least one message, at most three, one at the place. */
    @Test
    void findsARandomDefectAtItsPlace() {
        long seed = Long.getLong("gantry.seed", 20261120L);
        Random random = new Random(seed);
        String[] lines = WHOLE.split("\n", -1);
        Set<String> words =
                Set.of(
                        "namespace:",
                        "schema:",
                        "timeout:",
                        "retries:",
                        "errors:",
                        "set:",
                        "switch:",
                        "try:",
                        "catch:",
                        "call:",
                        "with:",
                        "raise:",
                        "fork:",
                        "branches:",
                        "while:",
                        "for:",
                        "dsl:",
                        "do:");
        for (int round = 0; round < 300; round++) {
            int at = random.nextInt(lines.length);
            String word =
                    words.stream().filter(lines[at]::contains).sorted().findFirst().orElse("");
            if (word.isEmpty()) {
                continue;
            }
            String[] broken = lines.clone();
            int place = random.nextInt(word.length() - 1);
            String typo = word.substring(0, place) + "q" + word.substring(place);
            broken[at] = lines[at].replaceFirst("\\b" + word, typo);
            if (broken[at].equals(lines[at])) {
                continue;
            }

            List<Problem> problems = compile(String.join("\n", broken)).problems();

            assertThat(problems)
                    .as("seed %d: line %d is %s", seed, at + 1, broken[at])
                    .hasSizeBetween(1, 3);
            assertThat(problems)
                    .as("seed %d: line %d is %s", seed, at + 1, broken[at])
                    .anyMatch(p -> p.line() == at + 1);
        }
    }

    /**
     * One defect each: its code, its place as {@code line:column}, and the body; ¶ stands for a
     * line end.
     */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "wrong-type ~ 7:9 ~ do:¶  - a: {if: true, set: {x: 1}}",
                "invalid-value ~ 8:53 ~ do:¶  - a:¶      {call: http, with: {endpoint: 'http://e.org', method: gett}}",
                "wrong-type ~ 7:52 ~ do:¶  - a: {call: http, with: {method: get, endpoint: {uri: 5}}}",
                "invalid-uri ~ 7:41 ~ do:¶  - a: {call: http, with: {method: get, endpoint: 'http://e.org/${ .id }'}}",
                "unknown-reference ~ 7:91 ~ do:¶  - a: {call: http, with: {method: get, endpoint: {uri: 'http://e.org/', authentication: {use: x}}}}",
                "invalid-duration ~ 7:9 ~ do:¶  - a: {wait: PT-5S}",
                "invalid-schema ~ 7:50 ~ do:¶  - a: {set: {x: 1}, input: {schema: {document: {type: nonsense}}}}",
                "invalid-schema ~ 7:50 ~ do:¶  - a: {set: {x: 1}, input: {schema: {document: {$ref: 'http://e.org/s'}}}}",
                "resource-unavailable ~ 7:50 ~ do:¶  - a: {set: {x: 1}, input: {schema: {resource: {endpoint: 'http://e.org'}}}}",
                "unknown-property ~ 7:42 ~ do:¶  - a: {set: {x: 1}, metadata: {gantry: {runtme: {class: job}}}}",
                "unknown-property ~ 7:42 ~ do:¶  - a: {set: {x: 1}, metadata: {gantry: {runtime: {class: job}}}}",
                "invalid-duration ~ 7:77 ~ do:¶  - a: {run: {shell: {command: ls}}, metadata: {gantry: {runtime: {limits: {timeout: PT0S}}}}}",
                "invalid-duration ~ 7:77 ~ do:¶  - a: {run: {shell: {command: ls}}, metadata: {gantry: {runtime: {limits: {timeout: '${ .t }'}}}}}",
                "invalid-quantity ~ 7:77 ~ do:¶  - a: {run: {shell: {command: ls}}, metadata: {gantry: {runtime: {limits: {cpu: lots}}}}}",
                "unknown-target ~ 7:22 ~ do:¶  - a: {set: {x: 1}, then: '${ .next }'}",
                "recursive-function ~ 6:23 ~ use: {functions: {a: {call: a}}}¶do:¶  - b: {set: {x: 1}}",
                "unknown-property ~ 6:21 ~ use: {retries: {r: {dlay: PT1S}}}¶do:¶  - b: {set: {x: 1}}",
                "invalid-value ~ 7:47 ~ do:¶  - a: {raise: {error: {type: 'http://e.org', status: 42}}}",
                "empty-list ~ 7:9 ~ do:¶  - a: {switch: []}",
                "empty-object ~ 7:9 ~ do:¶  - a: {set: {}}",
                "ambiguous-task ~ 7:5 ~ do:¶  - a: {set: {x: 1}, wait: PT1S}",
                "unknown-argument ~ 7:15 ~ do:¶  - a: {set: {x: '${ $itm }'}}",
                "unknown-argument ~ 7:15 ~ do:¶  - a: {set: {x: '${ $output.y }'}}",
                "unknown-argument ~ 7:30 ~ do:¶  - a: {set: {x: 1}, input: {from: $error.title}}",
                "unknown-argument ~ 6:10 ~ output: {as: $task.name}¶do: [a: {set: {x: 1}}]",
                "secret-stored ~ 7:16 ~ use: {secrets: [key]}¶do: [a: {set: {x: '${ $secrets.key }'}}]",
                "secret-stored ~ 7:32 ~ use: {secrets: [key]}¶do: [a: {set: {x: 1}, output: {as: $secrets.key}}]",
                "secret-stored ~ 6:73 ~ use: {secrets: [key], extensions: [{e: {extend: all, before: [b: {set: {x: '${ $secrets.key }'}}]}}]}¶do: [a: {set: {x: 1}}]",
                "unknown-secret ~ 7:10 ~ use: {secrets: [key]}¶do: [a: {if: '$secrets.kay == 1', set: {x: 1}}]",
                "unknown-secret ~ 6:99 ~ do: [a: {call: http, with: {method: get, endpoint: {uri: 'http://e.org', authentication: {basic: {use: key}}}}}]",
                "invalid-value ~ 6:25 ~ use: {extensions: [{e: {extend: cal, before: [b: {set: {x: 1}}]}}]}¶do: [a: {set: {x: 1}}]",
                "invalid-name ~ 6:17 ~ use: {secrets: ['a b']}¶do: [a: {set: {x: 1}}]",
                "invalid-authentication ~ 6:123 ~ do: [a: {call: http, with: {method: get, endpoint: {uri: 'http://e.org', authentication: {oauth2: {authority: 'http://a', grant: authorization_code, client: {id: x}}}}}}]",
                "unknown-argument ~ 6:68 ~ do: [a: {call: http, with: {method: get, endpoint: 'http://e.org', body: '${ $authorization }'}}]",
                "unknown-property ~ 6:43 ~ do: [a: {set: {x: 1}, metadata: {gantry: {requires: [compensate]}}}]",
                "unknown-property ~ 6:43 ~ do: [a: {set: {x: 1}, metadata: {gantry: {concurrency: 2}}}]",
                "invalid-value ~ 6:27 ~ do: [a: {for: {in: '.x'}, while: 'true', do: [b: {set: {x: 1}}], metadata: {gantry: {concurrency: 2}}}]",
                "unknown-reference ~ 6:10 ~ do: [a: {call: 'log:1.0.0@shared'}]",
                "resource-unavailable ~ 6:10 ~ do: [a: {call: 'https://e.org/function.yaml'}]",
                "missing-property ~ 6:22 ~ do: [a: {call: grpc, with: {proto: {endpoint: 'http://e.org/a.proto'}, service: {name: s, host: h}}}]",
                "invalid-value ~ 6:111 ~ do: [a: {call: grpc, with: {proto: {endpoint: 'http://e.org/a.proto'}, method: m, service: {name: s, host: h, port: 70000}}}]",
                "invalid-task ~ 7:5 ~ do:¶  - {a: {wait: PT1S}, b: {wait: PT1S}}"
            })
    void saysWhatIsWrongAndWhere(String code, String place, String body) {
        Problem problem = only(HEAD + body.replace('¶', '\n'));

        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.line() + ":" + problem.column()).isEqualTo(place);
    }

    @Test
    void looksAtAllOfACallWhateverIsWrongWithAPart() {
        List<Problem> problems =
                compile(
                                HEAD
                                        + """
                                        use: {secrets: [login]}
                                        do:
                                          - a:
                                              call: http
                                              with:
                                                methd: get
                                                endpoint: {uri: 'http://e.org', authentication: {basic: {use: logn}}}
                                                headers: {k: "${ .x | }"}
                                                query: {k: "${ $itm }"}
                                                redirect: perhaps
                                        """)
                        .problems();

        assertThat(problems)
                .extracting(Problem::code)
                .containsExactly(
                        "unknown-property",
                        "unknown-secret",
                        "invalid-expression",
                        "unknown-argument",
                        "wrong-type");
    }

    @Test
    void runsFunctionsOfTheDocumentAsTasksBelowTheCall() {
        WorkflowPlan plan =
                Objects.requireNonNull(
                        compile(
                                        HEAD
                                                + """
                                                use:
                                                  functions:
                                                    pick:
                                                      input: {schema: {document: {type: object}}}
                                                      do:
                                                        - one: {set: {x: "${ .id }"}}
                                                      output: {as: .x}
                                                do:
                                                  - call: {call: pick, with: {id: 7}}
                                                """)
                                .workflow());

        Task.Do call = (Task.Do) plan.main().tasks().getFirst();
        Task.Do passing = (Task.Do) call.body().tasks().getFirst();
        Task.Do pick = (Task.Do) passing.body().tasks().getFirst();
        assertThat(passing.common().flow().inputFrom()).isNotNull();
        assertThat(pick.common().flow().inputSchema()).isNotNull();
        assertThat(pick.common().flow().outputAs()).isNotNull();
        assertThat(pick.body().tasks()).hasOnlyElementsOfType(Task.Set.class);
    }

    @Test
    void keepsAnExpressionForTheMethodAsItIs() throws ExpressionException {
        WorkflowPlan plan =
                Objects.requireNonNull(
                        compile(
                                        HEAD
                                                + """
                                                do:
                                                  - a:
                                                      call: http
                                                      with: {method: "${ .method }", endpoint: "http://e.org"}
                                                """)
                                .workflow());

        Task.CallHttp call = (Task.CallHttp) plan.main().tasks().getFirst();
        assertThat(
                        call.method()
                                .evaluate(
                                        JsonNodeFactory.instance.objectNode().put("method", "PUT"),
                                        Arguments.NONE)
                                .asText())
                .isEqualTo("PUT");
    }

    /** Functions that call each other twice would give 2^30 tasks. */
    @Test
    void staysSmallWhateverTheDocumentAsksFor() {
        StringBuilder functions = new StringBuilder(HEAD + "use:\n  functions:\n");
        for (int i = 0; i < 30; i++) {
            functions.append(
                    "    f%d: {do: [{a: {call: f%d}}, {b: {call: f%d}}]}\n"
                            .formatted(i, i + 1, i + 1));
        }
        functions.append("    f30: {set: {x: 1}}\ndo:\n  - go: {call: f0}\n");

        assertThat(compile(functions.toString()).problems())
                .extracting(Problem::code)
                .containsExactly("too-many-tasks");
    }

    @Test
    void looksAtHugeDocumentsInReasonableTime() {
        StringBuilder many = new StringBuilder(HEAD + "do:\n");
        for (int i = 0; i < 9_000; i++) {
            many.append("  - task%d: {sett: {x: 1}, then: tsk%d}\n".formatted(i, i));
        }
        long begin = System.nanoTime();

        assertThat(compile(many.toString()).problems()).hasSizeLessThanOrEqualTo(500);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void acceptsTheExamplesOfTheDocumentation() throws IOException {
        List<String> examples =
                Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(Path.of("../docs/definitions.md")))
                        .results()
                        .map(found -> found.group(1))
                        .toList();

        assertThat(examples).hasSize(6);
        for (String example : examples) {
            String document = example.startsWith("- ") ? HEAD + "do:\n" + example : example;
            assertThat(compile(document).problems()).as(example).isEmpty();
        }
    }

    @Test
    void acceptsTheExamplesOfTheLanguageOrNamesWhatIsMissing() throws IOException {
        String folder = System.getProperty("gantry.ows.examples");
        assumeTrue(
                folder != null,
                "property gantry.ows.examples does not name the folder of the language's examples");
        Set<String> expected =
                Set.of(
                        "not-supported-yet",
                        "resource-unavailable",
                        "unknown-function",
                        "unknown-workflow");
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                assertThat(compile(Files.readString(file)).problems())
                        .as(file.getFileName().toString())
                        .allMatch(problem -> expected.contains(problem.code()));
            }
        }
    }
}
