package dev.gantry.orchestrator.engine;

import static dev.gantry.orchestrator.engine.PlanBuilder.JSON;
import static dev.gantry.orchestrator.engine.PlanBuilder.attempt;
import static dev.gantry.orchestrator.engine.PlanBuilder.common;
import static dev.gantry.orchestrator.engine.PlanBuilder.constant;
import static dev.gantry.orchestrator.engine.PlanBuilder.pause;
import static dev.gantry.orchestrator.engine.PlanBuilder.raise;
import static dev.gantry.orchestrator.engine.PlanBuilder.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.DurationTemplate;
import dev.gantry.orchestrator.definition.plan.RetryPolicy;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.journal.Journals;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the platform puts an end to, and what it does not cost before. */
class LimitsTest {
    /** Looks, waits, and looks again, for ever. */
    private static WorkflowPlan monitor() {
        Task again =
                new Task.Set(
                        common("again", new Directive.GoTo(0)),
                        constant(JSON.objectNode().put("n", 1)));
        return workflow("monitor", pause("interval", Duration.ofSeconds(30)), again);
    }

    private static void rounds(Play play, int rounds) {
        for (int i = 0; i < rounds; i++) {
            play.pass(Duration.ofSeconds(30));
        }
    }

    private static List<String> warnings(Play play) {
        return play.commands.stream()
                .filter(Command.Warn.class::isInstance)
                .map(command -> ((Command.Warn) command).text())
                .toList();
    }

    @Test
    void holdsNoMoreOfAMonitorTheLongerItRuns() {
        Play play = Play.of(monitor()).start();
        rounds(play, 50);
        int before = Journals.text(StateImage.of(play.state)).length();

        rounds(play, 5_000);

        assertThat(Journals.text(StateImage.of(play.state)).length())
                .isCloseTo(before, org.assertj.core.data.Offset.offset(20));
    }

    @Test
    void warnsBeforeItEndsAnEndlessLoop() {
        Play play = Play.of(monitor());
        play.limits = new Circumstances.Limits(500, 100, 5, 10);
        play.start();

        rounds(play, 41);
        assertThat(warnings(play))
                .containsExactly("it enters task 80 of at most 100 (gantry.execution.max-tasks)");
        rounds(play, 10);

        assertThat(Objects.requireNonNull(play.state.error()).code())
                .isEqualTo("TASK_LIMIT_EXCEEDED");
        assertThat(warnings(play)).hasSize(1);
    }

    @Test
    void warnsBeforeItEndsAPolicyWithoutACount() {
        RetryPolicy endless =
                new RetryPolicy(
                        null,
                        null,
                        DurationTemplate.of(Duration.ofSeconds(1)),
                        RetryPolicy.Backoff.CONSTANT,
                        null,
                        null,
                        null,
                        null,
                        null);
        Play play = Play.of(workflow("w", attempt("try", endless, null, raise("no", 500))));
        play.limits = new Circumstances.Limits(500, 1_000, 5, 10);
        play.start();

        for (int i = 0; i < 10; i++) {
            assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
            play.pass(Duration.ofSeconds(1));
        }

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.FAULTED);
        assertThat(warnings(play))
                .containsExactly(
                        "8 of at most 10 retries of one policy (gantry.execution.max-retries)");
    }

    @Test
    void keepsADelayThatIsLongerThanWhatBackoffMayMakeOfOne() {
        Play play =
                Play.of(
                                workflow(
                                        "w",
                                        attempt(
                                                "try",
                                                PlanBuilder.retry(2, Duration.ofDays(3)),
                                                null,
                                                raise("no", 500))))
                        .start()
                        .pass(Duration.ofDays(2));

        assertThat(play.types()).doesNotContain("TryRestarted");
        assertThat(play.pass(Duration.ofDays(1)).types()).contains("TryRestarted");
    }
}
