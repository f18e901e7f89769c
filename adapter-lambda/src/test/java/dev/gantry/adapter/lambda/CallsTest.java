package dev.gantry.adapter.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of a call that waits for its answer, on real functions. */
class CallsTest {
    private static final Duration SHORT = Duration.ofSeconds(2);

    private Aws aws;

    @AutoClose private RunnerAdapter adapter;

    @BeforeEach
    void setUp() {
        aws = Aws.require();
        adapter = Aws.adapter(aws.endpoint);
    }

    private record Left(Outcome outcome, String log) {
        Failure failure() {
            return ((Outcome.Failed) outcome).failure();
        }

        String output() {
            return new String(((Outcome.Succeeded) outcome).output(), UTF_8);
        }
    }

    private Left run(RunnerAdapter by, Attempt attempt) throws Exception {
        Printed printed = new Printed();
        Handle handle = by.provision(attempt);
        Outcome outcome = outcome(by, handle, attempt);
        by.collect(handle, attempt, printed);
        by.teardown(handle);
        return new Left(outcome, printed.text());
    }

    private static Outcome outcome(RunnerAdapter by, Handle handle, Attempt attempt)
            throws Exception {
        return by.run(handle, attempt, new Printed()).get(60, TimeUnit.SECONDS);
    }

    private static Failure lost(RunnerAdapter by, Attempt attempt) throws Exception {
        var run = by.run(by.provision(attempt), attempt, new Printed());
        var thrown =
                catchThrowableOfType(
                        java.util.concurrent.ExecutionException.class,
                        () -> run.get(60, TimeUnit.SECONDS));
        return ((ExecutionException) Objects.requireNonNull(thrown.getCause())).failure();
    }

    private Attempt calling(String body) {
        return Steps.of(Steps.function(aws.shared(body, SHORT)));
    }

    @Test
    void neverRepeatsACallWhoseReplyWasLost() throws Exception {
        String name = aws.deploy("return 1", SHORT);
        aws.suffer(name, "\"cut_reply\":1");

        Failure failure = lost(adapter, Steps.of(Steps.function(name)));

        assertThat(failure.code()).isEqualTo(Code.LOST);
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        assertThat(aws.invocations(name)).as("runs").hasSize(1);
    }

    /** With other classes of timeouts than those that take minutes to try. */
    private static RunnerAdapter classed(String endpoint, Duration margin, Duration... classes) {
        LambdaSettings settings =
                LambdaSettings.of(
                        Map.of(
                                "region",
                                Aws.REGION,
                                "endpoint",
                                endpoint,
                                "allowed-functions",
                                "*"));
        AttemptBlobs inputs = new AttemptBlobs("test", null);
        return new LambdaAdapter(
                "test",
                settings,
                inputs,
                () ->
                        new Backend(
                                "test",
                                settings,
                                new Clients(settings, List.of(classes), margin),
                                inputs));
    }

    private static Attempt calling(String name, Duration timeout) {
        return Steps.of(Steps.function(name), timeout);
    }

    @Test
    void waitsForASlowFunctionAlsoAfterAQuickOne() throws Exception {
        String quick = aws.shared("return 'quick'", Duration.ofSeconds(1));
        String slow = aws.shared("time.sleep(4)\nreturn 'slow'", Duration.ofSeconds(8));
        RunnerAdapter classed =
                classed(
                        aws.endpoint,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10));

