package dev.gantry.adapter.docker;

import dev.gantry.contract.Printed;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.Workload;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Runs single steps on the engine of this machine, and remembers what they printed. */
final class Bench implements AutoCloseable {
    final String installation = "test-" + UUID.randomUUID();
    final Engine engine = Engine.require();
    final RunnerAdapter adapter;

    Bench(Map<String, String> settings) {
        adapter = Engine.adapter(installation, settings);
    }

    /** What a step left behind. */
    record Left(Outcome outcome, Printed printed) {
        String output() {
            if (outcome instanceof Outcome.Succeeded succeeded) {
                return new String(succeeded.output(), StandardCharsets.UTF_8);
            }
            throw new AssertionError("it did not succeed: " + outcome);
        }

        Outcome.Failed failed() {
            if (outcome instanceof Outcome.Failed failed) {
                return failed;
            }
            throw new AssertionError("it did not fail: " + outcome);
        }
    }

    Left run(Workload workload) throws Exception {
        return run(Steps.of(installation, workload));
    }

    Left run(Attempt attempt) throws Exception {
        Printed printed = new Printed();
        Handle handle = adapter.provision(attempt);
        try {
            Outcome outcome = adapter.run(handle, attempt, printed).get(60, TimeUnit.SECONDS);
            adapter.collect(handle, attempt, printed);
            return new Left(outcome, printed);
        } finally {
            release(handle);
        }
    }

    void release(Handle handle) throws RunnerException {
        adapter.cancel(handle, java.time.Duration.ofSeconds(1)).join();
        adapter.teardown(handle);
    }

    @Override
    public void close() {
        adapter.close();
    }
}
