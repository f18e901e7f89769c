package dev.gantry.adapter.localmock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that share a ledger are killed at any moment, and still nothing is run twice. */
class LedgerKillTest {
    private static final int ROUNDS = 4;
    private static final int TOGETHER = 2;
    // A few hundred steps: before that, a young process is busy with itself.
    private static final long WARM_BYTES = 200_000;

    @TempDir Path folder;

    private final long firstMillis = System.currentTimeMillis();
    private Path ledger = Path.of("");

    @BeforeEach
    void createLedger() throws IOException {
        ledger = Files.createFile(folder.resolve("ledger.jsonl"));
    }

    @Test
    void runsNothingTwiceAndForgetsNothing() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<Process> racers = new ArrayList<>();
            for (int i = 0; i < TOGETHER; i++) {
                racers.add(race());
            }
            awaitGrowth();
            TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
            for (Process racer : racers) {
                assertThat(racer.isAlive()).as("lives until it is killed").isTrue();
                racer.destroyForcibly().waitFor();
            }
        }

        int provisioned = runWhatIsLeft();

        Map<String, Integer> starts = MockLedger.read(ledger).startsByIdempotencyKey();
        assertThat(provisioned).as("steps, seed %d", seed).isGreaterThan(100);
        assertThat(starts).as("steps that ran, seed %d", seed).hasSize(provisioned);
        assertThat(starts.values()).as("runs of a step, seed %d", seed).containsOnly(1);
        assertThat(tornLines())
                .as("torn lines, seed %d", seed)
                .isLessThanOrEqualTo(ROUNDS * TOGETHER);
    }

    /** Runs every step that was provisioned, as after a restart; most have run before. */
    private int runWhatIsLeft() throws RunnerException {
        try (LocalMock mock = LocalMock.builder().installation("test").ledger(ledger).build()) {
            List<OwnedResource> owned = mock.owned();
            for (OwnedResource resource : owned) {
                String number = resource.labels().getOrDefault("dev.gantry.iteration", "");
                Attempt attempt = LedgerRacer.step(Long.parseLong(number));
                mock.run(mock.provision(attempt), attempt, new Sink()).join();
            }
            return owned.size();
        }
    }

    private void awaitGrowth() throws Exception {
        long enough = Files.size(ledger) + WARM_BYTES;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (Files.size(ledger) < enough) {
            assertThat(System.nanoTime()).as("racers write within a minute").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private long tornLines() throws IOException {
        try (Stream<String> lines = Files.lines(ledger)) {
            return lines.filter(line -> LedgerLine.read(line.getBytes(UTF_8)) == null).count();
        }
    }

    private Process race() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LedgerRacer.class.getName(),
                        ledger.toString(),
                        Long.toString(firstMillis))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("racer.log").toFile())
                .start();
    }
}
