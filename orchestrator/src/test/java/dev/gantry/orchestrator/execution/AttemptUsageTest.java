package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static dev.gantry.orchestrator.engine.PlanBuilder.ref;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.engine.PlanBuilder;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome.Usage;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an attempt used is known of every ending. */
class AttemptUsageTest {
    private static final Usage USED =
            new Usage(4_200L, 2_000L, 64L << 20, 500, null, Map.of("billedMillis", 4_300L));

    private final TestNode node = TestNode.open();

    @BeforeEach
    void measure() {
        node.stage.usage = USED;
        node.define("one", call("a", "f"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private StepView.AttemptView attempt(ExecutionId id) {
        return node.executions()
                .steps(TestNode.TENANT, id, 0, 200)
                .items()
                .getFirst()
                .attempts()
                .getFirst();
    }

    @Test
    void isKeptOfASuccess() throws Exception {
        assertThat(attempt(node.run("one", "{}").summary().id()).usage()).isEqualTo(USED);
    }

    @Test
    void isKeptOfAFailure() throws Exception {
        node.stage.failing.put(
                "a", new Failure("BROKEN", "broken", Actor.AUTHOR, false, Progress.ENDED));

        assertThat(attempt(node.run("one", "{}").summary().id()).usage()).isEqualTo(USED);
    }

    @Test
    void isKeptOfWhatWasCancelled() throws Exception {
        node.stage.held.add("a");
        ExecutionId id = node.start("one", "{}");
        Awaitility.await().until(() -> !node.stage.waiting().isEmpty());

        node.executions().cancel(TestNode.TENANT, id, Initiator.parse("user:ann"), null);
        node.await(id);

        StepView.AttemptView attempt = attempt(id);
        assertThat(attempt.status()).isEqualTo("cancelled");
        assertThat(attempt.usage()).isEqualTo(USED);
    }

    @Test
    void isKeptOfWhatTookTooLong() throws Exception {
        node.stage.held.add("a");
        Task.Placement soon = new Task.Placement(null, null, false, Map.of("timeout", "PT0.2S"));
        node.define("late", new Task.CallFunction(PlanBuilder.common("a"), ref("f"), null, soon));

        StepView.AttemptView attempt = attempt(node.run("late", "{}").summary().id());

        assertThat(attempt.failureCode()).isEqualTo(Code.TIMEOUT);
        assertThat(attempt.usage()).isEqualTo(USED);
    }

    @Test
    void isKeptOfAResultThatIsNone() throws Exception {
        node.stage.held.add("a");
        ExecutionId id = node.start("one", "{}");
        Awaitility.await().until(() -> !node.stage.waiting().isEmpty());

        node.stage.finish(
                node.stage.waiting().iterator().next(),
                new dev.gantry.spi.Outcome.Succeeded(new byte[] {'{'}, USED));
        node.await(id);

        StepView.AttemptView attempt = attempt(id);
        assertThat(attempt.failureCode()).isEqualTo(Code.FUNCTION_ERROR);
        assertThat(attempt.usage()).isEqualTo(USED);
    }

    @Test
    void isInTheHistoryWithoutWhatIsNotKnown() throws Exception {
        ExecutionId id = node.run("one", "{}").summary().id();

        JsonNode ended =
                node.executions().history(TestNode.TENANT, id, null, 200).items().stream()
                        .filter(event -> event.type().equals("StepEnded"))
                        .findFirst()
                        .orElseThrow()
                        .data();

        assertThat(ended.at("/result/usage"))
                .hasToString(
                        "{\"wallMillis\":4200,\"cpuMillis\":2000,\"peakMemoryBytes\":67108864,\"cpuLimitMillis\":500,\"units\":{\"billedMillis\":4300}}");
    }

    @Test
    void isNothingWhereNothingIsKnown() throws Exception {
        node.stage.usage = Usage.UNKNOWN;

        assertThat(attempt(node.run("one", "{}").summary().id()).usage()).isNull();
    }

    @Test
    void hasNoEndlessListOfUnits() throws Exception {
        Map<String, Long> units = new HashMap<>(Map.of("x".repeat(65), 1L));
        for (int n = 0; n < 40; n++) {
            units.put("unit%02d".formatted(n), (long) n);
        }
        node.stage.usage = new Usage(1L, null, null, null, null, units);

        Usage kept = attempt(node.run("one", "{}").summary().id()).usage();

        assertThat(Objects.requireNonNull(kept).units())
                .hasSize(StepResults.MOST_UNITS)
                .containsEntry("unit31", 31L)
                .doesNotContainKey("unit32");
    }
}
