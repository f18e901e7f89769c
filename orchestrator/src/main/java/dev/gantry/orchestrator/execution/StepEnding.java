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
import java.time.Duration;
import java.util.Objects;
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

    /**
     * Returns when every log byte and file is stored, or the backend failed too often to give them.
     */
    void collect(StepRun run, AttemptOutput output, RunnerAdapter adapter, Handle handle) {
        for (int n = 1; n <= TRIES; n++) {
            try {
                adapter.collect(handle, Objects.requireNonNull(run.attempt), output);
                break;
            } catch (ArtifactException e) {
                int count = n;
                run.ids()
                        .in(() ->
                                log.warn(
                                        "execution {} step {}: output is not complete (try {} of {}): {}",
                                        run.head.id(),
                                        run.ticket.step(),
                                        count,
                                        TRIES,
                                        e.getMessage()));
                if (!e.failure().retryable() || n == TRIES || !sleep(PAUSE.multipliedBy(n))) {
                    break;
                }
            }
        }
        output.flush();
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
