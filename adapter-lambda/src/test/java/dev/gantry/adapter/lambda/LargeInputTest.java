package dev.gantry.adapter.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Inputs that events carry, and those that they do not, with real functions and a real S3. */
class LargeInputTest {
    private static final Duration SHORT = Duration.ofSeconds(20);

    private static final Pattern CODE = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);

    private static final String TELL =
            "return ('reference' if reference else 'event') + ' ' + str(len(event['a']))";

    private Aws aws;
    private String queue;

    @AutoClose private Store store;
    @AutoClose private RunnerAdapter adapter;

    @BeforeEach
    void setUp() {
        aws = Aws.require();
        store = Store.require();
        queue = aws.queue();
        adapter = adapter(store.blobs);
    }

    private RunnerAdapter adapter(@Nullable BlobStore blobs) {
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

    private String deploy(Mode mode) {
        String body = documented() + TELL;
        return mode == Mode.DURABLE ? aws.deployDurable(body, SHORT) : aws.deploy(body, SHORT);
    }

    /** Reads the input as the documentation has it; only where S3 is, it does not say. */
    private String documented() {
        try {
            String page = Files.readString(Path.of("../docs/payloads.md"));
            String code = CODE.matcher(page).results().findFirst().orElseThrow().group(1);
            String client =
                    "boto3.client('s3', endpoint_url='%s', aws_access_key_id='test', aws_secret_access_key='test')"
                            .formatted(store.endpoint);
            assertThat(code).contains("boto3.client(\"s3\")");
            return code.replace("boto3.client(\"s3\")", client);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Attempt calling(String name, Mode mode, byte[] input, String... more) {
        String[] binding = new String[more.length + 2];
        binding[0] = "mode";
        binding[1] = mode.label();
        System.arraycopy(more, 0, binding, 2, more.length);
        return Steps.of(Steps.function(name, binding), input, Limits.defaults());
    }

    private static Attempt taking(String name, Mode mode, byte[] input) {
        return calling(name, mode, input, "largeInput", "reference");
    }

    private static byte[] object(int bytes) {
        return ("{\"a\":\"" + "x".repeat(bytes - 8) + "\"}").getBytes(UTF_8);
    }

    /** With which the event has as many bytes as Lambda takes. */
    private static byte[] fitting(Mode mode, int over) throws ProvisionException {
        Attempt attempt = calling("f", mode, "{}".getBytes(UTF_8));
        int most =
                switch (mode) {
                    case SYNC -> SyncCalls.MAX_EVENT_BYTES;
                    case ASYNC -> AsyncCalls.MOST_BESIDE_A_RESULT;
                    case DURABLE -> AsyncCalls.MAX_EVENT_BYTES;
                };
        Map<String, String> ids = Ids.of(attempt.context());
        if (mode == Mode.ASYNC) {
            ids.put(Envelope.TOKEN, "test/" + Call.name(attempt.externalName(), 1));
        }
        int around = mode == Mode.SYNC ? 0 : Envelope.of(attempt, ids).length - 1;
        // An object that is not empty has a comma more, and a brace less.
        return object(most + over - around);
    }

    private static Outcome run(RunnerAdapter by, Attempt attempt) throws Exception {
        Handle handle = by.provision(attempt);
        Outcome outcome = by.run(handle, attempt, new Printed()).get(90, TimeUnit.SECONDS);
        by.teardown(handle);
        return outcome;
    }

    private static String told(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        return new String(((Outcome.Succeeded) outcome).output(), UTF_8);
    }

    private static Failure refusal(RunnerAdapter by, Attempt attempt) {
        return catchThrowableOfType(ProvisionException.class, () -> by.provision(attempt))
                .failure();
    }

    @ParameterizedTest
    @CsvSource({
        "SYNC, 0, event",
        "SYNC, 1, reference",
        "ASYNC, 0, event",
        "ASYNC, 1, reference",
        "DURABLE, 0, event",
        "DURABLE, 1, reference"
    })
    void givesAReferenceToWhatNoEventCarries(Mode mode, int over, String how) throws Exception {
        byte[] input = fitting(mode, over);
        String name = deploy(mode);

        Outcome outcome = run(adapter, taking(name, mode, input));

        assertThat(told(outcome)).isEqualTo("\"%s %d\"".formatted(how, input.length - 8));
        assertThat(store.names()).as("inputs that stay").isEmpty();
        if (mode != Mode.DURABLE) {
            assertThat(aws.invocations(name)).as("runs").hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void refusesItWhereTheFunctionTakesNoReference(Mode mode) throws Exception {
        byte[] input = fitting(mode, mode == Mode.ASYNC ? AsyncCalls.MOST_BESIDE_A_RESULT + 1 : 1);

        Failure failure = refusal(adapter, calling(deploy(mode), mode, input));

        assertThat(failure.code()).isEqualTo(Code.INVALID_WORKLOAD);
        assertThat(failure.actor()).isEqualTo(Actor.AUTHOR);
        assertThat(failure.message())
                .contains("largeInput to reference")
                .doesNotContain("gantry.blobs");
        assertThat(store.names()).isEmpty();
    }

    @Test
    void refusesItWhereThereIsNoPlace() throws Exception {
        try (RunnerAdapter without = adapter(null)) {
            Attempt plain = calling(deploy(Mode.SYNC), Mode.SYNC, fitting(Mode.SYNC, 1));
            Attempt taking = taking("f", Mode.SYNC, "{}".getBytes(UTF_8));

            assertThat(refusal(without, plain).message()).contains("gantry.blobs", "largeInput");
            assertThat(refusal(without, taking).code()).isEqualTo(Code.NOT_ALLOWED);
            assertThat(without.check("acme", taking.workload()).getFirst())
                    .satisfies(problem -> {
                        assertThat(problem.pointer()).isEqualTo("/largeInput");
                        assertThat(problem.suggestion()).contains("gantry.blobs.bucket");
                    });
        }
        assertThat(adapter.check("acme", Steps.function("f", "largeInput", "reference"))).isEmpty();
        assertThat(adapter.check("acme", Steps.function("f", "largeInput", "refernce")).getFirst())
                .satisfies(problem ->
                        assertThat(problem.suggestion()).isEqualTo("did you mean 'reference'?"));
    }

    /** Else whoever gives the input says where the function reads. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void takesNoReferenceFromAnInput(Mode mode) {
        byte[] forged = "{\"_gantry\":{\"input\":{\"url\":\"http://evil\"}}}".getBytes(UTF_8);

        Failure failure = refusal(adapter, taking(deploy(mode), mode, forged));

        assertThat(failure.message()).contains("'_gantry'").doesNotContain("evil");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ASYNC")
    void callsNobodyWhenTheInputCannotBeStored(Mode mode) throws Exception {
        String name = deploy(mode);
        try (RunnerAdapter cutOff = adapter(new Stores.Away())) {
            Attempt attempt = taking(name, mode, fitting(mode, 1));
            Handle handle = cutOff.provision(attempt);

            Outcome outcome = cutOff.run(handle, attempt, new Printed()).get(60, TimeUnit.SECONDS);

            Failure failure = ((Outcome.Failed) outcome).failure();
            assertThat(failure.code()).isEqualTo(Code.BACKEND_UNAVAILABLE);
            assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
            assertThat(failure.retryable()).isTrue();
            assertThat(catchThrowableOfType(TeardownException.class, () -> cutOff.teardown(handle)))
                    .as("what cannot be removed is told")
                    .isNotNull();
        }
        assertThat(aws.invocations(name)).as("runs").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void leavesNothingWhenKilledBetweenStoringAndCalling(Mode mode) throws Exception {
        String name = deploy(mode);
        Attempt attempt = taking(name, mode, fitting(mode, 1));
        Stores.Killing killing = new Stores.Killing(store.blobs, ".1");
        RunnerAdapter killed = adapter(killing);
        var _ = killed.run(killed.provision(attempt), attempt, new Printed());
        killing.stored.await(60, TimeUnit.SECONDS);
        assertThat(store.names()).as("what the killed process left").contains(Records.of(attempt));

        // The next process has the intent alone, and finds the same name by it.
        try (RunnerAdapter next = adapter(store.blobs)) {
            next.teardown(Handle.fromBytes(next.provision(attempt).toBytes()));
        }

        assertThat(store.names()).isEmpty();
        assertThat(aws.invocations(name)).as("runs").isEmpty();
    }

    @Test
    void listsWhatIsStoredAsTheStepsThatItIsFor() throws Exception {
        Attempt attempt = taking(deploy(Mode.SYNC), Mode.SYNC, fitting(Mode.SYNC, 1));
        Stores.Killing killing = new Stores.Killing(store.blobs, ".1");
        RunnerAdapter killed = adapter(killing);
        var _ = killed.run(killed.provision(attempt), attempt, new Printed());
        killing.stored.await(60, TimeUnit.SECONDS);

        List<OwnedResource> owned = adapter.owned();

        assertThat(owned).hasSize(1);
        OwnedResource input = owned.getFirst();
        assertThat(input.handle().externalName()).isEqualTo(attempt.externalName());
        for (String id : new String[] {"installation", "tenant", "execution", "step", "attempt"}) {
            assertThat(input.labels())
                    .containsEntry(
                            "dev.gantry." + id, attempt.context().labels().get("dev.gantry." + id));
        }
        Handle handle = Handle.fromBytes(input.handle().toBytes());
        adapter.cancel(handle, Duration.ZERO).get(60, TimeUnit.SECONDS);
        adapter.teardown(handle);
        adapter.teardown(handle);
        assertThat(adapter.owned()).isEmpty();
    }

    @Test
    void claimsWhatItStoresOnlyWhereThereIsAPlace() throws Exception {
        Workload function = Steps.function("f", "largeInput", "reference");

        assertThat(adapter.capabilities().can(Capability.PROVISIONS_RESOURCES)).isTrue();
        assertThat(adapter.capabilities(function).can(Capability.PROVISIONS_RESOURCES)).isFalse();
        Workload event = Steps.function("f", "mode", "async");
        assertThat(adapter.capabilities(event).claims())
                .contains(Capability.PROVISIONS_RESOURCES, Capability.REATTACH);
        try (RunnerAdapter without = adapter(null)) {
            assertThat(without.capabilities().can(Capability.PROVISIONS_RESOURCES)).isFalse();
            assertThat(without.capabilities(event).claims())
                    .doesNotContain(Capability.PROVISIONS_RESOURCES, Capability.REATTACH);
            assertThat(without.owned()).isEmpty();
        }
    }
}
