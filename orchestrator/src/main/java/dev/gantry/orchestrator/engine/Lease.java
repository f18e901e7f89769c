package dev.gantry.orchestrator.engine;

import dev.gantry.orchestrator.id.DefinitionRef;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt of a step may hold on a backend.
 *
 * @param function whose places it takes, if it calls one
 * @param reason for people, where something is wrong
 */
public record Lease(
        int step,
        int attempt,
        String adapter,
        @Nullable DefinitionRef function,
        State state,
        @Nullable String reason) {

    /** How it stands. */
    public enum State {
        /** It is intended: the backend may have it from now on. */
        HELD,
        /** The backend has it. */
        PROVISIONED,
        /** Its attempt has ended; it is being torn down. */
        RELEASING,
        /** It is kept, because its logs or files could not be brought in. */
        UNCOLLECTED,
        /** It could not be torn down. */
        RELEASE_FAILED,
        /** The backend does not have it any more, and its attempt has not ended. */
        VANISHED,
        /** The backend has it, and no step wants it. */
        ORPHAN,
        /** It was an orphan, or left over, and is gone; kept for people. */
        REMOVED;

        /** The name in the API. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    Lease now(State next, @Nullable String why) {
        return new Lease(step, attempt, adapter, function, next, why);
    }
}
