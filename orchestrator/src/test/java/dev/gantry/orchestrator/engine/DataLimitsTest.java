package dev.gantry.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.compile.Documents;
import dev.gantry.orchestrator.definition.plan.WorkflowError.Standard;
import dev.gantry.orchestrator.id.Extent;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that could not be stored are an error of the task that makes them, wherever it does. */
class DataLimitsTest {
    private static final String TOO_DEEP =
            "the data are nested deeper than 500 levels: does a loop wrap them again and again?";

    private static Play play(String tasks) {
        return Play.of(
                Documents.workflow(
                        """
                        document: {dsl: 1.0.3, namespace: test, name: deep, version: 1.0.0}
                        do:
                        """
                                + tasks.indent(2)));
    }

    /** An object with one in it, and so on, as many as that. */
    private static JsonNode deep(int levels) {
        JsonNode value = PlanBuilder.JSON.objectNode();
        for (int i = 1; i < levels; i++) {
            value = PlanBuilder.JSON.objectNode().set("a", value);
        }
        return value;
    }

    private static void assertFault(Play play, String pointer, String detail) {
        var error = Objects.requireNonNull(play.state.error());
        assertThat(error.type()).isEqualTo(Standard.EXPRESSION.type());
        assertThat(error.code()).isEqualTo("DATA_LIMIT_EXCEEDED");
        assertThat(error.instance()).isEqualTo(pointer);
        assertThat(error.detail()).isEqualTo(detail);
    }

    @Test
    void endsALoopThatWrapsItsData() {
        Play play =
                play("""
                - wrap: {set: {a: "${ . }"}}
                - again: {switch: [{on: {then: wrap}}]}
                """)
                        .start();

        assertFault(play, "/do/0/wrap", TOO_DEEP);
        // What was reached before is stored, and read again.
        play.throughSnapshot();
    }

    @Test
    void endsALoopThatDoublesItsData() {
        Play play =
                play("""
                - twice: {set: {a: "${ . }", b: "${ . }"}}
                - again: {switch: [{on: {then: twice}}]}
                """)
                        .start();

        assertFault(
                play,
                "/do/0/twice",
                "the data are larger than 4,000,000 values: does a loop wrap them again and again?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set: {a: '${ . }'}",
                "{set: '${ . }', input: {from: {a: '${ . }'}}}",
                "{set: '${ . }', output: {as: {a: '${ . }'}}}",
                "{set: '${ . }', export: {as: {a: '${ . }'}}}",
                "{for: {in: ['${ . }']}, do: [{x: {set: {b: 1}}}]}",
                "{for: {in: ['${ . }']}, metadata: {gantry: {concurrency: 2}}, do: [{x: {set: {b: 1}}}]}",
                "fork: {branches: [{x: {set: '${ . }'}}]}",
                "emit: {event: {with: {type: t, data: '${ . }'}}}",
                "emit: {event: {with: {type: t, datacontenttype: application/json, data_base64: '${ {a: tojson} | .a | \"{\\\"a\\\":\" + . + \"}\" | @base64 }'}}}",
                "run: {workflow: {namespace: billing, name: refund-all, version: 1.0.0, input: {a: '${ . }'}}}",
                "run: {await: false, shell: {command: 'true', arguments: ['${ . }']}}",
                "listen: {to: {one: {with: {type: t}, correlate: {c: {from: .x, expect: '${ {a: .} }'}}}}}",
                "{call: http, with: {method: post, endpoint: 'http://x.example', body: [[[[[['${ . }']]]]]]}}",
            })
    void refusesWhatIsOneLevelTooDeepWhereverItIsMade(String task) {
        Play play =
                play("""
                - try:
                    try: [{make: %s}]
                    catch: {as: e, do: [{caught: {set: {what: "${ $e }"}}}]}
                """
                                .formatted(task.startsWith("{") ? task : "{" + task + "}"))
                        .start(deep(Extent.MAX_DEPTH));

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.COMPLETED);
        JsonNode caught = Objects.requireNonNull(play.state.output()).path("what");
        assertThat(caught.path("instance").asText()).startsWith("/do/0/try/try/0/make");
        assertThat(caught.path("detail").asText()).contains("nested deeper than 500 levels");
    }

    @Test
    void putsARequestAroundTheDeepestData() {
        Play play =
                play("""
                - ask: {call: http, with: {method: post, endpoint: "http://x.example", body: "${ . }"}}
                """)
                        .start(deep(Extent.MAX_DEPTH));

        assertThat(play.running("ask").input().path("body")).isEqualTo(deep(Extent.MAX_DEPTH));
        play.throughSnapshot();
        assertThat(play.succeed("ask", deep(Extent.MAX_DEPTH)).state.output())
                .isEqualTo(deep(Extent.MAX_DEPTH));
    }

    @Test
    void readsNoDataOfAnEventThatAreTooDeep() {
        byte[] json = deep(Extent.MAX_DEPTH + 1).toString().getBytes(StandardCharsets.UTF_8);
        JsonNode event =
                PlanBuilder.JSON
                        .objectNode()
                        .put("datacontenttype", "application/json")
                        .put("data_base64", Base64.getEncoder().encodeToString(json));

        assertThat(EventData.problem(event))
                .isEqualTo("'data_base64' is nested deeper than 500 levels");
    }
}
