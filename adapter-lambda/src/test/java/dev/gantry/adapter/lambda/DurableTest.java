package dev.gantry.adapter.lambda;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.gantry.spi.Attempt;
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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Executions with names, on AWS's own runner of them. */
class DurableTest {
    private static final Duration SHORT = Duration.ofSeconds(5);

    private Aws aws;

    @AutoClose private RunnerAdapter adapter;

    @BeforeEach
    void setUp() {
        aws = Aws.require();
        adapter = Aws.adapter(aws.endpoint);
    }

    private static Attempt calling(String name) {
        return Steps.of(Steps.function(name, "mode", "durable"), Duration.ofMinutes(5));
    }

    private static Attempt with(Attempt attempt, String input) {
        return new Attempt(
                attempt.context(),
                attempt.externalName(),
                attempt.runtimeClass(),
                attempt.workload(),
                input.getBytes(UTF_8),
                attempt.limits());
    }

    private static CompletableFuture<Outcome> begin(RunnerAdapter by, Attempt attempt)
            throws Exception {
        return by.run(by.provision(attempt), attempt, new Printed());
    }

    private static Outcome run(RunnerAdapter by, Attempt attempt) throws Exception {
        return begin(by, attempt).get(60, TimeUnit.SECONDS);
    }

    private static Failure failure(Outcome outcome) {
        return ((Outcome.Failed) outcome).failure();
    }

    @Test
    void adoptsWhatAnotherProcessHasBegun() throws Exception {
        String name = aws.deployDurable("context.step(lambda _: time.sleep(2))\nreturn 7", SHORT);
        Attempt attempt = calling(name);
        var _ = begin(adapter, attempt);
        Awaitility.await().until(() -> !aws.invocations(name).isEmpty());
        adapter.close();
        RunnerAdapter restarted = Aws.adapter(aws.endpoint);

        Outcome outcome = run(restarted, attempt);

        assertThat(new String(((Outcome.Succeeded) outcome).output(), UTF_8)).isEqualTo("7");
        assertThat(aws.invocations(name)).as("runs").hasSize(1);
        restarted.close();
    }

    @Test
    void refusesLoudlyToTakeAnotherInputForTheSame() throws Exception {
        String name = aws.deployDurable("return 1", SHORT);
        Attempt attempt = calling(name);
        run(adapter, attempt);
        Attempt drifted = with(attempt, "{\"n\":2}");

        var thrown =
                catchThrowableOfType(
                        java.util.concurrent.ExecutionException.class, () -> run(adapter, drifted));

        Failure failure =
                ((ExecutionException) Objects.requireNonNull(thrown.getCause())).failure();
        assertThat(failure.code()).isEqualTo(Refusals.ALREADY_STARTED);
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        assertThat(failure.retryable()).isFalse();
        assertThat(aws.invocations(name)).as("runs").hasSize(1);
    }

