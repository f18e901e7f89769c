package dev.gantry.orchestrator.runner;

import dev.gantry.spi.Failure;
import dev.gantry.spi.StepContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log lines about one adapter's calls. They carry the step's ids as MDC entries, so that text
 * and JSON logs have them alike; the entries are set only around a line that is really written.
 */
final class StepLog {
    private static final Logger log = LoggerFactory.getLogger("dev.gantry.runner");

    private final String adapter;

    StepLog(String adapter) {
        this.adapter = adapter;
    }

    void succeeded(Phase phase, String name, @Nullable StepContext context, long nanos) {
        if (log.isDebugEnabled()) {
            in(
                    context,
                    () ->
                            log.debug(
                                    "{} {} {}: {} µs",
                                    adapter,
                                    phase.label(),
                                    name,
                                    micros(nanos)));
        }
    }

    void cancelled(Phase phase, String name, @Nullable StepContext context, long nanos) {
        if (log.isInfoEnabled()) {
            in(
                    context,
                    () ->
                            log.info(
                                    "{} {} {}: cancelled after {} µs",
                                    adapter,
                                    phase.label(),
                                    name,
                                    micros(nanos)));
        }
    }

    void failed(
            Phase phase,
            String name,
            @Nullable StepContext context,
            Failure failure,
            @Nullable Throwable cause) {
        Level level = level(failure);
        if (log.isEnabledForLevel(level)) {
            in(
                    context,
                    () ->
                            log.atLevel(level)
                                    .setCause(cause)
                                    .log(
                                            "{} {} {}: {} ({}, {}{}): {}",
                                            adapter,
                                            phase.label(),
                                            name,
                                            failure.code(),
                                            failure.actor(),
                                            failure.progress(),
                                            failure.retryable() ? ", retryable" : "",
                                            failure.message()));
        }
    }

    /** An author's failure is everyday business; what the platform or a backend did is not. */
    private static Level level(Failure failure) {
        if (failure.code().equals(Defects.CODE)) {
            return Level.ERROR;
        }
        return switch (failure.actor()) {
            case AUTHOR, THROTTLED -> Level.INFO;
            case PLATFORM, BACKEND -> Level.WARN;
        };
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private static void in(@Nullable StepContext context, Runnable line) {
        if (context == null) {
            line.run();
            return;
        }
        LogIds.of(context).in(line);
    }
}
