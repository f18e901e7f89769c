package dev.gantry.adapter.localmock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Cancelled;
import dev.gantry.spi.Outcome.Failed;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.TeardownException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault of the failure model can be asked for, with and without a ledger. */
class FaultsTest {
    @TempDir Path folder;

    private final Attempt attempt = Attempts.CHARGE.build();
    private LocalMock mock = LocalMock.builder().build();

    @AfterEach
    void closeMock() {
        mock.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failsTheFirstProvisionsOfAStep(boolean ledger) throws RunnerException {
        script(ledger, "faults: {provision: {code: THROTTLED, times: 2}}");

        assertThat(provisionFailure(attempt).code()).isEqualTo(Code.THROTTLED);
        assertThat(provisionFailure(Attempts.CHARGE.attempt(2).build()).code())
                .as("the next attempt is the same step")
                .isEqualTo(Code.THROTTLED);
        assertThat(mock.provision(attempt)).isNotNull();
    }

    @Test
    void failsAProvisionThatMayHaveCommitted() {
        script(false, "faults: {provision: {code: LOST, progress: mayHaveCommitted}}");

        assertThat(provisionFailure(attempt).progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }

    @Test
    void losesTheReplyOfAProvisionThatWorked() throws RunnerException {
        script(true, "faults: {loseReply: true}");

        assertThat(provisionFailure(attempt).progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(mock.owned()).hasSize(1);
        assertThat(mock.provision(attempt)).isNotNull();
        assertThat(mock.owned()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void losesTheConnectionWhileTheWorkGoesOn(boolean ledger) throws RunnerException {
        script(ledger, "latency: 1s, faults: {disconnectAfter: 50ms}");
        Handle handle = mock.provision(attempt);

        Failure failure = failureOf(mock.run(handle, attempt, new Sink()));

        assertThat(failure.code()).isEqualTo(Code.LOST);
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        assertThat(mock.probe(handle, attempt)).isInstanceOf(Probe.Running.class);
        assertThat(mock.reattach(handle, attempt, new Sink()).join()).isInstanceOf(Succeeded.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void losesTheWorkWithoutATrace(boolean ledger) throws RunnerException {
        script(ledger, "latency: 1m, faults: {vanishAfter: 50ms}");
        Handle handle = mock.provision(attempt);

        Failure failure = failureOf(mock.run(handle, attempt, new Sink()));

        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        assertThat(mock.probe(handle, attempt)).isInstanceOf(Probe.Gone.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hangsUntilItIsCancelled(boolean ledger) throws RunnerException {
        script(ledger, "faults: {hang: true}");
        Handle handle = mock.provision(attempt);
        CompletableFuture<Outcome> outcome = mock.run(handle, attempt, new Sink());

        mock.cancel(handle, Duration.ofSeconds(5)).join();

        assertThat(outcome.join()).isInstanceOf(Cancelled.class);
    }

    @Test
    void endsAHangAfterTheTimeout() throws RunnerException {
        script(false, "faults: {hang: true}");
        Attempt hasty = Attempts.CHARGE.timeout(Duration.ofMillis(100)).build();
        Instant before = Instant.now();

        Outcome outcome = mock.run(mock.provision(hasty), hasty, new Sink()).join();

        assertThat(((Failed) outcome).failure().code()).isEqualTo(Code.TIMEOUT);
        assertThat(Duration.between(before, Instant.now()))
                .as("Gantry can be first")
                .isGreaterThan(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ignoresACancelForATime(boolean ledger) throws RunnerException {
        script(ledger, "faults: {hang: true, ignoreCancel: 200ms}");
        Handle handle = mock.provision(attempt);
        var _ = mock.run(handle, attempt, new Sink());
        Instant before = Instant.now();

        mock.cancel(handle, Duration.ofSeconds(30)).join();

        assertThat(Duration.between(before, Instant.now()))
                .isBetween(Duration.ofMillis(190), Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leavesACancelUnconfirmed(boolean ledger) throws RunnerException {
        script(ledger, "latency: 700ms, faults: {unconfirmedCancel: true}");
        Handle handle = mock.provision(attempt);
        CompletableFuture<Outcome> outcome = mock.run(handle, attempt, new Sink());

        Failure failure = failureOf(mock.cancel(handle, Duration.ZERO));

        assertThat(failure.code()).isEqualTo("LOCAL_MOCK_CANCEL_UNCONFIRMED");
        assertThat(outcome.join()).isInstanceOf(Succeeded.class);
    }

    @Test
    void startsNoAttemptBesideOneWhoseDeathNobodyConfirms() throws RunnerException {
        script(false, "faults: {hang: true, unconfirmedCancel: true}");
        var _ = mock.run(mock.provision(attempt), attempt, new Sink());

        Failure failure = provisionFailure(Attempts.CHARGE.attempt(2).build());

        assertThat(failure.code()).isEqualTo(Code.BACKEND_REFUSED);
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interruptsCollectHalfWay(boolean ledger) throws RunnerException {
        script(
                ledger,
                "artifacts: [{path: a, content: one}, {path: b, size: 250}], faults:"
                        + " {interruptCollect: 1}");
        Handle handle = mock.provision(attempt);
        mock.run(handle, attempt, new Sink()).join();
        Sink sink = new Sink();

        ArtifactException interruption =
                catchThrowableOfType(
                        ArtifactException.class, () -> mock.collect(handle, attempt, sink));
        assertThat(interruption.failure().retryable()).isTrue();
        assertThat(sink.files()).containsOnlyKeys("a");

        mock.collect(handle, attempt, sink);
        assertThat(sink.files()).containsEntry("a", "one").hasSize(2);
        assertThat(sink.files().get("b")).hasSize(250).startsWith("o000").contains("0001\no000");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failsTheFirstTeardowns(boolean ledger) throws RunnerException {
        script(ledger, "faults: {teardown: 2}");
        Handle handle = mock.provision(attempt);
        mock.run(handle, attempt, new Sink()).join();

        for (int i = 0; i < 2; i++) {
            TeardownException failure =
                    catchThrowableOfType(TeardownException.class, () -> mock.teardown(handle));
            assertThat(failure.failure().code()).isEqualTo("LOCAL_MOCK_TEARDOWN_FAILED");
        }
        mock.teardown(handle);

        assertThat(mock.owned()).isEmpty();
    }

    @Test
    void isDisconnectedForATime() throws Exception {
        mock = mockOf("health: {disconnected: maintenance, for: 500ms}", false);

        assertThat(mock.health().isConnected()).isFalse();
        assertThat(mock.health().detail()).isEqualTo("maintenance");
        assertThat(provisionFailure(attempt).code()).isEqualTo(Code.BACKEND_UNAVAILABLE);

        TimeUnit.MILLISECONDS.sleep(550);
        assertThat(mock.health().isConnected()).isTrue();
        assertThat(mock.provision(attempt)).isNotNull();
    }

    @Test
    void isDisconnectedByATest() {
        mock.disconnect("cable out");

        assertThat(mock.health().detail()).isEqualTo("cable out");
        mock.connect();
        assertThat(mock.health().isConnected()).isTrue();
    }

    @Test
    void refusesAWrongBlockOfAFunctionAtProvision() {
        Attempt wrong = Attempts.CHARGE.binding(Map.of("lateny", "1s")).build();

        Failure failure = provisionFailure(wrong);

        assertThat(failure.code()).isEqualTo(Code.INVALID_WORKLOAD);
        assertThat(failure.message()).contains("did you mean 'latency'?");
    }

    @Test
    void refusesAnAttemptThatComesAfterALaterOne() throws RunnerException {
        script(false, "latency: 1s");
        mock.provision(Attempts.CHARGE.attempt(2).build());

        assertThat(provisionFailure(attempt).code()).isEqualTo(Code.BACKEND_REFUSED);
    }

    private void script(boolean ledger, String rule) {
        mock = mockOf("rules: [{%s}]".formatted(rule), ledger);
    }

    private LocalMock mockOf(String yaml, boolean ledger) {
        LocalMock.Builder builder =
                LocalMock.builder().installation("test").script(MockScript.parse(yaml));
        return ledger ? builder.ledger(folder).build() : builder.build();
    }

    private Failure provisionFailure(Attempt failing) {
        ProvisionException failure =
                catchThrowableOfType(ProvisionException.class, () -> mock.provision(failing));
        assertThat(failure).as("failure of provision").isNotNull();
        return failure.failure();
    }

    private static Failure failureOf(CompletableFuture<?> future) {
        Throwable failure = future.handle((_, it) -> it).join();
        assertThat(failure).isInstanceOf(ExecutionException.class);
        return ((ExecutionException) failure).failure();
    }
}
