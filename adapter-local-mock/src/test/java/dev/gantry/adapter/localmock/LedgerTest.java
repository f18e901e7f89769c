package dev.gantry.adapter.localmock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.Probe;
import dev.gantry.spi.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger tells what happened, whatever became of the processes that wrote it. */
class LedgerTest {
    @TempDir Path folder;

    private final Attempt charge = Attempts.CHARGE.build();
    private Path ledger = Path.of("");

    @BeforeEach
    void chooseFile() {
        ledger = folder.resolve("ledger.jsonl");
    }

    @Test
    void tellsTheLifeOfAStep() throws RunnerException {
        try (LocalMock mock = mock("rules: []")) {
            Handle handle = mock.provision(charge);
            mock.run(handle, charge, new Sink()).join();
            mock.teardown(handle);
        }

        MockLedger read = MockLedger.read(ledger);
        assertThat(read.entries())
                .extracting(MockLedger.Entry::event)
                .containsExactly("provisioned", "started", "ended", "torn-down");
        assertThat(read.entries())
                .extracting(MockLedger.Entry::idempotencyKey)
                .containsOnly(charge.context().idempotencyKey());
        assertThat(read.startsByIdempotencyKey())
                .containsExactlyEntriesOf(Map.of(charge.context().idempotencyKey(), 1));
    }

    @Test
    void isRunningUntilItsTimeIsOverAndThenDone() throws Exception {
        Handle handle;
        try (LocalMock mock = mock("rules: [{latency: 1s, result: scripted}]")) {
            handle = mock.provision(charge);
            var _ = mock.run(handle, charge, new Sink());
        }
        TimeUnit.MILLISECONDS.sleep(100);

        try (LocalMock restarted = mock("rules: [{latency: 1s, result: scripted}]")) {
            assertThat(restarted.probe(handle, charge)).isInstanceOf(Probe.Running.class);
            TimeUnit.MILLISECONDS.sleep(1_000);
            assertThat(restarted.probe(handle, charge)).isInstanceOf(Probe.Done.class);
            Outcome outcome = restarted.reattach(handle, charge, new Sink()).join();
            assertThat(new String(((Succeeded) outcome).output(), UTF_8)).isEqualTo("\"scripted\"");
        }
        assertThat(MockLedger.read(ledger).starts(charge.externalName(), 1)).isEqualTo(1);
    }

    @Test
    void goesOnAfterALineThatWasNotFinished() throws Exception {
        try (LocalMock mock = mock("rules: []")) {
            mock.provision(charge);
        }
        Files.writeString(ledger, "{\"at\":\"2026-01-01T00:0", StandardOpenOption.APPEND);

        try (LocalMock restarted = mock("rules: []")) {
            assertThat(restarted.owned()).hasSize(1);
            Handle handle = restarted.provision(charge);
            restarted.run(handle, charge, new Sink()).join();
            assertThat(restarted.probe(handle, charge)).isInstanceOf(Probe.Done.class);
        }
        assertThat(MockLedger.read(ledger).entries())
                .extracting(MockLedger.Entry::event)
                .containsExactly("provisioned", "started", "ended");
    }

    @Test
    void goesOnAfterLinesThatMeanNothing() throws Exception {
        Files.writeString(ledger, "nonsense\n\n[]\n{\"event\":\"started\"}\n{\"at\":\"x\"}\n");

        try (LocalMock mock = mock("rules: []")) {
            assertThat(mock.owned()).isEmpty();
            assertThat(mock.provision(charge)).isNotNull();
            assertThat(mock.owned()).hasSize(1);
        }
    }

    @Test
    void isNotClosedByAnInterrupt() throws RunnerException {
        try (LocalMock mock = mock("rules: []")) {
            Thread.currentThread().interrupt();
            try {
                mock.provision(charge);
            } finally {
                assertThat(Thread.interrupted()).as("the interrupt is left to the caller").isTrue();
            }

            Handle handle = mock.provision(charge);
            assertThat(mock.run(handle, charge, new Sink()).join()).isInstanceOf(Succeeded.class);
        }
    }

    @Test
    void seesAtOnceWhatAnotherInstanceCancels() throws RunnerException {
        try (LocalMock one = mock("rules: [{latency: 1m}]");
                LocalMock other = mock("rules: [{latency: 1m}]")) {
            Handle handle = one.provision(charge);
            var outcome = one.run(handle, charge, new Sink());

            other.cancel(handle, Duration.ZERO).join();

            assertThat(outcome.orTimeout(1, TimeUnit.SECONDS).join())
                    .isInstanceOf(Outcome.Cancelled.class);
        }
    }

    @Test
    void takesAFolder() throws RunnerException, IOException {
        try (LocalMock mock = LocalMock.builder().installation("test").ledger(folder).build()) {
            mock.provision(charge);
        }

        assertThat(Files.readString(folder.resolve(LedgerFile.DEFAULT_NAME)))
                .contains("\"event\":\"provisioned\"")
                .endsWith("\n");
        assertThat(MockLedger.read(folder).entries()).hasSize(1);
    }

    private LocalMock mock(String yaml) {
        return LocalMock.builder()
                .installation("test")
                .script(MockScript.parse(yaml))
                .ledger(ledger)
                .build();
    }
}
