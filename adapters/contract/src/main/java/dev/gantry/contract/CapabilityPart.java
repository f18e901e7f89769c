package dev.gantry.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.gantry.contract.Behaviour.Echo;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Health;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.RuntimeClass;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the adapter says about itself. */
interface CapabilityPart extends Benched {

    @Test
    default void declaresWhatItsAuthorsExpect() {
        Capabilities declared =
                bench().adapter().capabilities(bench().attempts.of(new Echo()).workload());

        assertThat(declared.claims()).isEqualTo(bench().fixture.claims());
        assertThat(declared.runtimeClasses()).isEqualTo(bench().fixture.runtimeClasses());
    }

    @Test
    default void declaresForAWorkloadNothingThatItDoesNotDeclareAtAll() {
        Capabilities all = bench().adapter().capabilities();
        Capabilities declared =
                bench().adapter().capabilities(bench().attempts.of(new Echo()).workload());

        assertThat(all.claims()).containsAll(declared.claims());
        assertThat(all.runtimeClasses()).containsAll(declared.runtimeClasses());
        assertThat(all.maxInFlight()).isGreaterThanOrEqualTo(declared.maxInFlight());
    }

    @Test
    default void declaresTheSameInEveryInstance() {
        Capabilities declared = bench().adapter().capabilities();

        assertThat(bench().adapter().capabilities()).isEqualTo(declared);
        assertThat(bench().another().capabilities()).isEqualTo(declared);
    }

    @Test
    default void isHealthyWhenItsBackendIs() {
        long before = System.nanoTime();

        Health health = bench().adapter().health();

        assertThat(health.isConnected()).as(health.detail()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    default void servesEveryRuntimeClassThatItDeclares() throws RunnerException {
        for (RuntimeClass declared : bench().fixture.runtimeClasses()) {
            Attempt attempt = Attempts.withClass(bench().attempts.of(new Echo()), declared);

            assertThat(bench().outcomeOf(attempt))
                    .as(declared.label())
                    .isInstanceOf(Succeeded.class);
        }
    }

    @Test
    default void refusesARuntimeClassThatItDoesNotDeclare() {
        Set<RuntimeClass> others = EnumSet.copyOf(RuntimeClass.PLACED);
        others.removeAll(bench().fixture.runtimeClasses());
        if (others.isEmpty()) {
            abort("the adapter declares every runtime class");
        }
        for (RuntimeClass other : others) {
            Attempt attempt = Attempts.withClass(bench().attempts.of(new Echo()), other);

            ProvisionException refusal =
                    catchThrowableOfType(
                            ProvisionException.class,
                            () -> bench().provision(bench().adapter(), attempt));

            assertThat(refusal).as("refusal of %s", other.label()).isNotNull();
            Failures.assertSound(refusal.failure(), bench().fixture);
            assertThat(refusal.failure().progress()).isEqualTo(Progress.NEVER_STARTED);
            assertThat(refusal.failure().retryable()).isFalse();
        }
    }
}
