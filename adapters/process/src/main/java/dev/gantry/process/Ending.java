package dev.gantry.process;

import dev.gantry.spi.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What a backend says about the end of a process.
 *
 * @param code its exit code; null if it has none, as what could not be started
 * @param couldNotStart why it could not be started; null if it was
 * @param lackedMemory whether it, or a process that it started, was ended for lack of memory
 * @param signals who sent signals to it
 * @param usage what is known of it, with the limits that were in force
 */
public record Ending(
        @Nullable Integer code,
        @Nullable String couldNotStart,
        boolean lackedMemory,
        Signals signals,
        Outcome.Usage usage) {

    /** What the backend did to the process: its exit code alone does not tell. */
    public interface Signals {
        /** For backends that keep no book of signals. */
        Signals UNKNOWN = _ -> null;

        /** Whether the backend sent the signal; null if that is not known. */
        @Nullable Boolean sent(int signal);
    }
}
