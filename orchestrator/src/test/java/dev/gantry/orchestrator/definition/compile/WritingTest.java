package dev.gantry.orchestrator.definition.compile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.definition.Problem;
import dev.gantry.orchestrator.definition.document.SourceReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What authors write and do not mean: said with the mend, or taken with a warning. */
class WritingTest {
    private static final String HEAD =
            "document: {dsl: '1.0.3', namespace: billing, name: order, version: '1.0.0'}\n";

    private static DocumentCompiler.Compiled compile(String document) {
        return DocumentCompiler.compile(
                SourceReader.read(document.getBytes(UTF_8)), new FakeRegistry());
    }

    private static Problem only(String task) {
        List<Problem> problems = compile(HEAD + "do: [{a: " + task + "}]").problems();
        assertThat(problems).as(task).hasSize(1);
        return problems.getFirst();
    }

    private static List<Problem> warnings(String task) {
        DocumentCompiler.Compiled compiled = compile(HEAD + "do: [{a: " + task + "}]");
        assertThat(compiled.problems()).as(task).isEmpty();
        return compiled.warnings();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "{set: {x: '${ .name '}} ~ /do/0/a/set/x",
                "{set: {x: [1, {y: ' ${.name'}]}} ~ /do/0/a/set/x/1/y",
                "{set: {x: '${ \"}\" '}} ~ /do/0/a/set/x",
                "{call: http, with: {method: get, endpoint: 'http://e.org', headers: {h: '${ .x'}}} ~ /do/0/a/with/headers/h",
                "{emit: {event: {with: {type: t, data: '${ .x'}}}} ~ /do/0/a/emit/event/with/data",
                "{run: {container: {image: i, arguments: ['${ .x']}}} ~ /do/0/a/run/container/arguments/0",
                "{raise: {error: {type: 'https://e.org', status: 400, detail: '${ .x'}}} ~ /do/0/a/raise/error/detail",
            })
    void refusesExpressionsThatAreNotClosed(String task, String pointer) {
        Problem problem = only(task);

        assertThat(problem.code()).isEqualTo("unclosed-expression");
        assertThat(problem.pointer()).isEqualTo(pointer);
        assertThat(problem.suggestion()).contains("'}'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{if: '${ .x', set: {x: 1}}",
                "{set: {x: 1}, output: {as: '${ .x'}}",
                "{for: {in: '${ .x'}, do: []}",
                "{set: {x: '${ {a: .b} '}}",
                "{listen: {to: {one: {with: {source: '${ .x'}}}}}",
                "{listen: {to: {one: {with: {source: 'a${ .x }'}}}}}"
            })
    void saysWhatIsWrongWithAnExpressionThatIsNotClosed(String task) {
        assertThat(only(task).message()).containsAnyOf("not closed", "is missing", "whole text");
    }

    @Test
    void saysHowSeveralExpressionsAreWritten() {
        assertThat(only("{set: {x: '${ .a } and ${ .b }'}}").message())
                .contains("several expressions")
                .contains("\\(.a)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "{set: {x: 'Hello ${ .name }!'}} ~ /do/0/a/set/x ~ write ${ \"Hello \\(.name)!\" }",
                "{set: {x: '${ .a }, ${ .b }.'}} ~ /do/0/a/set/x ~ write ${ \"\\(.a), \\(.b).\" }",
                "{set: {x: 'say \"${ .a }\"'}} ~ /do/0/a/set/x ~ write ${ \"say \\\"\\(.a)\\\"\" }",
                "{set: {x: 'open ${ .a'}} ~ /do/0/a/set/x ~ write ${ \"open \\(.a)\" }",
                "{set: {x: '${ {a: \"}\"}.a }!'}} ~ /do/0/a/set/x ~ write ${ \"\\({a: \"}\"}.a)!\" }",
                "{run: {shell: {command: 'echo ${HOME} ${ .user }'}}} ~ /do/0/a/run/shell/command ~ write ${ \"echo ${HOME} \\(.user)\" }",
                "{run: {container: {image: i, environment: {A: 'x${ .y }'}}}} ~ /do/0/a/run/container/environment/A ~ write ${ \"x\\(.y)\" }",
            })
    void warnsOfExpressionsWithinTexts(String task, String pointer, String mend) {
        List<Problem> warnings = warnings(task);

        assertThat(warnings).hasSize(1);
        assertThat(warnings.getFirst().code()).isEqualTo("expression-in-text");
        assertThat(warnings.getFirst().pointer()).isEqualTo(pointer);
        assertThat(warnings.getFirst().suggestion()).isEqualTo(mend);
        assertThat(warnings.getFirst().line()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{set: {x: '${ .name }', y: 'a $5 {b}', z: '$ {x}'}}",
                "{run: {shell: {command: 'echo ${HOME:-/tmp}/x'}}}",
                "{run: {shell: {command: '${SHELL} -c \"x}\"'}}}",
                "{run: {script: {language: js, code: 'console.log(`${ $a } ${b.c}`)'}}}"
            })
    void saysNothingOfTextsOfOtherLanguages(String task) {
        assertThat(warnings(task)).isEmpty();
    }

    @Test
    void warnsOnceOfWhatSeveralCallsUse() {
        List<Problem> warnings =
                compile(
                                HEAD
                                        + """
                                        use:
                                          functions: {f: {set: {x: 'Hello ${ .name }'}}}
                                          extensions: [{e: {extend: all, before: [{b: {set: {x: 'Log ${ .name }'}}}]}}]
                                        do: [{a: {call: f}}, {b: {call: f}}]
                                        """)
                        .warnings();

        assertThat(warnings)
                .extracting(Problem::pointer)
                .containsExactly("/use/functions/f/set/x", "/use/extensions/0/e/before/0/b/set/x");
    }

    /** A check that came later keeps nothing from running that was published before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "do: [{a: {set: {x: '${ .name '}}}]",
                "do: [{a: {set: {}}}]",
                "do: [{a: {switch: []}}]",
                "do: [{a: {set: {x: !secret y, z: .inf}}}]",
                "do: [{a: {try: [], catch: {retry: {jitter: {from: PT1S}}}}}]",
                "do: [{a: {wait: {days: 400000}}}]"
            })
    void takesWhatWasPublishedBefore(String rest) {
        DocumentCompiler.Compiled compiled =
                DocumentCompiler.recompile(
                        SourceReader.read((HEAD + rest).getBytes(UTF_8)), new FakeRegistry());

        assertThat(compile(HEAD + rest).problems()).isNotEmpty();
        assertThat(compiled.problems()).isEmpty();
        assertThat(compiled.workflow()).isNotNull();
    }

    /** Versions 1.0.0 and 1.0.1 of the language had a map. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "script: {language: js, code: c, arguments: {who: World, n: 2}} ~ process.argv[2]",
                "script: {language: python, code: c, arguments: {who: World, n: 2}} ~ sys.argv[1]",
                "shell: {command: c, arguments: {who: World, n: 2}} ~ $1",
                "container: {image: i, arguments: {who: World, n: 2}} ~ the first argument",
            })
    void saysHowMapsOfArgumentsAreWrittenNow(String process, String first) {
        Problem problem = only("{run: {" + process + "}}");

        assertThat(problem.pointer()).endsWith("/arguments");
        assertThat(problem.message()).contains("1.0.0");
        assertThat(problem.suggestion()).contains("[\"World\",2]").contains(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "basic: {username: a, password: b}",
                "bearer: {token: t}",
                "oauth2: {authority: 'http://a', grant: client_credentials, client: {id: i, secret: s}}",
                "oidc: {authority: 'http://a', grant: client_credentials, client: {id: i, secret: s}}",
            })
    void takesAuthorizationInWhatACallSends(String authentication) {
        String told = "'${ $authorization.parameter }'";
        for (String call :
                List.of(
                        "http, with: {method: get, headers: {h: %s}, query: {q: %s}, body: {b: %s}, endpoint: {uri: %s, authentication: {%s}}}"
                                .formatted(told, told, told, told, authentication),
                        "openapi, with: {document: {endpoint: 'http://e.org'}, operationId: o, parameters: {p: %s}, authentication: {%s}}"
                                .formatted(told, authentication),
                        "grpc, with: {proto: {endpoint: 'http://e.org/a.proto'}, method: m, arguments: {a: %s}, service: {name: s, host: h, authentication: {%s}}}"
                                .formatted(told, authentication))) {
            assertThat(warnings("{call: " + call + "}")).isEmpty();
        }
    }

    @Test
    void saysWhyDigestHasNoAuthorization() {
        Problem problem =
                only(
                        "{call: http, with: {method: get, body: '${ $authorization }', endpoint: {uri: 'http://e.org', authentication: {digest: {username: a, password: b}}}}}");

        assertThat(problem.code()).isEqualTo("unknown-argument");
        assertThat(problem.message()).contains("digest").contains("challenge");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "export: {as: '{i: $authorization}'} ~ stored",
                "output: {as: '$authorization.scheme'} ~ stored",
                "input: {from: '{i: $authorization}'} ~ known only",
            })
    void saysWhyAuthorizationIsNotThere(String property, String why) {
        Problem problem =
                only(
                        "{call: http, with: {method: get, endpoint: {uri: 'http://e.org', authentication: {basic: {username: a, password: b}}}}, "
                                + property
                                + "}");

        assertThat(problem.message()).contains(why).doesNotContain("not defined");
        assertThat(problem.expected()).contains("headers");
    }

    @Test
    void saysWhereAuthorizationIs() {
        Problem problem =
                only(
                        "{call: http, with: {method: get, endpoint: 'http://e.org', headers: {h: '${ $authorization.scheme }'}}}");

        assertThat(problem.code()).isEqualTo("unknown-argument");
        assertThat(problem.message()).contains("authentication");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "limits: {concurrency: 0} ~ /limits/concurrency",
                "limits: {concurrency: -1} ~ /limits/concurrency",
                "limits: {concurrency: 1.5} ~ /limits/concurrency",
                "limits: {concurrency: 99999999999} ~ /limits/concurrency",
                "limits: {concurrency: '5'} ~ /limits/concurrency",
                "limits: {timeout: PT0S} ~ /limits/timeout",
                "limits: {timeout: PT-5S} ~ /limits/timeout",
                "limits: {timeout: P400000D} ~ /limits/timeout",
                "limits: {timeout: 5} ~ /limits/timeout",
                "limits: {cpu: 0} ~ /limits/cpu",
                "limits: {cpu: -500m} ~ /limits/cpu",
                "limits: {cpu: 99999999999} ~ /limits/cpu",
                "limits: {cpu: 0.0001} ~ /limits/cpu",
                "limits: {cpu: 1e300} ~ /limits/cpu",
                "limits: {memory: 0Mi} ~ /limits/memory",
                "limits: {memory: -1} ~ /limits/memory",
                "limits: {memory: 0.5} ~ /limits/memory",
                "limits: {memory: 99999999999999999999Ti} ~ /limits/memory",
                "limits: {memory: true} ~ /limits/memory",
                "retry: {limit: {attempt: {count: -1}}} ~ /retry/limit/attempt/count",
                "retry: {limit: {attempt: {count: 2.5}}} ~ /retry/limit/attempt/count",
                "retry: {delay: {seconds: -1}} ~ /retry/delay/seconds",
                "retry: {delay: {seconds: 1.5}} ~ /retry/delay/seconds",
                "retry: {delay: {days: 2000000000}} ~ /retry/delay",
                "retry: {jitter: {from: PT1S}} ~ /retry/jitter",
                "retry: {jitter: {to: PT1S}} ~ /retry/jitter",
                "decision: {coldStart: PT-1S, duration: PT1S, ephemeralStorage: 0, concurrency: 1, checkpoint: none, burstCost: low} ~ /decision/coldStart",
                "decision: {coldStart: PT1S, duration: PT1S, ephemeralStorage: -1, concurrency: 1, checkpoint: none, burstCost: low} ~ /decision/ephemeralStorage",
                "decision: {coldStart: PT1S, duration: PT1S, ephemeralStorage: 0, concurrency: 0, checkpoint: none, burstCost: low} ~ /decision/concurrency",
                "decision: {coldStart: PT1S, duration: PT1S, ephemeralStorage: 0, concurrency: 1.5, checkpoint: none, burstCost: low} ~ /decision/concurrency",
            })
    void refusesNumbersOfFunctionsThatMeanNothing(String property, String pointer) {
        List<Problem> problems =
                compile(
                                """
                                function: charge
                                namespace: billing
                                version: 1.0.0
                                runtime: {class: faas}
                                tags: {owner: me, domain: billing, sensitivity: internal, lifecycle: experimental}
                                """
                                        + property)
                        .problems();

        assertThat(problems).as(property).extracting(Problem::pointer).containsExactly(pointer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "for: {in: .x}, do: [], metadata: {gantry: {concurrency: 0}} ~ /do/0/a/metadata/gantry/concurrency",
                "for: {in: .x}, do: [], metadata: {gantry: {concurrency: -1}} ~ /do/0/a/metadata/gantry/concurrency",
                "for: {in: .x}, do: [], metadata: {gantry: {concurrency: 1001}} ~ /do/0/a/metadata/gantry/concurrency",
                "for: {in: .x}, do: [], metadata: {gantry: {concurrency: 1.5}} ~ /do/0/a/metadata/gantry/concurrency",
                "run: {shell: {command: ls}}, metadata: {gantry: {runtime: {limits: {cpu: 0}}}} ~ /do/0/a/metadata/gantry/runtime/limits/cpu",
                "run: {shell: {command: ls}}, metadata: {gantry: {runtime: {limits: {memory: -1Mi}}}} ~ /do/0/a/metadata/gantry/runtime/limits/memory",
                "wait: {seconds: -1} ~ /do/0/a/wait/seconds",
                "wait: {days: 400000} ~ /do/0/a/wait",
                "wait: P400000D ~ /do/0/a/wait",
                "wait: PT9223372036854775807S ~ /do/0/a/wait",
                "set: {x: 1}, timeout: {after: {days: 2147483647}} ~ /do/0/a/timeout/after",
            })
    void refusesNumbersOfTasksThatMeanNothing(String task, String pointer) {
        assertThat(only("{" + task + "}").pointer()).isEqualTo(pointer);
    }

    /** RFC 6570 says what a variable is; the rest of a text in braces is a part of the address. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://e.org/{pet.id}/{a_1}/{%41b}",
                "http://e.org/{pet-id}/x",
                "http://e.org/{}/{?q}/{+path}/{a b}",
                "http://e.org/a?filter={\"a\":1}"
            })
    void takesAddressesWithBraces(String address) {
        assertThat(warnings("{call: http, with: {method: get, endpoint: '%s'}}".formatted(address)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "{on: {one: {with: {type: t}}}, read: data} ~ not-supported-yet",
                "{on: {one: {with: {type: t}}}, read: raw} ~ not-supported-yet",
                "{on: {one: {with: {type: t}}}, read: all} ~ invalid-value",
                "{on: {one: {with: {type: t}}}, read: 1} ~ wrong-type",
                "{read: envelope} ~ invalid-value",
            })
    void saysHowStartingEventsAreRead(String schedule, String code) {
        assertThat(compile(HEAD + "do: []\nschedule: " + schedule).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(code);
                    assertThat(problem.pointer()).isEqualTo("/schedule/read");
                });
        assertThat(
                        compile(
                                        HEAD
                                                + "do: []\nschedule: {on: {one: {with: {type: t}}}, read: envelope}")
                                .problems())
                .isEmpty();
    }
}
