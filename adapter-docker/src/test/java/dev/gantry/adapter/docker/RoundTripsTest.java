package dev.gantry.adapter.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Printed;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.Workload.Result;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each question to the engine makes every step longer. */
class RoundTripsTest {
    private static final long NEVER = Duration.ofHours(1).toMillis();

    private final String installation = "trips-" + UUID.randomUUID();

    @Test
    void asksForNoImageThatIsThere() throws Exception {
        Engine.require();
        try (Proxy proxy = new Proxy("GET /images/", false, NEVER);
                RunnerAdapter adapter =
                        Engine.adapter(installation, Map.of("host", proxy.address()))) {
            Attempt attempt = Steps.of(installation, Steps.shell(Result.FUNCTION, "echo 1"));

            Handle handle = adapter.provision(attempt);
            Outcome outcome = adapter.run(handle, attempt, new Printed()).get(60, TimeUnit.SECONDS);
            adapter.teardown(handle);

            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
            assertThat(proxy.fired()).isZero();
        }
    }
}
