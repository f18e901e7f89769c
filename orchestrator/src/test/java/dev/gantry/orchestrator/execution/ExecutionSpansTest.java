package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.id.ExecutionId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The span of a whole execution. */
class ExecutionSpansTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String SAMPLED = "00-%s-%s-01".formatted(TRACE, CALLER);

    private static long nanos(Instant at) {
        return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
    }

    private static String spanId(ExecutionId id) {
        return id.toString().replace("-", "").substring(16);
    }

    @Test
    void isTheParentOfItsStepsAndLastsFromStartToEndAlsoAcrossARestart() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("w", call("a", "echo"), call("b", "echo"));
            node.stage.held.add("b");
            ExecutionId id = node.startWithin("w", SAMPLED);
            await().until(() -> !node.stage.waiting().isEmpty());
            assertThat(node.stage.traceparents)
                    .containsExactly("00-%s-%s-01".formatted(TRACE, spanId(id)));
            assertThat(node.spans.ended).isEmpty();

            try (TestNode again = node.restarted()) {
                await().until(() -> !again.stage.reattached.isEmpty());
                again.stage.finish(again.stage.waiting().iterator().next(), Stage.succeeded("1"));
                ExecutionView view = again.await(id);

                await().until(() -> !again.spans.ended.isEmpty());
                SpanData span = again.spans.ended.getFirst();
                assertThat(again.spans.ended).hasSize(1);
                assertThat(span.getName()).isEqualTo("execution test/w");
                assertThat(span.getTraceId()).isEqualTo(TRACE);
                assertThat(span.getSpanId()).isEqualTo(spanId(id));
                assertThat(span.getParentSpanId()).isEqualTo(CALLER);
                assertThat(span.getStartEpochNanos()).isEqualTo(nanos(view.summary().startedAt()));
                assertThat(view.summary().endedAt()).isNotNull();
                assertThat(span.getEndEpochNanos()).isEqualTo(nanos(view.summary().endedAt()));
            }
        }
    }

    @Test
    void isAnErrorIfTheExecutionFaults() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("w", call("a", "echo"));
            node.stage.failing.put("a", MetricsTest.FAILURE);
            node.await(node.startWithin("w", SAMPLED));

            await().until(() -> !node.spans.ended.isEmpty());
            assertThat(node.spans.ended.getFirst().getStatus().getStatusCode())
                    .isEqualTo(StatusCode.ERROR);
        }
    }

    @Test
    void isNotThereWhereNothingIsSampled() throws Exception {
        String notSampled = SAMPLED.substring(0, SAMPLED.length() - 1) + "0";
        try (TestNode node = TestNode.open()) {
            node.define("w", call("a", "echo"));
            node.await(node.startWithin("w", notSampled));

            assertThat(node.stage.traceparents).containsExactly(notSampled);
            assertThat(node.spans.ended).isEmpty();
        }
    }
}
