package dev.gantry.adapter.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several processes that share a queue, and a real S3 in which they keep what it tells. */
class AsyncRestartTest {
    private static final Duration SHORT = Duration.ofSeconds(10);

    private Aws aws;
    private String queue;

    @AutoClose private Store store;
    @AutoClose private RunnerAdapter first;
    @AutoClose private RunnerAdapter second;

    @BeforeEach
    void setUp() {
        aws = Aws.require();
        store = Store.require();
        queue = aws.queue();
        first = process(store.blobs);
        second = process(store.blobs);
    }

    private RunnerAdapter process(BlobStore blobs) {
        return Aws.adapterOf(
                "test",
                blobs,
                aws.endpoint,
                "completion-queue",
                queue,
                "set-event-rules",
                "true",
                "event-age-seconds",
                "21600");
    }

    private static Attempt calling(String name) {
        return Steps.of(Steps.function(name, "mode", "async"), Duration.ofMinutes(2));
    }

    private static String told(CompletableFuture<Outcome> outcome) throws Exception {
        return new String(((Outcome.Succeeded) outcome.get(60, TimeUnit.SECONDS)).output(), UTF_8);
    }

    private static Handle read(Handle handle) {
        return Handle.fromBytes(handle.toBytes());
    }

    /** Reads the queue, for something of its own that goes on. */
    private void keepReading(RunnerAdapter process) throws Exception {
        Attempt other = calling(aws.shared("time.sleep(9)", SHORT));
        var _ = process.run(process.provision(other), other, new Printed());
    }

