package dev.gantry.orchestrator.runner;

import static dev.gantry.orchestrator.runner.SampleAttempts.NOTHING;
import static dev.gantry.orchestrator.runner.SampleAttempts.NOT_SAMPLED;
import static dev.gantry.orchestrator.runner.SampleAttempts.SAMPLED;
import static dev.gantry.orchestrator.runner.SampleAttempts.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gantry.orchestrator.observability.DocumentedMetrics;
import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.TeardownException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class ObservedAdapterTest {
    private static final Failure FAILURE =
            new Failure("EXIT_NONZERO", "code 3", Actor.AUTHOR, false, Progress.ENDED);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RecordedSpans spans = new RecordedSpans();
    private final SdkTracerProvider tracing =
            SdkTracerProvider.builder().addSpanProcessor(spans).build();
    private final FakeAdapter fake = new FakeAdapter();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.gantry.runner");
    private final ListAppender<ILoggingEvent> lines =
            new ListAppender<>() {
                @Override
                protected void append(ILoggingEvent line) {
                    // Takes the MDC entries as they are now.
                    line.prepareForDeferredProcessing();
                    super.append(line);
                }
            };

    @BeforeEach
    void captureLog() {
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
        logger.setLevel(Level.DEBUG);
    }

    @AfterEach
    void releaseLog() {
        logger.detachAppender(lines);
        logger.setAdditive(true);
        logger.setLevel(null);
        tracing.close();
    }

    private ObservedAdapter observed() {
        return new ObservedAdapter(
                fake,
                new ObservedCall.Reports(
                        "fake",
                        new AdapterMeters(registry, "fake", new TenantTags(2)),
                        new StepSpans(tracing.get("test"), "fake"),
                        new StepLog("fake")));
    }

    private static Outcome runThrough(ObservedAdapter adapter, Attempt attempt)
            throws RunnerException {
        Handle handle = adapter.provision(attempt);
        Outcome outcome = adapter.run(handle, attempt, NOTHING).join();
        adapter.collect(handle, attempt, NOTHING);
        adapter.teardown(handle);
        return outcome;
    }

    private static Attempt attempt(@Nullable String traceparent) {
        return SampleAttempts.of("{}", Limits.defaults(), traceparent);
    }

    private long calls(String phase, String outcome) {
        return registry.get("gantry.runner.calls")
                .tags("adapter", "fake", "phase", phase, "outcome", outcome)
                .timer()
                .count();
    }

    private double inFlight() {
        return registry.get("gantry.runner.in.flight").tag("adapter", "fake").gauge().value();
    }

    @Test
    void measuresEveryPhaseOfAnAttempt() throws RunnerException {
        ObservedAdapter adapter = observed();

        runThrough(adapter, attempt(null));
        runThrough(adapter, attempt(null));

        for (String phase : List.of("provision", "run", "collect", "teardown")) {
            assertThat(calls(phase, "succeeded")).as(phase).isEqualTo(2);
        }
        assertThat(inFlight()).isZero();
    }

    @Test
    void isListedInTheDocumentation() throws RunnerException {
        fake.run =
                attempt ->
                        CompletableFuture.completedFuture(
                                new Outcome.Failed(FAILURE, null, Outcome.Usage.UNKNOWN));
        runThrough(observed(), attempt(null));

        DocumentedMetrics.assertListed(
                registry,
                name -> name.startsWith("gantry.runner.") && !name.equals("gantry.runner.queued"));
    }

    @Test
    void measuresAnAsynchronousRunUntilItsEnd() throws RunnerException {
        CompletableFuture<Outcome> later = new CompletableFuture<>();
        fake.run = attempt -> later;
        ObservedAdapter adapter = observed();
        Attempt attempt = attempt(null);

        CompletableFuture<Outcome> outcome =
                adapter.run(adapter.provision(attempt), attempt, NOTHING);

        assertThat(inFlight()).isEqualTo(1);
        assertThat(outcome).isNotDone();
        later.complete(new Outcome.Cancelled(Outcome.Usage.UNKNOWN));
        assertThat(outcome.join()).isInstanceOf(Outcome.Cancelled.class);
        assertThat(inFlight()).isZero();
        assertThat(calls("run", "cancelled")).isEqualTo(1);
    }

    @Test
    void countsFailuresByCode() throws RunnerException {
        fake.run =
                attempt ->
                        CompletableFuture.completedFuture(
                                new Outcome.Failed(FAILURE, null, Outcome.Usage.UNKNOWN));

        runThrough(observed(), attempt(null));

        assertThat(calls("run", "failed")).isEqualTo(1);
        assertThat(
                        registry.get("gantry.runner.failures")
                                .tags("phase", "run", "code", "EXIT_NONZERO", "actor", "author")
                                .counter()
                                .count())
                .isEqualTo(1);
    }

    @Test
    void boundsTheNumberOfTenantTagsAndOfCodes() throws RunnerException {
        ObservedAdapter adapter = observed();
        for (String tenant : List.of("one", "two", "three", "four", "one")) {
            runThrough(adapter, SampleAttempts.of(tenant, "{}", Limits.defaults(), null));
        }
        for (int i = 0; i < 500; i++) {
            Failure failure = new Failure("CODE_" + i, "", Actor.AUTHOR, false, Progress.ENDED);
            fake.run =
                    attempt ->
                            CompletableFuture.completedFuture(
                                    new Outcome.Failed(failure, null, Outcome.Usage.UNKNOWN));
            runThrough(adapter, SampleAttempts.of("one", "{}", Limits.defaults(), null));
        }

        assertThat(attempts("one")).isEqualTo(2);
        assertThat(attempts("two")).isEqualTo(1);
        assertThat(attempts("_other")).isEqualTo(2);
        assertThat(registry.find("gantry.runner.attempts").tag("tenant", "three").counters())
                .isEmpty();
        assertThat(registry.find("gantry.runner.failures").counters()).hasSize(201);
    }

    private double attempts(String tenant) {
        return registry.get("gantry.runner.attempts")
                .tags("tenant", tenant, "outcome", "succeeded")
                .counter()
                .count();
    }

    @Test
    void recordsASpanForEachPhaseOfASampledAttempt() throws RunnerException {
        runThrough(observed(), attempt(SAMPLED));

        assertThat(spans.ended)
                .extracting(SpanData::getName)
                .containsExactly("provision fake", "run fake", "collect fake", "teardown fake");
        assertThat(spans.ended)
                .allSatisfy(span -> {
                    assertThat(span.getTraceId()).isEqualTo(TRACE);
                    assertThat(span.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
                    assertThat(span.getAttributes().asMap().toString())
                            .contains(
                                    "gantry.tenant=acme", "gantry.execution=", "gantry.attempt=1");
                });
    }

    @Test
    void letsTheWorkloadGoOnBelowTheSpanOfItsRun() throws RunnerException {
        String[] seen = new String[1];
        fake.run =
                attempt -> {
                    seen[0] = String.valueOf(attempt.context().traceparent());
                    return CompletableFuture.completedFuture(
                            new Outcome.Succeeded(attempt.input(), Outcome.Usage.UNKNOWN));
                };

        runThrough(observed(), attempt(SAMPLED));

        assertThat(seen[0])
                .isEqualTo("00-%s-%s-01".formatted(TRACE, spans.ended.get(1).getSpanId()));
    }

    @Test
    void recordsNoSpanOfWhatIsNotSampled() throws RunnerException {
        runThrough(observed(), attempt(NOT_SAMPLED));
        runThrough(observed(), attempt(null));
        runThrough(observed(), attempt("nonsense"));

        assertThat(spans.ended).isEmpty();
    }

    @Test
    void marksTheSpanOfAFailure() throws RunnerException {
        fake.run =
                attempt ->
                        CompletableFuture.completedFuture(
                                new Outcome.Failed(FAILURE, null, Outcome.Usage.UNKNOWN));

        runThrough(observed(), attempt(SAMPLED));

        SpanData run = spans.ended.get(1);
        assertThat(run.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(run.getStatus().getDescription()).isEqualTo("EXIT_NONZERO");
    }

    @Test
    void logsEveryPhaseWithTheIdsOfItsStep() throws RunnerException {
        MDC.put("request", "kept");
        Attempt attempt = attempt(SAMPLED);

        runThrough(observed(), attempt);

        assertThat(lines.list)
                .hasSize(4)
                .allSatisfy(line -> {
                    assertThat(line.getLevel()).isEqualTo(Level.DEBUG);
                    assertThat(line.getMDCPropertyMap())
                            .containsEntry("tenant", "acme")
                            .containsEntry("execution", attempt.context().executionId())
                            .containsEntry("step", Integer.toString(attempt.context().step()))
                            .containsEntry("attempt", "1")
                            .containsEntry("correlation", "order-7")
                            .containsEntry("trace", TRACE)
                            .containsEntry("request", "kept");
                });
        assertThat(MDC.getCopyOfContextMap()).containsOnlyKeys("request");
        MDC.clear();
    }

    @Test
    void logsAuthorsFailuresAsInfoAndTheBackendsAsWarnings() throws RunnerException {
        for (Actor actor : List.of(Actor.AUTHOR, Actor.BACKEND)) {
            Failure failure = new Failure("X", "", actor, false, Progress.ENDED);
            fake.run =
                    attempt ->
                            CompletableFuture.completedFuture(
                                    new Outcome.Failed(failure, null, Outcome.Usage.UNKNOWN));
            runThrough(observed(), attempt(null));
        }

        assertThat(lines.list)
                .filteredOn(line -> line.getLevel() != Level.DEBUG)
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.INFO, Level.WARN);
    }

    @Test
    void passesTheAdaptersOwnFailuresOn() {
        fake.provision =
                attempt -> {
                    throw new ProvisionException(FAILURE);
                };
        fake.collect =
                collector -> {
                    throw new ArtifactException(FAILURE);
                };
        fake.teardown =
                handle -> {
                    throw new TeardownException(FAILURE);
                };
        ExecutionException lost = new ExecutionException(FAILURE);
        fake.run = attempt -> CompletableFuture.failedFuture(lost);
        ObservedAdapter adapter = observed();
        Attempt attempt = attempt(null);
        Handle handle = handle(attempt);

        assertThat(failure(() -> adapter.provision(attempt))).isSameAs(FAILURE);
        assertThat(failure(() -> adapter.collect(handle, attempt, NOTHING))).isSameAs(FAILURE);
        assertThat(failure(() -> adapter.teardown(handle))).isSameAs(FAILURE);
        assertThat(lost(adapter.run(handle, attempt, NOTHING))).isSameAs(FAILURE);
        assertThat(calls("run", "unknown")).isEqualTo(1);
    }

    @Test
    void turnsWhatABrokenAdapterThrowsIntoFailuresOfTheContract() {
        fake.provision =
                attempt -> {
                    throw new NoSuchMethodError("built for another SPI");
                };
        fake.run =
                attempt -> {
                    throw new IllegalStateException("secret");
                };
        fake.probe =
                handle -> {
                    throw new IllegalStateException("secret");
                };
        fake.teardown =
                handle -> {
                    throw new IllegalStateException("secret");
                };
        ObservedAdapter adapter = observed();
        Attempt attempt = attempt(null);
        Handle handle = handle(attempt);

        assertThat(failure(() -> adapter.provision(attempt)).progress())
                .isEqualTo(Progress.NEVER_STARTED);
        assertThat(failure(() -> adapter.teardown(handle)).code()).isEqualTo("ADAPTER_DEFECT");
        assertThat(adapter.probe(handle, attempt)).isInstanceOf(Probe.Unknown.class);
        Failure failure = lost(adapter.run(handle, attempt, NOTHING));
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        assertThat(failure.message()).doesNotContain("secret");
        assertThat(inFlight()).isZero();
        assertThat(calls("run", "broken")).isEqualTo(1);
        assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsOnly(Level.ERROR);
    }

    @Test
    void doubtsWhatABrokenProvisionMayHaveAdopted() {
        fake.claims = Set.of(Capability.PROVISIONS_RESOURCES);
        fake.provision =
                attempt -> {
                    throw new IllegalStateException();
                };

        assertThat(failure(() -> observed().provision(attempt(null))).progress())
                .isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }

    @Test
    void reportsAnOutcomeThatIsNone() {
        fake.run = attempt -> CompletableFuture.completedFuture(null);
        Attempt attempt = attempt(null);

        assertThat(observed().run(handle(attempt), attempt, NOTHING)).isCompletedExceptionally();
    }

    @Test
    void completesACancelWhenTheAdapterDoes() {
        CompletableFuture<Void> dead = new CompletableFuture<>();
        fake.cancel = handle -> dead;
        Attempt attempt = attempt(null);

        CompletableFuture<Void> cancelled = observed().cancel(handle(attempt), Duration.ZERO);

        assertThat(cancelled).isNotDone();
        dead.complete(null);
        assertThat(cancelled).isCompleted();
    }

    private static Handle handle(Attempt attempt) {
        return new Handle("fake", 1, attempt.externalName(), java.util.Map.of());
    }

    private static Failure lost(CompletableFuture<Outcome> run) {
        try {
            run.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ExecutionException known) {
                return known.failure();
            }
        }
        throw new AssertionError("no failure");
    }

    private interface Call {
        void call() throws RunnerException;
    }

    private static Failure failure(Call call) {
        try {
            call.call();
        } catch (RunnerException e) {
            return e.failure();
        }
        throw new AssertionError("no failure");
    }
}
