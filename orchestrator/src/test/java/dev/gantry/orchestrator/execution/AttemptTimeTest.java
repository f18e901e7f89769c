package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static dev.gantry.orchestrator.engine.PlanBuilder.ref;
import static dev.gantry.orchestrator.engine.PlanBuilder.scope;
import static dev.gantry.orchestrator.engine.PlanBuilder.withTimeout;
import static dev.gantry.orchestrator.engine.PlanBuilder.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.engine.PlanBuilder;
import dev.gantry.spi.RuntimeClass;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long an attempt may take, by what says so. */
class AttemptTimeTest {
    private static final Duration DEFAULT = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofHours(24);

    private final TestNode node = TestNode.open();

    @AfterEach
    void close() {
        node.close();
    }

    private Duration time(String workflow, String task) throws Exception {
        assertThat(node.run(workflow, "{}").summary().status())
                .isEqualTo(ExecutionStatus.COMPLETED);
        return Objects.requireNonNull(node.stage.limits.get(task)).timeout();
    }

    private static Task limited(String name, @Nullable Duration timeout, String ofAttempt) {
        Task.Placement placement =
                new Task.Placement(null, null, false, Map.of("timeout", ofAttempt));
        return new Task.CallFunction(
                timeout == null ? PlanBuilder.common(name) : withTimeout(name, timeout),
                ref("f"),
                null,
                placement);
    }

    @Test
    void isTheDefaultWhereNothingSaysAny() throws Exception {
        node.define("plain", call("x", "f"));

        assertThat(time("plain", "x")).isEqualTo(DEFAULT);
    }

    @Test
    void isThatOfTheTaskOrOfWhatIsAroundIt() throws Exception {
        Duration own = Duration.ofMinutes(20);
        Duration around = Duration.ofHours(2);
        Duration whole = Duration.ofHours(3);
        node.plans.put(
                "within",
                workflow(
                        "within",
                        whole,
                        new Task.CallFunction(
                                withTimeout("x", own), ref("f"), null, Task.Placement.DEFAULT),
                        new Task.Do(withTimeout("do", around), scope(call("y", "f"))),
                        call("z", "f")));

        // A little more, so that the document's own timeout is what ends the task.
        assertThat(time("within", "x")).isBetween(own, own.plusMinutes(1));
        assertThat(time("within", "y")).isBetween(around, around.plusMinutes(1));
        assertThat(time("within", "z")).isBetween(whole.minusMinutes(1), whole.plusMinutes(1));
    }

    @Test
    void isWhatTheTaskSaysOfAttemptsOrElseTheFunction() throws Exception {
        FunctionPlan plain = PlanBuilder.function(ref("f"), false, null);
        node.functions.put(
                ref("f"),
                new FunctionPlan(
                        plain.ref(),
                        RuntimeClass.FAAS,
                        Map.of(),
                        null,
                        null,
                        null,
                        new FunctionPlan.Resources(null, null, Duration.ofMinutes(40), null),
                        false,
                        null,
                        List.of(),
                        List.of(),
                        Map.of()));
        node.define("said", call("x", "f"), limited("y", Duration.ofHours(3), "PT1H"));

        assertThat(time("said", "x")).isEqualTo(Duration.ofMinutes(40));
        assertThat(time("said", "y")).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void neverExceedsThePlatforms() throws Exception {
        node.define(
                "long",
                limited("x", null, "PT48H"),
                new Task.CallFunction(
                        withTimeout("y", Duration.ofDays(3)),
                        ref("f"),
                        null,
                        Task.Placement.DEFAULT));

        assertThat(time("long", "x")).isEqualTo(LONGEST);
        assertThat(time("long", "y")).isEqualTo(LONGEST);
    }
}
