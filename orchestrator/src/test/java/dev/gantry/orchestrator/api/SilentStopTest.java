package dev.gantry.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.GantryServer;
import dev.gantry.orchestrator.database.Gate;
import dev.gantry.orchestrator.database.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole server is asked to stop while its database does not answer. */
class SilentStopTest {
    /** What Kubernetes waits before it kills. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    @Test
    void stopsBeforeItIsKilled(@TempDir Path data) {
        TestPostgres.Database database = TestPostgres.empty();
        Gate gate = new Gate(database);
        ConfigurableApplicationContext server =
                new SpringApplicationBuilder(GantryServer.class)
                        .run(
                                "--server.port=0",
                                "--gantry.data-dir=" + data,
                                "--gantry.adapters.docker.enabled=false",
                                "--gantry.database.url=" + gate.url(database),
                                "--gantry.database.user=" + database.user(),
                                "--gantry.database.password=" + database.password());
        gate.silence();
        long began = System.nanoTime();

        server.close();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(GRACE);
        gate.open();
    }
}
