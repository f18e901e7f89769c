package dev.gantry.adapter.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Printed;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Probe;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.Workload.Result;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a container had, and could have had. */
class UsageOnEngineTest {
    private final Bench bench =
            new Bench(Map.of("default-cpu-millis", "300", "default-memory-mib", "48"));

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void tellsTheLimitsThatTheContainerWasMadeWith() throws Exception {
        Attempt attempt = Steps.of(bench.installation, Steps.shell(Result.CODE, "true"));
        Handle handle = bench.adapter.provision(attempt);
        Outcome outcome =
                bench.adapter.run(handle, attempt, new Printed()).get(60, TimeUnit.SECONDS);

        assertLimits(outcome);
        try (RunnerAdapter changed =
                Engine.adapter(bench.installation, Map.of("default-cpu-millis", "700"))) {
            Probe probe = changed.probe(handle, attempt);
            assertThat(probe).isInstanceOf(Probe.Done.class);
            assertLimits(((Probe.Done) probe).outcome());
        }
        bench.release(handle);
    }

    private static void assertLimits(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        Outcome.Usage usage = ((Outcome.Succeeded) outcome).usage();
        assertThat(usage.cpuLimitMillis()).isEqualTo(300);
        assertThat(usage.memoryLimitBytes()).isEqualTo(48L << 20);
        assertThat(usage.wallMillis()).isNotNegative();
        assertThat(usage.units()).isEmpty();
    }

    @Test
    void measuresWhatFails() throws Exception {
        String script =
                "dd if=/dev/zero bs=20M count=1 2>/dev/null | { timeout 1 sh -c 'while :; do :; done'; sleep 3; cat > /dev/null; }; exit 3";

        Outcome.Failed failed =
                bench.run(Steps.of(bench.installation, Steps.shell(Result.FUNCTION, script)))
                        .failed();

        assertThat(failed.usage().cpuMillis()).isPositive();
        assertThat(failed.usage().peakMemoryBytes()).isBetween(15L << 20, 25L << 20);
    }
}
