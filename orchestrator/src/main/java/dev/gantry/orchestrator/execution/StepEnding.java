package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Command;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.runner.LogIds;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Handle;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.TeardownException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes after the end of an attempt: its output is brought in, then its resource is released.
 */
final class StepEnding {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(StepEnding.class);
    private static final int TRIES = 5;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Clock clock;
    private final Duration patience;

    /**
     * @param patience with a backend that does not give what an attempt left
     */
    StepEnding(Clock clock, Duration patience) {
        this.clock = clock;
        this.patience = patience;
    }

    /** What became of an attempt's logs and files. */
    sealed interface Collected {
        /** Why not all of them are stored, or null. */
        default @Nullable String missing() {
            return this instanceof Not not ? not.code() : null;
        }

        /** All of them are stored. */
        record Whole() implements Collected {}

        /** They stay where they are, and that is for a person to see. */
        record Not(String code) implements Collected {}

        /** This process ends; the next one collects them. */
        record Interrupted() implements Collected {}
    }

    /**
     * Returns when every log byte and file is stored, or when it is of no use to ask the backend
     * any more.
     *
     * @param isKept whether it can wait on the backend until it is collected
     * @param waiting is told once that it takes longer, and why
     */
    Collected collect(
            StepRun run,
            AttemptOutput output,
            RunnerAdapter adapter,
            Handle handle,
            boolean isKept,
            Consumer<String> waiting) {
        Instant end = clock.instant().plus(isKept ? patience : Duration.ZERO);
        Duration pause = PAUSE;
        for (int n = 1; ; n++) {
            try {
                adapter.collect(handle, Objects.requireNonNull(run.attempt), output);
                output.flush();
                return new Collected.Whole();
            } catch (ArtifactException e) {
                incomplete(run, n, e);
                String code = e.failure().code();
                boolean tooLong = n >= TRIES && (run.cancelling || !clock.instant().isBefore(end));
                if (!e.failure().retryable() || tooLong) {
                    output.flush();
                    return new Collected.Not(code);
                }
                if (n == TRIES) {
                    waiting.accept(code);
                }
                if (!sleep(pause)) {
                    return isKept ? new Collected.Interrupted() : new Collected.Not(code);
                }
                pause = longer(pause);
            }
        }
    }

    private static void incomplete(StepRun run, int tries, ArtifactException e) {
        run.ids()
                .in(() ->
                        log.warn(
                                "execution {} step {}: output is not complete (try {}): {}",
                                run.head.id(),
                                run.ticket.step(),
                                tries,
                                e.getMessage()));
    }

    /** The failure's code, or null if nothing is left on the backend. */
    @Nullable String teardown(RunnerAdapter adapter, Handle handle, LogIds ids) {
        boolean again = adapter.capabilities().can(Capability.IDEMPOTENT_TEARDOWN);
        for (int n = 1; ; n++) {
            try {
                adapter.teardown(handle);
                return null;
            } catch (TeardownException e) {
                int count = n;
                ids.in(() ->
                        log.warn(
                                "execution {} step {}: teardown failed (try {}): {}",
                                ids.execution(),
                                ids.step(),
                                count,
                                e.getMessage()));
                if (!again || n == TRIES || !sleep(PAUSE.multipliedBy(n))) {
                    return e.failure().code();
                }
            }
        }
    }

    /** Tears an ended attempt's resource down, and says how that went. */
    Message release(Runners runners, LogIds ids, Command.ReleaseStep command) {
        String code;
        try {
            code =
                    teardown(
                            runners.adapter(command.adapter()),
                            Handle.fromBytes(command.handle()),
                            ids);
        } catch (IllegalStateException e) {
            code = "ADAPTER_MISSING";
        }
        return new Message.Released(command.step(), command.attempt(), code);
    }

    static void unsure(StepRun run, String reason, Duration pause) {
        run.ids()
                .in(() ->
                        log.warn(
                                "execution {} step {}: {}; asking again in {}",
                                run.head.id(),
                                run.ticket.step(),
                                reason,
                                pause));
    }

    static boolean sleep(Duration pause) {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The pause after this one, when the same is tried again. */
    static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
