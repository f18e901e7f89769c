package dev.gantry.adapter.lambda;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.ProvisionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Invocations that were lost sight of and may still run. Two attempts of one step are never alive
 * together, and none can be stopped: the next one waits until the function's timeout has ended the
 * earlier one. Only this instance knows of them.
 */
final class EarlierAttempts {
    private static final int MAX_KEPT = 100_000;

    private final Map<String, May> alive = new ConcurrentHashMap<>();

    private record May(int attempt, long untilNanos) {
        boolean isOver() {
            return System.nanoTime() - untilNanos >= 0;
        }
    }

    void mayRun(Attempt attempt, long untilNanos) {
        if (alive.size() >= MAX_KEPT) {
            alive.values().removeIf(May::isOver);
        }
        alive.put(attempt.externalName(), new May(attempt.context().attempt(), untilNanos));
    }

    /** How it ended is known after all. */
    void hasEnded(Attempt attempt) {
        alive.computeIfPresent(
                attempt.externalName(),
                (_, may) -> may.attempt() == attempt.context().attempt() ? null : may);
    }

    void require(Attempt attempt) throws ProvisionException {
        May before = alive.get(attempt.externalName());
        if (before == null || before.attempt() >= attempt.context().attempt()) {
            return;
        }
        if (before.isOver()) {
            alive.remove(attempt.externalName(), before);
            return;
        }
        throw new ProvisionException(
                Failures.earlierAttempt(
                        "attempt %d of the step may still run, for %s at most, and cannot be stopped"
                                .formatted(
                                        before.attempt(),
                                        Duration.ofNanos(before.untilNanos() - System.nanoTime())
                                                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                                                .plusSeconds(1))));
    }
}
