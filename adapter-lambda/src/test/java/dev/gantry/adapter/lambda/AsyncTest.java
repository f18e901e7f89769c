package dev.gantry.adapter.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of events, told in a real queue. */
class AsyncTest {
    private static final Duration SHORT = Duration.ofSeconds(2);

    private Aws aws;
    private String queue;

    @AutoClose private RunnerAdapter adapter;

    @BeforeEach
    void setUp() {
        aws = Aws.require();
        queue = aws.queue();
        adapter = adapter(aws.endpoint, "21600");
    }

    private RunnerAdapter adapter(String endpoint, String age) {
        return Aws.adapter(
                endpoint,
                "completion-queue",
                queue,
                "set-event-rules",
                "true",
                "event-age-seconds",
                age);
    }

    private static Attempt calling(String name, Duration timeout) {
        return Steps.of(Steps.function(name, "mode", "async"), timeout);
    }

    private static Attempt calling(String name) {
        return calling(name, Duration.ofMinutes(2));
    }

    private static CompletableFuture<Outcome> begin(RunnerAdapter by, Attempt attempt)
            throws Exception {
        return by.run(by.provision(attempt), attempt, new Printed());
    }

    private static Outcome run(RunnerAdapter by, Attempt attempt) throws Exception {
        return begin(by, attempt).get(60, TimeUnit.SECONDS);
    }

    private static String output(Outcome outcome) {
        return new String(((Outcome.Succeeded) outcome).output(), UTF_8);
    }

    private static Failure failure(Outcome outcome) {
        return ((Outcome.Failed) outcome).failure();
    }

