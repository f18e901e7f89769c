package dev.gantry.adapter.k8sjob;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.contract.LoneStep;
import dev.gantry.contract.Printed;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Single steps of tests, and what they printed. */
final class Steps {
    private Steps() {}

    static Attempt of(String installation, Workload workload) {
        return of(installation, workload, Limits.defaults().withTimeout(Duration.ofMinutes(5)));
    }

    static Attempt of(String installation, Workload workload, Limits limits) {
        return of(installation, "acme", workload, limits);
    }

    static Attempt of(String installation, String tenant, Workload workload, Limits limits) {
        return LoneStep.of(
                installation, tenant, RuntimeClass.JOB, workload, "{}".getBytes(UTF_8), limits);
    }

    static Workload.Function function(Map<String, Object> binding) {
        return new Workload.Function("test/step", "1.0.0", binding);
    }

    /** One that was begun. */
    record Run(
            RunnerAdapter adapter,
            Attempt attempt,
            Handle handle,
            Printed printed,
            CompletableFuture<Outcome> outcome)
            implements AutoCloseable {
        static Run begin(RunnerAdapter adapter, Attempt attempt) throws Exception {
            Handle handle = adapter.provision(attempt);
            Printed printed = new Printed();
            return new Run(
                    adapter, attempt, handle, printed, adapter.run(handle, attempt, printed));
        }

        JobRef job() {
            return JobRef.of(handle);
        }

        Outcome await() throws Exception {
            try {
                return outcome.get(120, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                throw new AssertionError("no outcome of " + job(), e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }

        Outcome.Failed failed() throws Exception {
            if (await() instanceof Outcome.Failed failed) {
                return failed;
            }
            throw new AssertionError("it did not fail: " + await());
        }

        String output() throws Exception {
            if (await() instanceof Outcome.Succeeded succeeded) {
                return new String(succeeded.output(), StandardCharsets.UTF_8);
            }
            throw new AssertionError("it did not succeed: " + await());
        }

        @Override
        public void close() throws RunnerException {
            adapter.cancel(handle, Duration.ofSeconds(1)).join();
            adapter.teardown(handle);
        }
    }
}