    @Test
    void keepsWhatIsForAnotherProcess() throws Exception {
        Attempt attempt = calling(aws.deploy("time.sleep(1)\nprint('hi')\nreturn 7", SHORT));
        Handle handle = first.provision(attempt);
        var _ = first.run(handle, attempt, new Printed());
        Awaitility.await().until(() -> second.probe(handle, attempt) instanceof Probe.Running);
        first.close();

        keepReading(second);

        BlobName ended = Records.Part.ENDED.of(Records.of(attempt));
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> store.names().contains(ended));
        RunnerAdapter third = process(store.blobs);
        assertThat(told(third.reattach(read(handle), attempt, new Printed()))).isEqualTo("7");
        Printed printed = new Printed();
        third.collect(read(handle), attempt, printed);
        assertThat(printed.text()).isEqualTo("hi\n");
        third.teardown(read(handle));
        assertThat(store.names()).noneMatch(it -> it.path().contains(attempt.externalName()));
        third.close();
    }

    @Test
    void collectsTheLogOfAnEndThatAnotherProcessSaw() throws Exception {
        Attempt attempt = calling(aws.shared("print('hello')\nreturn 1", SHORT));
        Handle handle = first.provision(attempt);
        told(first.run(handle, attempt, new Printed()));
        Printed printed = new Printed();

        second.collect(read(handle), attempt, printed);

        assertThat(printed.text()).isEqualTo("hello\n");
    }

    /** The handle of an attempt whose process was killed when it was about to send the event. */
    private Handle killedBeforeSending(Attempt attempt) throws Exception {
        Stores.Killing killing = new Stores.Killing(store.blobs, ".begun");
        RunnerAdapter killed = process(killing);
        Handle handle = killed.provision(attempt);
        var _ = killed.run(handle, attempt, new Printed());
        killing.stored.await(60, TimeUnit.SECONDS);
        killed.close();
        return handle;
    }

    @Test
    void sendsNothingThatAnotherProcessMayHaveSent() throws Exception {
        String name = aws.deploy("return 1", SHORT);
        Attempt attempt = calling(name);
        Handle handle = killedBeforeSending(attempt);
        assertThat(second.probe(handle, attempt)).isInstanceOf(Probe.Running.class);

        var observed = second.run(handle, attempt, new Printed());

        Completion tooOld =
                new Completion(
                        "test/x#1",
                        null,
                        "r",
                        Completion.Kind.NEVER_BEGUN,
                        new byte[0],
                        "EventAgeExceeded");
        new Records(store.blobs).end(Records.of(attempt), tooOld);
        Outcome outcome = observed.get(60, TimeUnit.SECONDS);
        assertThat(((Outcome.Failed) outcome).failure().code()).isEqualTo(Code.THROTTLED);
        assertThat(aws.invocations(name)).as("runs").isEmpty();
    }

    @Test
    void seesThatAnotherProcessHasNotSentItAfterAll() throws Exception {
        Attempt attempt = calling(aws.shared("return 1", SHORT));
        Handle handle = killedBeforeSending(attempt);
        var observed = second.reattach(handle, attempt, new Printed());

        new Records(store.blobs).takeBack(Records.of(attempt));

        Throwable lost = observed.handle((_, failure) -> failure).get(60, TimeUnit.SECONDS);
        assertThat(lost).isInstanceOf(ExecutionException.class);
        assertThat(((ExecutionException) lost).failure().progress())
                .isEqualTo(Progress.MAY_HAVE_COMMITTED);
        assertThat(second.probe(handle, attempt)).isInstanceOf(Probe.NeverStarted.class);
        assertThat(told(second.run(handle, attempt, new Printed()))).isEqualTo("1");
    }

    @Test
    void givesUpWhatItsProcessNeverSent() throws Exception {
        Attempt attempt = calling(aws.shared("return 1", SHORT));
        first.provision(attempt);
        new Records(store.blobs)
                .begin(Records.of(attempt), Instant.now().minus(Duration.ofHours(1)));
        LambdaSettings settings =
                LambdaSettings.of(
                        Map.of(
                                "region",
                                Aws.REGION,
                                "endpoint",
                                aws.endpoint,
                                "allowed-functions",
                                "*",
                                "completion-queue",
                                queue));
        AttemptBlobs blobs = new AttemptBlobs("test", store.blobs);
        Duration brief = Duration.ofMillis(100);
        RunnerAdapter impatient =
                new LambdaAdapter(
                        "test",
                        settings,
                        blobs,
                        () ->
                                new Backend(
                                        "test",
                                        settings,
                                        new Clients(
                                                settings, List.of(Duration.ofMinutes(1)), brief),
                                        blobs));

        Handle handle = impatient.provision(attempt);
        Outcome outcome =
                impatient.reattach(handle, attempt, new Printed()).get(60, TimeUnit.SECONDS);

        Failure failure = ((Outcome.Failed) outcome).failure();
        assertThat(failure.code()).isEqualTo(Code.TIMEOUT);
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        impatient.close();
    }

    @Test
    void takesBackWhatLambdaDidNotTake() throws Exception {
        String name = aws.deploy("return 2", SHORT);
        Attempt attempt = calling(name);
        Handle handle = first.provision(attempt);
        aws.lambda.deleteAlias(it -> it.functionName(name).name("live"));

        Outcome outcome = first.run(handle, attempt, new Printed()).get(60, TimeUnit.SECONDS);

        assertThat(((Outcome.Failed) outcome).failure().progress())
                .isEqualTo(Progress.NEVER_STARTED);
        assertThat(first.probe(handle, attempt)).isInstanceOf(Probe.NeverStarted.class);
    }

    @Test
    void leavesInTheQueueWhatCannotBeKept() throws Exception {
        Attempt attempt = calling(aws.shared("return 3", SHORT));
        Stores.Full full = new Stores.Full(store.blobs);
        RunnerAdapter process = process(full);
        Handle handle = process.provision(attempt);

        assertThat(told(process.run(handle, attempt, new Printed()))).isEqualTo("3");

        // Its process is killed before anybody has written that down.
        process.close();
        assertThat(aws.messages(queue)).isEqualTo(1);
        assertThat(told(second.reattach(handle, attempt, new Printed()))).isEqualTo("3");
        assertThat(second.probe(handle, attempt)).isInstanceOf(Probe.Done.class);
    }

    @Test
    void refusesANextAttemptWhileTheOneBeforeMayRun() throws Exception {
        Attempt attempt = calling(aws.shared("time.sleep(9)", SHORT));
        var _ = first.run(first.provision(attempt), attempt, new Printed());
        Awaitility.await()
                .until(() ->
                        second.probe(first.provision(attempt), attempt) instanceof Probe.Running);

        assertThat(refusal(second, Steps.next(attempt)).code()).isEqualTo(Failures.EARLIER_ATTEMPT);
    }

    @Test
    void refusesAnAttemptThatIsOutOfDate() throws Exception {
        Attempt attempt = calling(aws.shared("return 1", SHORT));
        first.provision(Steps.next(attempt));

        Failure failure = refusal(second, attempt);

        assertThat(failure.code()).isEqualTo(Code.BACKEND_REFUSED);
        assertThat(failure.retryable()).isFalse();
    }

    private static Failure refusal(RunnerAdapter by, Attempt attempt) {
        return catchThrowableOfType(ProvisionException.class, () -> by.provision(attempt))
                .failure();
    }

    @Test
    void holdsNothingWhereNothingCanBeStored() {
        Attempt attempt = calling(aws.shared("return 1", SHORT));
        try (RunnerAdapter cutOff = process(new Stores.Away())) {
            Failure failure = refusal(cutOff, attempt);

            assertThat(failure.code()).isEqualTo(Code.BACKEND_UNAVAILABLE);
            assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
            assertThat(failure.retryable()).isTrue();
        }
    }

    /** As when it is removed while another thread is about to send its event. */
    @Test
    void beginsNothingOfAnAttemptThatWasRemoved() throws Exception {
        Records records = new Records(store.blobs);
        BlobName record = Records.of(calling("echo"));

        assertThat(records.begin(record, Instant.EPOCH)).isFalse();
        assertThat(records.begun(record)).isNull();

        records.hold(record);
        assertThat(records.begin(record, Instant.EPOCH)).isTrue();
        assertThat(records.begin(record, Instant.EPOCH)).isFalse();
        assertThat(records.begun(record)).isEqualTo(Instant.EPOCH);
    }
}
