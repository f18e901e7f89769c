package dev.gantry.contract;

import static dev.gantry.spi.Capability.CANCEL;
import static dev.gantry.spi.Capability.PROVISIONS_RESOURCES;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Behaviour.Echo;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Everything on the backend says whose it is, so that the reaper finds what lost its owner. */
interface OwnershipPart extends Benched {

    @Test
    default void labelsEveryResource() throws RunnerException {
        bench().assumeClaimed(PROVISIONS_RESOURCES);
        Attempt attempt = bench().attempts.of(new Echo());
        Handle handle = bench().provision(bench().adapter(), attempt);

        OwnedResource resource = bench().owned().getFirst();

        assertThat(bench().owned()).hasSize(1);
        Map<String, String> expected = bench().fixture.expectedLabels(attempt.context());
        assertThat(resource.labels()).containsAllEntriesOf(expected);
        for (String id : new String[] {"installation", "execution", "step", "attempt"}) {
            String label = Bench.label(id);
            assertThat(resource.labels())
                    .containsEntry(label, attempt.context().labels().get(label));
        }
        assertThat(resource.handle().kind()).isEqualTo(handle.kind());
        assertThat(resource.handle().externalName()).isEqualTo(attempt.externalName());
        assertThat(Duration.between(resource.createdAt(), Instant.now()).abs())
                .as("age by the backend's clock")
                .isLessThan(Duration.ofMinutes(10));
    }

    @Test
    default void listsResourcesInEveryState() throws RunnerException {
        bench().assumeClaimed(PROVISIONS_RESOURCES);
        bench().assumeClaimed(CANCEL);
        Attempt provisioned = bench().attempts.of(new Echo());
        bench().provision(bench().adapter(), provisioned);
        Attempt running = bench().attempts.sleeping();
        bench().beginAndSee(running);
        Attempt ended = bench().attempts.of(new Echo());
        bench().outcomeOf(ended);

        assertThat(bench().owned())
                .extracting(it -> it.handle().externalName())
                .containsExactlyInAnyOrder(
                        provisioned.externalName(), running.externalName(), ended.externalName());
    }

    @Test
    default void reclaimsWhatLostItsOwner() throws RunnerException {
        bench().assumeClaimed(PROVISIONS_RESOURCES);
        bench().assumeClaimed(CANCEL);
        Attempt attempt = bench().attempts.sleeping();
        Bench.Run lost = bench().beginAndSee(attempt);
        bench().forget(lost.handle());
        RunnerAdapter reaper = bench().another();

        OwnedResource found = bench().owned().getFirst();
        Handle handle = Handle.fromBytes(found.handle().toBytes());
        bench().await(reaper.cancel(handle, Duration.ZERO));
        reaper.teardown(handle);

        assertThat(bench().fixture.alive(attempt)).as("alive after the reaper").isFalse();
        assertThat(bench().owned()).isEmpty();
    }

    @Test
    default void leavesResourcesOfOtherInstallationsAlone() throws RunnerException {
        bench().assumeClaimed(PROVISIONS_RESOURCES);
        bench().provision(bench().adapter(), bench().attempts.of(new Echo()));

        RunnerAdapter elsewhere = bench().elsewhere();

        assertThat(elsewhere.owned()).as("what another installation sees").isEmpty();
        assertThat(bench().owned()).hasSize(1);
    }

    @Test
    default void ownsNothingWithoutTheClaim() throws RunnerException {
        bench().assumeNotClaimed(PROVISIONS_RESOURCES);
        bench().provision(bench().adapter(), bench().attempts.of(new Echo()));
        bench().beginAndSee(bench().attempts.sleeping());

        assertThat(bench().adapter().owned()).as("owned by the instance").isEmpty();
        assertThat(bench().another().owned()).as("owned by another instance").isEmpty();
    }

    @Test
    default void putsNoSecretIntoHandlesAndLabels() throws RunnerException {
        String secret = "secret-3c59dc04";
        Attempt attempt =
                Attempts.withInput(
                        bench().attempts.of(new Echo()), "{\"card\":\"%s\"}".formatted(secret));
        if (attempt.workload() instanceof Workload.Process process) {
            attempt = Attempts.withWorkload(attempt, withSecret(process, secret));
        }

        Handle handle = bench().provision(bench().adapter(), attempt);

        assertThat(new String(handle.toBytes(), ISO_8859_1)).doesNotContain(secret);
        assertThat(bench().owned().toString()).doesNotContain(secret);
    }

    private static Workload withSecret(Workload.Process it, String secret) {
        return new Workload.Process(
                it.name(),
                it.image(),
                it.command(),
                it.arguments(),
                Map.of("TOKEN", secret),
                it.stdin(),
                it.pull(),
                it.result(),
                it.retention());
    }
}
