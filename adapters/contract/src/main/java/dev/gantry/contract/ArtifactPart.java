package dev.gantry.contract;

import static dev.gantry.spi.Capability.ARTIFACTS;
import static dev.gantry.spi.Capability.REATTACH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.contract.Behaviour.Echo;
import dev.gantry.contract.Behaviour.WriteFiles;
import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Output files arrive whole, once, and where they are wanted. */
interface ArtifactPart extends Benched {
    Map<String, Long> FILES =
            Map.of(
                    "report.json",
                    1_234L,
                    "parts/a/data.bin",
                    300_001L,
                    "parts/b.txt",
                    70L,
                    "empty",
                    0L);

    @Test
    default void deliversOutputFiles() throws RunnerException {
        bench().assumeClaimed(ARTIFACTS);
        Bench.Run run = endedWithFiles();
        RecordingCollector collector = collector();

        bench().adapter().collect(run.handle(), run.attempt(), collector);

        assertThat(collector.files()).isEqualTo(new TreeMap<>(FILES));
    }

    @Test
    default void deliversOutputFilesAfterARestart() throws RunnerException {
        bench().assumeClaimed(ARTIFACTS);
        bench().assumeClaimed(REATTACH);
        Bench.Run run = endedWithFiles();
        bench().adapter().close();
        RunnerAdapter restarted = bench().another();
        bench().remember(run.handle(), restarted);
        RecordingCollector collector = collector();

        restarted.collect(run.handle(), run.attempt(), collector);

        assertThat(collector.files()).isEqualTo(new TreeMap<>(FILES));
    }

    @Test
    default void sendsNoFileThatIsNotWanted() throws RunnerException {
        bench().assumeClaimed(ARTIFACTS);
        Bench.Run run = endedWithFiles();
        RecordingCollector collector = collector().refusing("parts/a/data.bin");

        bench().adapter().collect(run.handle(), run.attempt(), collector);

        assertThat(collector.files()).containsOnlyKeys("report.json", "parts/b.txt", "empty");
    }

    @Test
    default void collectsTheRestAfterAnInterruption() throws RunnerException {
        bench().assumeClaimed(ARTIFACTS);
        Bench.Run run = endedWithFiles();
        RecordingCollector collector = collector().interruptedAfter(2);

        ArtifactException interruption =
                catchThrowableOfType(
                        ArtifactException.class,
                        () -> bench().adapter().collect(run.handle(), run.attempt(), collector));
        assertThat(interruption).as("what collect says of the interruption").isNotNull();
        Failures.assertSound(interruption.failure(), bench().fixture);
        assertThat(collector.files()).hasSize(2);

        bench().adapter().collect(run.handle(), run.attempt(), collector);

        assertThat(collector.files()).isEqualTo(new TreeMap<>(FILES));
    }

    @Test
    default void deliversNoFileThatNobodyWrote() throws RunnerException {
        Attempt attempt = bench().attempts.of(new Echo());
        Bench.Run run = bench().begin(attempt);
        bench().await(run.outcome());
        RecordingCollector collector = collector();

        bench().adapter().collect(run.handle(), attempt, collector);

        assertThat(collector.files()).isEmpty();
    }

    @Test
    default void sendsNoFilesWithoutTheClaim() throws RunnerException {
        bench().assumeNotClaimed(ARTIFACTS);
        Bench.Run run = endedWithFiles();
        RecordingCollector collector = collector();

        bench().adapter().collect(run.handle(), run.attempt(), collector);

        assertThat(collector.files()).isEmpty();
    }

    private Bench.Run endedWithFiles() throws RunnerException {
        Bench.Run run = bench().begin(bench().attempts.of(new WriteFiles(FILES)));
        assertThat(bench().await(run.outcome())).isInstanceOf(Succeeded.class);
        return run;
    }

    private static RecordingCollector collector() {
        return new RecordingCollector(new LogStore());
    }
}
