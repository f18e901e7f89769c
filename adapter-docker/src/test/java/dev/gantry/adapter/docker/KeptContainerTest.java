package dev.gantry.adapter.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Printed;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container that stays for a while when its process has ended. */
class KeptContainerTest {
    private final String installation = "kept-" + UUID.randomUUID();
    private final Engine engine = Engine.require();
    private RunnerAdapter adapter;

    @BeforeEach
    void open() {
        adapter = Engine.adapter(installation, Map.of());
    }

    @AfterEach
    void close() {
        adapter.close();
    }

    @Test
    void staysUntilItsTimeIsOverAndIsOwnedThen() throws Exception {
        Attempt attempt = attempt(Duration.ofSeconds(3));
        Handle handle = adapter.provision(attempt);
        var _ = adapter.run(handle, attempt, new Printed()).get(30, TimeUnit.SECONDS);

        adapter.teardown(handle);

        assertThat(adapter.owned()).isEmpty();
        String container = Objects.requireNonNull(handle.state().get("container"));
        assertThat(engine.docker.inspectContainerCmd(container).exec().getConfig().getLabels())
                .containsEntry("dev.gantry.name", "report of today");

        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (adapter.owned().isEmpty() && System.nanoTime() < end) {
            Thread.sleep(200);
        }
        List<OwnedResource> owned = adapter.owned();
        assertThat(owned).extracting(one -> one.handle().externalName()).hasSize(1);
        adapter.teardown(owned.getFirst().handle());

        assertThat(
                        engine.docker
                                .listContainersCmd()
                                .withShowAll(true)
                                .withLabelFilter(
                                        Map.of(
                                                StepContext.LABEL_PREFIX + "installation",
                                                installation))
                                .exec())
                .isEmpty();
    }

    private Attempt attempt(Duration keepFor) {
        return Steps.of(
                installation,
                new Workload.Process(
                        "report of today",
                        Engine.IMAGE,
                        List.of("/bin/sh", "-c", "true"),
                        null,
                        List.of(),
                        Map.of(),
                        null,
                        Workload.PullPolicy.NEVER,
                        Workload.Result.PROCESS,
                        Workload.Retention.KEEP,
                        keepFor));
    }
}
