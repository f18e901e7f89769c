package dev.gantry.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.contract.Behaviour.TellArguments;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.WorkloadProblem;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scripts run as they are, with arguments that are their own. */
interface ScriptPart extends Benched {

    @Test
    default void runsScriptsThatAreLongerThanAnArgument() throws RunnerException {
        assertThat(told(new TellArguments(300_000, List.of("a", "b")))).isEqualTo("[\"a\",\"b\"]");
    }

    @Test
    default void leavesArgumentsToTheScript() throws RunnerException {
        assertThat(told(new TellArguments(0, List.of("--version", "-1"))))
                .isEqualTo("[\"--version\",\"-1\"]");
        assertThat(told(new TellArguments(0, List.of("", "--")))).isEqualTo("[\"\",\"--\"]");
    }

    private String told(TellArguments behaviour) throws RunnerException {
        Outcome outcome = bench().outcomeOf(bench().attempts.of(behaviour));
        assertThat(outcome).isInstanceOf(Succeeded.class);
        return new String(((Succeeded) outcome).output(), UTF_8).strip();
    }

    @Test
    default void refusesAnArgumentThatNoProcessTakes() {
        Attempt attempt =
                bench().attempts.of(new TellArguments(0, List.of("a", "x".repeat(1 << 20))));

        List<WorkloadProblem> problems =
                bench().adapter().check(attempt.context().tenant(), attempt.workload());
        Failure failure =
                catchThrowableOfType(
                                ProvisionException.class,
                                () -> bench().provision(bench().adapter(), attempt))
                        .failure();

        assertThat(problems).extracting(WorkloadProblem::pointer).containsExactly("/arguments/1");
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(failure.retryable()).isFalse();
    }
}
