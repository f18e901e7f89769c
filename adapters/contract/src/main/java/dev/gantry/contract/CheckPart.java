package dev.gantry.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Mistakes of a document are found when it is published. */
interface CheckPart extends Benched {
    String UNKNOWN = "gantryKitProperty";
    String TENANT = "tenant-a";

    @Test
    default void findsNothingWrongWithWhatRuns() {
        Workload.Function function = function();

        assertThat(check(function)).isEmpty();
        assertThat(check(bench().attempts.of(new Behaviour.Echo()).workload())).isEmpty();
        assertThat(check(bench().attempts.of(new Behaviour.Fail(3)).workload())).isEmpty();
        assertThat(check(bench().attempts.of(new Behaviour.Sleep(Duration.ofDays(1))).workload()))
                .isEmpty();
    }

    @Test
    default void findsAPropertyThatItDoesNotKnow() {
        List<WorkloadProblem> problems = check(with(function(), UNKNOWN, 1));

        assertThat(problems).extracting(WorkloadProblem::pointer).containsExactly("/" + UNKNOWN);
        assertThat(problems.getFirst().message()).contains(UNKNOWN);
    }

    @Test
    default void knowsWhatAMisspeltPropertyWasMeantToBe() {
        Workload.Function function = function();
        for (String known : function.binding().keySet()) {
            String misspelt = known.charAt(1) + known.substring(0, 1) + known.substring(2);
            if (misspelt.equals(known)) {
                continue;
            }
            Map<String, Object> binding = new HashMap<>(function.binding());
            binding.put(misspelt, binding.remove(known));

            assertThat(check(with(function, binding)))
                    .anySatisfy(problem -> {
                        assertThat(problem.pointer()).isEqualTo("/" + misspelt);
                        assertThat(problem.suggestion()).contains("'" + known + "'");
                    });
        }
    }

    @Test
    default void refusesToRunWhatIsWrong() {
        Attempt attempt = bench().attempts.of(with(function(), UNKNOWN, 1));

        assertThat(provisionFailure(attempt))
                .satisfies(failure -> {
                    assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
                    assertThat(failure.retryable()).isFalse();
                    assertThat(failure.message()).contains(UNKNOWN);
                });
    }

    private Failure provisionFailure(Attempt attempt) {
        try {
            bench().provision(bench().adapter(), attempt);
        } catch (RunnerException e) {
            assertThat(e)
                    .asInstanceOf(InstanceOfAssertFactories.type(ProvisionException.class))
                    .isNotNull();
            return e.failure();
        }
        throw new AssertionError("a workload with an unknown property was provisioned");
    }

    private List<WorkloadProblem> check(Workload workload) {
        return bench().adapter().check(TENANT, workload);
    }

    private Workload.Function function() {
        return bench().fixture
                .function()
                .orElseGet(() -> abort("the adapter runs no registered functions"));
    }

    private static Workload.Function with(Workload.Function function, String key, Object value) {
        Map<String, Object> binding = new HashMap<>(function.binding());
        binding.put(key, value);
        return with(function, binding);
    }

    private static Workload.Function with(Workload.Function function, Map<String, Object> binding) {
        return new Workload.Function(function.name(), function.version(), binding);
    }
}
