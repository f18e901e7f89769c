package dev.gantry.adapter.localmock;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Outcome;
import java.time.Duration;

/**
 * What one attempt will do, with everything drawn that is left to chance. Made again after a
 * restart, it is the same.
 */
final class Plan {
    /** How long after its timeout a workload ends by itself, so that Gantry can be first. */
    static final Duration OVERDUE = Duration.ofSeconds(1);

    private static final Duration LONGEST = Duration.ofDays(36_500);

    final Answer answer;
    final Attempt attempt;
    final LogPlan logs;
    private final long naturalMillis;
    private final long lifeMillis;

    Plan(Answer answer, Attempt attempt, long seed) {
        this.answer = answer;
        this.attempt = attempt;
        long latency = answer.latency().millis(seed, attempt.context());
        this.logs = logs(latency);
        boolean hangs = answer.faults().hang();
        this.naturalMillis = hangs ? Long.MAX_VALUE : Math.max(latency, logs.endMillis());
        long overdueMillis = millis(attempt.limits().timeout()) + OVERDUE.toMillis();
        this.lifeMillis = Math.min(Math.min(naturalMillis, overdueMillis), vanishMillis());
    }

    private LogPlan logs(long latency) {
        Values values = Values.of(attempt);
        return answer.ending() instanceof Ending.Exit exit
                ? LogPlan.of(
                        answer.logs(),
                        exit.stdout().text(values),
                        exit.stderr().text(values),
                        latency,
                        values)
                : LogPlan.of(answer.logs(), "", "", latency, values);
    }

    private static long millis(Duration duration) {
        return (duration.compareTo(LONGEST) < 0 ? duration : LONGEST).toMillis();
    }

    private long vanishMillis() {
        Duration after = answer.faults().vanishAfter();
        return after == null ? Long.MAX_VALUE : millis(after);
    }

    /** How long the workload lives if nobody stops it. */
    long lifeMillis() {
        return lifeMillis;
    }

    /** Whether it disappears at the end of its life, instead of ending. */
    boolean vanishes() {
        return lifeMillis == vanishMillis();
    }

    Outcome outcome() {
        return naturalMillis > lifeMillis
                ? Outcomes.overdue(answer, attempt, lifeMillis)
                : Outcomes.of(answer, attempt, lifeMillis);
    }
}
