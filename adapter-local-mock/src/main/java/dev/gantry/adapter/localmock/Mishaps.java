package dev.gantry.adapter.localmock;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import java.util.List;

/** The failures that the mock reports of itself. */
final class Mishaps {
    static final String PREFIX = "LOCAL_MOCK_";

    private Mishaps() {}

    static Failure disconnected(String reason, Progress progress) {
        return new Failure(
                Code.BACKEND_UNAVAILABLE,
                "the local mock is disconnected: " + reason,
                Actor.BACKEND,
                true,
                progress);
    }

    static Failure lostReply(String name) {
        return new Failure(
                Code.BACKEND_UNAVAILABLE,
                "'%s' was provisioned, but the reply was lost, as scripted".formatted(name),
                Actor.BACKEND,
                true,
                Progress.NEVER_STARTED);
    }

    static Failure gone(String name) {
        return new Failure(
                Code.LOST,
                "nothing of '%s' is there any more".formatted(name),
                Actor.BACKEND,
                false,
                Progress.MAY_HAVE_COMMITTED);
    }

    static Failure unknownHandle(String name) {
        return new Failure(
                Code.LOST,
                "'%s' is not known to this instance; only a mock with a ledger survives a restart"
                        .formatted(name),
                Actor.PLATFORM,
                false,
                Progress.MAY_HAVE_COMMITTED);
    }

    static Failure connectionLost(String name) {
        return new Failure(
                Code.LOST,
                "the connection to '%s' was lost while it ran, as scripted".formatted(name),
                Actor.BACKEND,
                true,
                Progress.MAY_HAVE_COMMITTED);
    }

    static Failure closed(String name) {
        return new Failure(
                Code.LOST,
                "the adapter was closed while '%s' ran".formatted(name),
                Actor.PLATFORM,
                true,
                Progress.MAY_HAVE_COMMITTED);
    }

    static Failure superseded(Identity existing, int attempt) {
        return new Failure(
                Code.BACKEND_REFUSED,
                "'%s' belongs to attempt %d already, attempt %d comes too late"
                        .formatted(existing.name(), existing.attempt(), attempt),
                Actor.PLATFORM,
                false,
                Progress.NEVER_STARTED);
    }

    static Failure undead(Identity existing) {
        return new Failure(
                Code.BACKEND_REFUSED,
                "attempt %d of '%s' runs, and its death cannot be confirmed, as scripted"
                        .formatted(existing.attempt(), existing.name()),
                Actor.BACKEND,
                true,
                Progress.NEVER_STARTED);
    }

    static Failure unconfirmed(String name) {
        return new Failure(
                PREFIX + "CANCEL_UNCONFIRMED",
                "nobody confirms that '%s' is dead, as scripted".formatted(name),
                Actor.BACKEND,
                true,
                Progress.MAY_HAVE_COMMITTED);
    }

    static Failure collectBrokeOff(String name, String why) {
        return new Failure(
                PREFIX + "COLLECT_INTERRUPTED",
                "collecting from '%s' broke off: %s".formatted(name, why),
                Actor.BACKEND,
                true,
                Progress.ENDED);
    }

    static Failure teardownFailed(String name) {
        return new Failure(
                PREFIX + "TEARDOWN_FAILED",
                "'%s' could not be released, as scripted".formatted(name),
                Actor.BACKEND,
                true,
                Progress.ENDED);
    }

    static Failure badBinding(String task, List<String> problems) {
        return new Failure(
                Code.INVALID_WORKLOAD,
                "the function of task %s has a wrong local-mock block: %s"
                        .formatted(task, String.join("; ", problems)),
                Actor.AUTHOR,
                false,
                Progress.NEVER_STARTED);
    }

    static Failure ledger(RuntimeException problem, Progress progress) {
        return new Failure(
                PREFIX + "LEDGER",
                "the local mock's ledger cannot be used: " + problem.getMessage(),
                Actor.PLATFORM,
                true,
                progress);
    }

    static Failure sinkBroke(String name, RuntimeException problem) {
        return new Failure(
                PREFIX + "OBSERVATION_FAILED",
                "following '%s' broke off: %s".formatted(name, problem),
                Actor.PLATFORM,
                true,
                Progress.MAY_HAVE_COMMITTED);
    }
}