        assertThat(run(classed, Steps.of(Steps.function(quick))).output()).isEqualTo("\"quick\"");
        assertThat(run(classed, Steps.of(Steps.function(slow))).output()).isEqualTo("\"slow\"");
    }

    @Test
    void endsAtTheDeadlineWhenTheConnectionFallsSilent() throws Exception {
        String name = aws.deploy("return 1", SHORT);
        try (Proxy proxy = new Proxy(aws.endpoint, Proxy.Kind.SILENT, Duration.ZERO)) {
            RunnerAdapter cutOff = Aws.adapter(proxy.endpoint());
            Attempt attempt = calling(name, Duration.ofSeconds(3));
            long before = System.nanoTime();

            Failure failure = run(cutOff, attempt).failure();

            assertThat(failure.code()).isEqualTo(Code.TIMEOUT);
            assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(30));
            assertThat(aws.invocations(name)).as("runs").hasSize(1);
            assertThat(threadsThatRead()).as("threads that still wait").isZero();
            cutOff.close();
        }
    }

    private static long threadsThatRead() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("lambda-[0-9]+"))
                .count();
    }

    @Test
    void givesUpWhenAFunctionCannotRunAnyMore() throws Exception {
        String name = aws.deploy("return 1", Duration.ofSeconds(1));
        try (Proxy proxy = new Proxy(aws.endpoint, Proxy.Kind.SILENT, Duration.ZERO)) {
            RunnerAdapter cutOff =
                    classed(proxy.endpoint(), Duration.ofSeconds(2), Duration.ofMinutes(1));

            Failure failure = lost(cutOff, calling(name, Duration.ofHours(1)));

            assertThat(failure.code()).isEqualTo(Code.LOST);
            assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
            assertThat(aws.invocations(name)).as("runs").hasSize(1);
        }
    }

    @Test
    void letsNoAttemptBeginWhileTheEarlierOneMayRun() throws Exception {
        String name = aws.deploy("time.sleep(3)", Duration.ofSeconds(5));
        Attempt first = calling(name, Duration.ofSeconds(1));
        assertThat(run(adapter, first).failure().code()).isEqualTo(Code.TIMEOUT);

        Failure refusal =
                catchThrowableOfType(
                                ProvisionException.class,
                                () -> adapter.provision(Steps.next(first)))
                        .failure();

        assertThat(refusal.code()).isEqualTo(Failures.EARLIER_ATTEMPT);
        assertThat(refusal.actor()).isEqualTo(Actor.THROTTLED);
        assertThat(refusal.progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(refusal.retryable()).isTrue();
        Thread.sleep(5_000);
        assertThat(adapter.provision(Steps.next(first))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "class MyError(Exception): pass\\nraise MyError('no card') | FUNCTION_ERROR | true | ENDED | MyError: no card",
                "os._exit(3) | LAMBDA_PROCESS_EXITED | true | MAY_HAVE_COMMITTED | exit status 3",
                "os.kill(os.getpid(), 9) | LAMBDA_PROCESS_EXITED | true | MAY_HAVE_COMMITTED | killed",
                "time.sleep(60) | TIMEOUT | true | MAY_HAVE_COMMITTED | timed out",
                "return object() | FUNCTION_ERROR | false | MAY_HAVE_COMMITTED | not JSON",
                "return 'x' * 6291555 | OUTPUT_TOO_LARGE | false | MAY_HAVE_COMMITTED | ran"
            })
    void tellsTheErrorsOfFunctionsApart(
            String body, String code, boolean retryable, Progress progress, String told)
            throws Exception {
        Failure failure = run(adapter, calling(body.replace("\\n", "\n"))).failure();

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.progress()).isEqualTo(progress);
        assertThat(failure.actor()).isEqualTo(Actor.AUTHOR);
        assertThat(failure.message()).contains(told);
    }

    @Test
    void saysThatAFunctionCannotBegin() throws Exception {
        Attempt attempt =
                Steps.of(
                        Steps.function(
                                aws.deploy("pass", SHORT, it -> it.handler("nothing.handler"))));

        Failure failure = run(adapter, attempt).failure();

        assertThat(failure.message()).contains("cannot begin", "Runtime.ImportModuleError");
        assertThat(failure.retryable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void refusesAnEventOverTheLimitBeforeItCalls(int over) throws Exception {
        String name = aws.deploy("return len(event)", Duration.ofSeconds(20));
        String input = "\"" + "x".repeat(SyncCalls.MAX_EVENT_BYTES + over - 2) + "\"";
        Attempt attempt = Steps.of(Steps.function(name), input.getBytes(UTF_8), Limits.defaults());

        if (over == 0) {
            assertThat(run(adapter, attempt).output())
                    .isEqualTo(Integer.toString(SyncCalls.MAX_EVENT_BYTES - 2));
            return;
        }
        Failure refusal =
                catchThrowableOfType(ProvisionException.class, () -> adapter.provision(attempt))
                        .failure();
        assertThat(refusal.code()).isEqualTo(Code.INVALID_WORKLOAD);
        assertThat(refusal.message()).contains("6291457", "6291456");
        assertThat(aws.invocations(name)).isEmpty();
    }

    @Test
    void takesAResultThatLambdaStillCarries() throws Exception {
        Attempt attempt =
                Steps.of(
                        Steps.function(aws.shared("return 'x' * 6291554", SHORT)),
                        "{}".getBytes(UTF_8),
                        new Limits(null, null, Duration.ofMinutes(1), 8 << 20, 1 << 20, 0));

        assertThat(run(adapter, attempt).output()).hasSize(6_291_556);
    }

    @Test
    void saysThatLambdaAskedForASlowerPace() throws Exception {
        String name = aws.deploy("return 1", SHORT);
        aws.suffer(name, "\"throttle\":1");

        Failure failure = run(adapter, Steps.of(Steps.function(name))).failure();

        assertThat(failure.code()).isEqualTo(Code.THROTTLED);
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(aws.invocations(name)).isEmpty();
        assertThat(run(adapter, Steps.of(Steps.function(name))).output()).isEqualTo("1");
    }

    @Test
    void refusesAFunctionThatIsNotThere() {
        Attempt attempt = Steps.of(Steps.function("gantry-nothing"));

        Failure refusal =
                catchThrowableOfType(ProvisionException.class, () -> adapter.provision(attempt))
                        .failure();

        assertThat(refusal.code()).isEqualTo(Refusals.NOT_FOUND);
        assertThat(refusal.retryable()).isFalse();
    }

    @Test
    void givesATenantEnvironmentsOfItsOwn() throws Exception {
        String name =
                aws.deploy(
                        "return context.tenant_id",
                        SHORT,
                        it -> it.tenancyConfig(t -> t.tenantIsolationMode("PER_TENANT")));

        assertThat(run(adapter, Steps.of(Steps.function(name, "tenantId", "{tenant}"))).output())
                .isEqualTo("\"acme\"");
        assertThat(aws.invocations(name).getFirst().path("tenant").asText()).isEqualTo("acme");
        Failure missing =
                catchThrowableOfType(
                                ProvisionException.class,
                                () -> adapter.provision(Steps.of(Steps.function(name))))
                        .failure();
        assertThat(missing.code()).isEqualTo(Code.INVALID_WORKLOAD);
        assertThat(missing.message()).contains("add runtime.lambda.tenantId");
        assertThat(aws.invocations(name)).as("runs").hasSize(1);
    }

    @Test
    void refusesATenantWhereAFunctionKeepsNoneApart() {
        Workload.Function function =
                Steps.function(aws.shared("return 1", SHORT), "tenantId", "{tenant}");

        Failure refusal =
                catchThrowableOfType(
                                ProvisionException.class,
                                () -> adapter.provision(Steps.of(function)))
                        .failure();

        assertThat(refusal.message()).contains("remove runtime.lambda.tenantId");
    }

    @Test
    void reportsWhatLambdaCounts() throws Exception {
        String name = aws.deploy("time.sleep(0.2)", SHORT, it -> it.memorySize(256));

        Outcome.Usage cold =
                ((Outcome.Succeeded) run(adapter, Steps.of(Steps.function(name))).outcome())
                        .usage();
        Outcome.Usage warm =
                ((Outcome.Succeeded) run(adapter, Steps.of(Steps.function(name))).outcome())
                        .usage();

        assertThat(Objects.requireNonNull(cold.wallMillis())).isGreaterThanOrEqualTo(150);
        assertThat(cold.memoryLimitBytes()).isEqualTo(256L << 20);
        assertThat(Objects.requireNonNull(cold.peakMemoryBytes())).isBetween(1L << 20, 256L << 20);
        assertThat(cold.units()).containsKeys("billedMillis", "initMillis");
        assertThat(warm.units()).containsKey("billedMillis").doesNotContainKey("initMillis");
        assertThat(warm.cpuMillis()).as("not told, so not 0").isNull();
    }

    @Test
    void keepsAShortLogWithoutWhatLambdaAddsToIt() throws Exception {
        Left left = run(adapter, calling("print('one')\nprint('two €')\nreturn 1"));

        assertThat(left.log()).isEqualTo("one\ntwo €\n");
    }

    @Test
    void readsALongLogFromCloudWatch() throws Exception {
        String name = aws.deploy("for i in range(3000): print('%s line %05d' % (event, i))", SHORT);

        String first = run(adapter, with(name, "\"a\"")).log();
        String second = run(adapter, with(name, "\"b\"")).log();

        assertThat(first.lines()).hasSize(3_000).allMatch(line -> line.startsWith("a line "));
        assertThat(second.lines()).hasSize(3_000).allMatch(line -> line.startsWith("b line "));
        assertThat(second.lines().toList().getLast()).endsWith("02999");
    }

    private static Attempt with(String name, String input) {
        return Steps.of(Steps.function(name), input.getBytes(UTF_8), Limits.defaults());
    }

    @Test
    void saysThatALogIsCutWhereCloudWatchIsNotRead() throws Exception {
        RunnerAdapter modest = Aws.adapter(aws.endpoint, "cloudwatch-logs", "false");
        String name = aws.shared("for i in range(500): print('line %05d' % i)", SHORT);

        String log = run(modest, Steps.of(Steps.function(name))).log();

        assertThat(log).startsWith("[gantry: at most the last 4096 bytes").endsWith("00499\n");
    }

    @Test
    void assumesTheRoleOfTheTenant() throws Exception {
        RunnerAdapter privileged =
                Aws.adapter(
                        aws.endpoint,
                        "role",
                        "arn:aws:iam::123456789012:role/gantry-{tenant}",
                        "external-id",
                        "gantry");

        assertThat(run(privileged, calling("return 7")).output()).isEqualTo("7");
    }
}