    @Test
    void isCancelledOnlyWhenTheLastInvocationHasEnded() throws Exception {
        String name =
                aws.deployDurable(
                        "context.step(lambda _: time.sleep(4))\ncontext.wait(Duration(600))",
                        Duration.ofSeconds(20));
        Attempt attempt = calling(name);
        Handle handle = adapter.provision(attempt);
        var outcome = adapter.run(handle, attempt, new Printed());
        Awaitility.await().until(() -> !aws.invocations(name).isEmpty());

        var cancelled = adapter.cancel(handle, Duration.ZERO);
        Awaitility.await().until(() -> !aws.isRunning(name, attempt));

        assertThat(cancelled).as("stopped, and at work all the same").isNotDone();
        assertThat(outcome).isNotDone();
        assertThat(adapter.probe(handle, attempt)).isInstanceOf(Probe.Running.class);
        cancelled.get(60, TimeUnit.SECONDS);
        assertThat(aws.invocations(name).getFirst().hasNonNull("ended")).isTrue();
        assertThat(outcome.get(60, TimeUnit.SECONDS)).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    void saysThatSomebodyElseHasStoppedIt() throws Exception {
        String name = aws.deployDurable("context.wait(Duration(600))", SHORT);
        Attempt attempt = calling(name);
        var outcome = begin(adapter, attempt);
        Awaitility.await().until(() -> aws.isRunning(name, attempt));

        aws.stop(name);

        Failure failure = failure(outcome.get(60, TimeUnit.SECONDS));
        assertThat(failure.code()).isEqualTo(Code.KILLED);
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }

    @Test
    void tellsAFailureOfTheFunction() throws Exception {
        String name = aws.deployDurable("raise ValueError('no card')", SHORT);

        Failure failure = failure(run(adapter, calling(name)));

        assertThat(failure.code()).isEqualTo(Code.FUNCTION_ERROR);
        assertThat(failure.message()).contains("ValueError", "no card");
        assertThat(failure.progress()).isEqualTo(Progress.ENDED);
    }

    /** The service's history names the invocations; that of the tests' runner does not. */
    @Test
    void reportsAndCollectsWhatAllItsInvocationsLeft() throws Exception {
        String name =
                aws.deployDurable(
                        "context.step(lambda _: print('first'))\ncontext.wait(Duration(1))\ncontext.step(lambda _: print('second'))\nreturn 1",
                        SHORT);
        Attempt attempt = calling(name);
        Handle handle = adapter.provision(attempt);
        adapter.run(handle, attempt, new Printed()).get(60, TimeUnit.SECONDS);
        WireMockServer service = withRequests(aws.invocations(name));

        try (RunnerAdapter other = Aws.adapter(service.baseUrl())) {
            Outcome outcome =
                    other.reattach(handle, attempt, new Printed()).get(60, TimeUnit.SECONDS);
            Printed printed = new Printed();
            other.collect(handle, attempt, printed);

            assertThat(printed.text()).isEqualTo("first\nsecond\n");
            Outcome.Usage usage = ((Outcome.Succeeded) outcome).usage();
            assertThat(Objects.requireNonNull(usage.wallMillis())).isGreaterThanOrEqualTo(1_000);
            assertThat(usage.memoryLimitBytes()).isEqualTo(128L << 20);
            assertThat(usage.units()).containsKeys("billedMillis", "initMillis");
        } finally {
            service.stop();
        }
    }

    private WireMockServer withRequests(List<JsonNode> invocations) {
        WireMockServer service = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        service.start();
        service.stubFor(any(anyUrl()).willReturn(aResponse().proxiedFrom(aws.endpoint)));
        service.stubFor(
                get(urlPathMatching(".*/history"))
                        .willReturn(
                                okJson(
                                        invocations.stream()
                                                .map(it -> it.path("requestId").asText())
                                                .map(id ->
                                                        "{\"EventType\":\"InvocationCompleted\",\"EventId\":1,\"EventTimestamp\":1,\"InvocationCompletedDetails\":{\"RequestId\":\"%s\",\"StartTimestamp\":1,\"EndTimestamp\":2}}"
                                                                .formatted(id))
                                                .collect(
                                                        Collectors.joining(
                                                                ",", "{\"Events\":[", "]}")))));
        return service;
    }

    @Test
    void refusesAFunctionThatIsNotDurable() {
        Attempt attempt = calling(aws.shared("return 1", SHORT));

        Failure failure =
                catchThrowableOfType(ProvisionException.class, () -> adapter.provision(attempt))
                        .failure();

        assertThat(failure.message()).contains("is not durable");
    }

    @Test
    void givesTheEventIdsThatLast() throws Exception {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-%s-01";
        String name = aws.deployDurable("return event['_gantry']", SHORT);
        Attempt attempt = Steps.traced(calling(name), trace.formatted("00f067aa0ba902b7"));
        Attempt again = Steps.traced(attempt, trace.formatted("1111111111111111"));

        String first = output(run(adapter, attempt));
        String second = output(run(adapter, again));

        assertThat(first)
                .contains("4bf92f3577b34da6a3ce929d0e0e4736", "\"GANTRY_STEP\":\"1\"")
                .isEqualTo(second);
        assertThat(aws.invocations(name)).as("runs").hasSize(1);
    }

    private static String output(Outcome outcome) {
        return new String(((Outcome.Succeeded) outcome).output(), UTF_8);
    }
}
