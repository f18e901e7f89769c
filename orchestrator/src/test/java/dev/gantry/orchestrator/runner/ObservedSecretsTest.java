package dev.gantry.orchestrator.runner;

import static dev.gantry.orchestrator.runner.SampleAttempts.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gantry.spi.Attempt;
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
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an attempt's secrets become on their way through an observed adapter. */
class ObservedSecretsTest {
    private final FakeAdapter fake = new FakeAdapter();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.gantry.runner");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

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
    }

    private ObservedAdapter observed() {
        return new ObservedAdapter(
                fake,
                new ObservedCall.Reports(
                        "fake",
                        new AdapterMeters(new SimpleMeterRegistry(), "fake", new TenantTags(2)),
                        new StepSpans(OpenTelemetry.noop().getTracer("test"), "fake"),
                        new StepLog("fake")));
    }

    private static Outcome runThrough(ObservedAdapter adapter, Attempt attempt)
            throws RunnerException {
        return adapter.run(adapter.provision(attempt), attempt, NOTHING).join();
    }

    private static Attempt secretive() {
        Attempt plain = SampleAttempts.of("{}", Limits.defaults(), null);
        return new Attempt(
                plain.context(),
                plain.externalName(),
                plain.runtimeClass(),
                plain.workload(),
                plain.input(),
                plain.limits(),
                Set.of("token-0123456789"));
    }

    private static Failure told() {
        return new Failure(
                "EXIT_NONZERO",
                "it said token-0123456789 and dG9rZW4tMDEyMzQ1Njc4OQ==",
                Actor.BACKEND,
                false,
                Progress.ENDED);
    }

    @Test
    void hidesAnAttemptsSecretsInOutcomesAndLog() throws RunnerException {
        fake.run =
                attempt ->
                        CompletableFuture.completedFuture(
                                new Outcome.Failed(
                                        told(),
                                        new Outcome.ProcessResult(3, "token-0123456789\n", ""),
                                        Outcome.Usage.UNKNOWN));

        Outcome.Failed failed = (Outcome.Failed) runThrough(observed(), secretive());

        assertThat(failed.failure().message()).isEqualTo("it said *** and ***==");
        assertThat(String.valueOf(failed.process())).contains("***").doesNotContain("0123");
        assertThat(log()).contains("it said ***").doesNotContain("0123").doesNotContain("dG9r");
    }

    @Test
    void hidesAnAttemptsSecretsInWhatIsThrown() {
        ObservedAdapter adapter = observed();
        Attempt attempt = secretive();
        fake.provision =
                any -> {
                    throw new ProvisionException(told());
                };
        assertThatThrownBy(() -> adapter.provision(attempt))
                .isInstanceOf(ProvisionException.class)
                .hasMessageContaining("it said ***");
        fake.provision = any -> new Handle("fake", 1, any.externalName(), Map.of());
        fake.run =
                any -> {
                    throw new IllegalStateException("with token-0123456789");
                };
        assertThatThrownBy(() -> runThrough(adapter, attempt))
                .hasStackTraceContaining("with ***")
                .extracting(thrown -> log())
                .asString()
                .contains("with ***")
                .doesNotContain("0123");
        fake.run = any -> CompletableFuture.failedFuture(new ExecutionException(told()));
        assertThatThrownBy(() -> runThrough(adapter, attempt))
                .hasMessageContaining("it said ***")
                .hasMessageNotContaining("0123");
        fake.probe = handle -> new Probe.Unknown("token-0123456789");
        assertThat(adapter.probe(new Handle("fake", 1, attempt.externalName(), Map.of()), attempt))
                .isEqualTo(new Probe.Unknown("***"));
        assertThat(log()).doesNotContain("0123");
    }

    private String log() {
        StringBuilder text = new StringBuilder();
        for (ILoggingEvent line : lines.list) {
            text.append(line.getFormattedMessage()).append('\n');
            if (line.getThrowableProxy() != null) {
                text.append(
                        ch.qos.logback.classic.spi.ThrowableProxyUtil.asString(
                                line.getThrowableProxy()));
            }
        }
        return text.toString();
    }
}