    private void awaitEmptyQueue() throws Exception {
        // The queue is read while somebody waits for something.
        CompletableFuture<Outcome> other =
                begin(adapter, calling(aws.shared("time.sleep(6)", Duration.ofSeconds(10))));
        Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> aws.messages(queue) == 0);
        other.get(60, TimeUnit.SECONDS);
    }

    @Test
    void takesOneOutcomeOfAnEventThatIsDeliveredTwice() throws Exception {
        String name = aws.deploy("return event['_gantry']['GANTRY_STEP']", SHORT);
        aws.suffer(name, "\"event_copies\":2");

        assertThat(output(run(adapter, calling(name)))).isEqualTo("\"1\"");

        Awaitility.await().until(() -> aws.invocations(name).size() == 2);
        awaitEmptyQueue();
    }

    @Test
    void takesOneOutcomeOfTwoRecords() throws Exception {
        String name = aws.deploy("return 1", SHORT);
        aws.suffer(name, "\"destination_copies\":2");

        assertThat(output(run(adapter, calling(name)))).isEqualTo("1");
        awaitEmptyQueue();
    }

    @Test
    void doesNotKnowWhatCameOfAnEventOfWhichNothingIsTold() throws Exception {
        String name = aws.deploy("return 1", SHORT);
        aws.suffer(name, "\"destination_copies\":0");

        Failure failure = failure(run(adapter, calling(name, Duration.ofSeconds(3))));

        assertThat(failure.code()).isEqualTo(Code.TIMEOUT);
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        assertThat(failure.message()).contains("its result is not known");
    }

    @Test
    void losesAResultThatNoMessageCarries() throws Exception {
        String name = aws.deploy("return 'x' * 1100000", SHORT);

        Failure failure = failure(run(adapter, calling(name, Duration.ofSeconds(4))));

        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        assertThat(aws.invocations(name)).as("runs").hasSize(1);
    }

    @Test
    void throwsRecordsAwayThatComeTooLate() throws Exception {
        String name = aws.deploy("time.sleep(2)", Duration.ofSeconds(5));

        Failure failure = failure(run(adapter, calling(name, Duration.ofSeconds(1))));

        assertThat(failure.code()).isEqualTo(Code.TIMEOUT);
        Awaitility.await().until(() -> aws.invocations(name).getFirst().hasNonNull("ended"));
        awaitEmptyQueue();
    }

    @Test
    void learnsTheEndAlsoWhereTheReplyToTheEventWasLost() throws Exception {
        String name = aws.deploy("return 5", SHORT);
        try (Proxy proxy = new Proxy(aws.endpoint, Proxy.Kind.SILENT, Duration.ZERO)) {
            RunnerAdapter cutOff = adapter(proxy.endpoint(), "21600");

            assertThat(output(run(cutOff, calling(name)))).isEqualTo("5");
            assertThat(aws.invocations(name)).as("runs").hasSize(1);
            cutOff.close();
        }
    }

    @Test
    void leavesMessagesAloneThatAreNotItsOwn() throws Exception {
        aws.send(queue, "no json {");
        aws.send(queue, "{\"hello\": \"world\"}");
        aws.send(
                queue,
                """
                {"requestContext": {"requestId": "1", "condition": "Success"}, "responsePayload": 1,
                 "requestPayload": {"_gantry": {"token": "another-installation/x#1"}}}
                """);

        assertThat(output(run(adapter, calling(aws.shared("return 2", SHORT))))).isEqualTo("2");

        // Its own is deleted a moment after it is told.
        Awaitility.await().until(() -> aws.messages(queue) == 3);
    }

    @Test
    void givesEachNodeWhatIsItsOwn() throws Exception {
        RunnerAdapter other = adapter(aws.endpoint, "21600");
        String name =
                aws.shared(
                        "time.sleep(1)\nreturn event['_gantry']['GANTRY_EXECUTION_ID']",
                        SHORT.multipliedBy(2));
        Attempt here = calling(name);
        Attempt there = calling(name);

        var first = begin(adapter, here);
        var second = begin(other, there);

        assertThat(output(first.get(60, TimeUnit.SECONDS))).contains(here.context().executionId());
        assertThat(output(second.get(60, TimeUnit.SECONDS)))
                .contains(there.context().executionId());
        other.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "raise KeyError('no') | FUNCTION_ERROR | ENDED",
                "os._exit(3) | LAMBDA_PROCESS_EXITED | MAY_HAVE_COMMITTED",
                "time.sleep(60) | TIMEOUT | MAY_HAVE_COMMITTED"
            })
    void tellsErrorsApartAndRepeatsNone(String body, String code, Progress progress)
            throws Exception {
        String name = aws.deploy(body, Duration.ofSeconds(1));

        Failure failure = failure(run(adapter, calling(name)));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.progress()).isEqualTo(progress);
        assertThat(aws.invocations(name)).as("runs").hasSize(1);
    }

    @Test
    void saysThatAnEventGrewTooOld() throws Exception {
        String name = aws.deploy("return 1", SHORT);
        RunnerAdapter brief = adapter(aws.endpoint, "60");
        aws.suffer(name, "\"throttle\":1000");

        Failure failure = failure(run(brief, calling(name)));

        assertThat(failure.code()).isEqualTo(Code.THROTTLED);
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(aws.invocations(name)).isEmpty();
        brief.close();
    }

    @Test
    void refusesAFunctionThatLambdaWouldRunAgain() {
        String name = aws.deploy("return 1", SHORT);
        RunnerAdapter strict = Aws.adapter(aws.endpoint, "completion-queue", queue);

        Failure failure = refusal(strict, calling(name));

        assertThat(failure.code()).isEqualTo(EventRules.NO_RULES);
        assertThat(failure.message())
                .contains("MaximumRetryAttempts is 2 by default and must be 0")
                .contains("MaximumEventAgeInSeconds")
                .contains(queue);
        assertThat(aws.invocations(name)).isEmpty();
        strict.close();
    }

    @Test
    void refusesToSendEventsWithoutAQueue() {
        RunnerAdapter without = Aws.adapter(aws.endpoint);

        Failure failure = refusal(without, calling(aws.shared("return 1", SHORT)));

        assertThat(failure.actor()).isEqualTo(Actor.PLATFORM);
        assertThat(failure.message()).contains("gantry.adapters.lambda.completion-queue");
        without.close();
    }

    private static Failure refusal(RunnerAdapter by, Attempt attempt) {
        return catchThrowableOfType(ProvisionException.class, () -> by.provision(attempt))
                .failure();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void refusesAnEventOverTheLimit(int over) throws Exception {
        String name = aws.deploy("return 1", SHORT);
        Attempt attempt = calling(name);
        int ids = eventBytes(attempt) - 2;
        String input =
                "{\"a\":\"" + "x".repeat(AsyncCalls.MAX_EVENT_BYTES + over - ids - 9) + "\"}";
        Attempt large =
                new Attempt(
                        attempt.context(),
                        attempt.externalName(),
                        attempt.runtimeClass(),
                        attempt.workload(),
                        input.getBytes(UTF_8),
                        Limits.defaults());

        if (over == 0) {
            Handle handle = adapter.provision(large);
            assertThat(handle.externalName()).isEqualTo(attempt.externalName());
        } else {
            assertThat(refusal(adapter, large).message()).contains("1048577", "1048576");
        }
    }

    private static int eventBytes(Attempt attempt) throws ProvisionException {
        var ids = Ids.of(attempt.context());
        ids.put(Envelope.TOKEN, "test/" + Call.name(attempt.externalName(), 1));
        return Envelope.of(attempt, ids).length;
    }

    @Test
    void refusesAnInputThatTakesItsOwnKey() {
        Attempt attempt = calling(aws.shared("return 1", SHORT));
        Attempt forged =
                new Attempt(
                        attempt.context(),
                        attempt.externalName(),
                        attempt.runtimeClass(),
                        attempt.workload(),
                        "{\"_gantry\":{\"token\":\"other\"}}".getBytes(UTF_8),
                        attempt.limits());

        assertThat(refusal(adapter, forged).message()).contains("_gantry");
    }

    @Test
    void reportsWhatLambdaCounts() throws Exception {
        String name = aws.deploy("time.sleep(0.2)", SHORT, it -> it.memorySize(256));

        Outcome.Usage usage = ((Outcome.Succeeded) run(adapter, calling(name))).usage();

        assertThat(Objects.requireNonNull(usage.wallMillis())).isGreaterThanOrEqualTo(150);
        assertThat(usage.memoryLimitBytes()).isEqualTo(256L << 20);
        assertThat(usage.units()).containsKeys("billedMillis", "initMillis");
    }

    @Test
    void tellsNoFiguresWhereCloudWatchIsNotRead() throws Exception {
        String name = aws.shared("return 1", SHORT);
        try (RunnerAdapter blind =
                Aws.adapter(
                        aws.endpoint,
                        "completion-queue",
                        queue,
                        "set-event-rules",
                        "true",
                        "event-age-seconds",
                        "21600",
                        "cloudwatch-logs",
                        "false")) {
            assertThat(((Outcome.Succeeded) run(blind, calling(name))).usage())
                    .as("not told, so not 0")
                    .isEqualTo(Outcome.Usage.UNKNOWN);
        }
    }

    @Test
    void collectsTheLog() throws Exception {
        Attempt attempt = calling(aws.shared("print('hello')\nreturn 1", SHORT));
        Handle handle = adapter.provision(attempt);
        adapter.run(handle, attempt, new Printed()).get(60, TimeUnit.SECONDS);
        Printed printed = new Printed();

        adapter.collect(handle, attempt, printed);

        assertThat(printed.text()).isEqualTo("hello\n");
    }
}
