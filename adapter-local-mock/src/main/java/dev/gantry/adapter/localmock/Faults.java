package dev.gantry.adapter.localmock;

import dev.gantry.spi.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong around a workload.
 *
 * @param provision why provisioning fails, if it does
 * @param provisionTimes how often it fails for one step
 * @param lostReplies how many replies to provisioning are lost for one step after the resource is
 *     there
 * @param disconnectAfter when the connection to the running workload is lost, if it is
 * @param vanishAfter when the workload disappears without a trace, if it does
 * @param hang whether it runs until it is stopped
 * @param ignoreStop how long it goes on after a polite request to stop
 * @param cancelUnconfirmed whether nobody learns that a cancelled workload is dead
 * @param collectTimes how often collecting breaks off half-way
 * @param teardownTimes how often teardown fails
 */
record Faults(
        @Nullable Failure provision,
        int provisionTimes,
        int lostReplies,
        @Nullable Duration disconnectAfter,
        @Nullable Duration vanishAfter,
        boolean hang,
        Duration ignoreStop,
        boolean cancelUnconfirmed,
        int collectTimes,
        int teardownTimes) {

    static final int ALWAYS = Integer.MAX_VALUE;
    static final Faults NONE = new Builder().build();

    /** Whether all that goes wrong, goes wrong before the workload begins. */
    boolean spareTheRun() {
        return disconnectAfter == null
                && vanishAfter == null
                && !hang
                && ignoreStop.isZero()
                && !cancelUnconfirmed
                && teardownTimes == 0
                && lostReplies == 0
                && collectTimes == 0;
    }

    static final class Builder {
        @Nullable Failure provision;
        int provisionTimes;
        int lostReplies;
        @Nullable Duration disconnectAfter;
        @Nullable Duration vanishAfter;
        boolean hang;
        Duration ignoreStop = Duration.ZERO;
        boolean cancelUnconfirmed;
        int collectTimes;
        int teardownTimes;

        Faults build() {
            return new Faults(
                    provision,
                    provisionTimes,
                    lostReplies,
                    disconnectAfter,
                    vanishAfter,
                    hang,
                    ignoreStop,
                    cancelUnconfirmed,
                    collectTimes,
                    teardownTimes);
        }
    }
}
