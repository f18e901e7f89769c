package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
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
@JsonClassDescription("faults")
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

    @JsonCreator
    static Faults read(
            @JsonProperty("provision") @Nullable Provision provision,
            @JsonProperty("loseReply") @Nullable Times lostReplies,
            @JsonProperty("disconnectAfter") @Nullable Duration disconnectAfter,
            @JsonProperty("vanishAfter") @Nullable Duration vanishAfter,
            @JsonProperty("hang") @Nullable Boolean hang,
            @JsonProperty("ignoreCancel") @Nullable Duration ignoreCancel,
            @JsonProperty("unconfirmedCancel") @Nullable Boolean cancelUnconfirmed,
            @JsonProperty("interruptCollect") @Nullable Times collect,
            @JsonProperty("teardown") @Nullable Times teardown) {
        return new Faults(
                provision == null ? null : provision.failure,
                provision == null ? 0 : provision.times,
                Times.of(lostReplies),
                disconnectAfter,
                vanishAfter,
                hang != null && hang,
                ignoreCancel == null ? Duration.ZERO : ignoreCancel,
                cancelUnconfirmed != null && cancelUnconfirmed,
                Times.of(collect),
                Times.of(teardown));
    }

    @JsonClassDescription("a failing provision")
    record Provision(Failure failure, int times) {
        @JsonCreator
        static Provision parse(String code) {
            return new Provision(Ending.Error.parse(code).failure(), ALWAYS);
        }

        @JsonCreator
        static Provision read(
                @JsonProperty("code") @Nullable String code,
                @JsonProperty("message") @Nullable String message,
                @JsonProperty("actor") @Nullable Actor actor,
                @JsonProperty("retryable") @Nullable Boolean retryable,
                @JsonProperty("progress") @Nullable Progress progress,
                @JsonProperty("times") @Nullable Integer times) {
            return new Provision(
                    Ending.Error.read(code, message, actor, retryable, progress, null).failure(),
                    times == null ? ALWAYS : times);
        }
    }

    /** {@code true} for once, or how often. */
    record Times(int number) {
        static Times parse(String text) {
            return new Times(
                    switch (text) {
                        case "true" -> 1;
                        case "false" -> 0;
                        default -> ScriptModule.integer(text);
                    });
        }

        static int of(@Nullable Times times) {
            return times == null ? 0 : times.number;
        }
    }

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
