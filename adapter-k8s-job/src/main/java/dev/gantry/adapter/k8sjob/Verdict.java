package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.Failure;
import org.jspecify.annotations.Nullable;

/** What a pod's status says of the step that it runs. */
sealed interface Verdict {
    /** What holds back a step that has not begun. */
    enum Hold {
        /** Somebody's queue, such as Kueue's: that may take as long as it takes. */
        QUEUE,
        SCHEDULER,
        IMAGE,
        /** The node makes it ready, or cannot. */
        NODE,
        /** Nothing can mend it. */
        HOPELESS
    }

    /**
     * It has not begun.
     *
     * @param ifItLasts what it fails with if nobody mends it in time
     */
    record Waiting(Hold hold, Failure ifItLasts) implements Verdict {}

    /**
     * It has begun, and not ended.
     *
     * @param lost why nobody knows how it fares, where its node does not answer any more
     */
    record Running(@Nullable Failure lost) implements Verdict {}

    /**
     * Nothing of it runs any more, and nothing will.
     *
     * @param started whether its process began, or may have
     * @param code its exit code, where there is one
     * @param couldNotStart why its process could not be made
     * @param lackedMemory whether a process of it was ended for lack of memory
     * @param disturbed whether its end was asked for, by whomever, before it came
     * @param message that it left for Kubernetes, a result of at most 4 KiB; null if it left none
     * @param cause what ended it from outside, where the cluster says so
     */
    record Ended(
            boolean started,
            @Nullable Integer code,
            @Nullable String couldNotStart,
            boolean lackedMemory,
            boolean disturbed,
            @Nullable Failure cause,
            @Nullable String message,
            @Nullable Long wallMillis)
            implements Verdict {
        Ended because(Failure better) {
            return new Ended(
                    started,
                    code,
                    couldNotStart,
                    lackedMemory,
                    disturbed,
                    better,
                    message,
                    wallMillis);
        }
    }
}
