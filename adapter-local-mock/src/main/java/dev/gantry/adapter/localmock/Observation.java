package dev.gantry.adapter.localmock;

import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Follows one workload to its end, on a virtual thread of its own. */
final class Observation implements Runnable {
    /** How often a shared ledger is looked at for what other processes did. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    private final Resources resources;
    private final InstantSource clock;
    private final Plan plan;
    private final LogSink sink;
    private final Identity id;
    private final long blindAfterMillis;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param blindAfterMillis when the connection to the workload is lost
     */
    Observation(
            Resources resources,
            InstantSource clock,
            Plan plan,
            LogSink sink,
            long blindAfterMillis) {
        this.resources = resources;
        this.clock = clock;
        this.plan = plan;
        this.sink = sink;
        this.id = Identity.of(plan.attempt);
        this.blindAfterMillis = blindAfterMillis;
        this.thread = Thread.ofVirtual().name("local-mock " + id.name()).unstarted(this);
    }

    CompletableFuture<Outcome> begin() {
        thread.start();
        return outcome;
    }

    /** Something has changed: look now. */
    void wake() {
        LockSupport.unpark(thread);
    }

    void close() {
        closed = true;
        wake();
    }

    @Override
    public void run() {
        try {
            follow();
        } catch (RuntimeException e) {
            fail(closed ? Mishaps.closed(id.name()) : Mishaps.sinkBroke(id.name(), e));
        }
    }

    private void follow() {
        while (!outcome.isDone()) {
            Instant now = clock.instant();
            @Nullable Resource facts = resources.find(id.name());
            if (closed) {
                fail(Mishaps.closed(id.name()));
            } else if (facts == null || facts.id().attempt() != id.attempt()) {
                fail(Mishaps.gone(id.name()));
            } else {
                look(facts, now);
            }
        }
    }

    private void look(Resource facts, Instant now) {
        long ranMillis = facts.ranMillis(now);
        Pump.deliver(plan.logs, Math.min(ranMillis, blindAfterMillis), sink, () -> closed);
        if (ranMillis >= blindAfterMillis) {
            fail(Mishaps.connectionLost(id.name()));
            return;
        }
        switch (facts.at(now)) {
            case CREATED, RUNNING -> park(facts, ranMillis);
            case ENDED -> end(facts, plan.outcome());
            case CANCELLED ->
                    end(facts, new Outcome.Cancelled(Outcomes.usage(plan.answer, ranMillis)));
            case VANISHED -> fail(Mishaps.gone(id.name()));
        }
    }

    private void park(Resource facts, long ranMillis) {
        Duration untilEnd = Duration.between(clock.instant(), facts.endsAt());
        long nextMillis = Math.min(plan.logs.nextAfter(ranMillis), blindAfterMillis);
        long pause = Math.min(nanos(untilEnd), nanosUntil(nextMillis, ranMillis));
        if (resources.areShared()) {
            pause = Math.min(pause, LOOK_AGAIN.toNanos());
        }
        LockSupport.parkNanos(this, Math.max(1, pause));
    }

    private static long nanosUntil(long millis, long ranMillis) {
        return millis == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : nanos(Duration.ofMillis(millis - ranMillis));
    }

    private static long nanos(Duration duration) {
        return (duration.compareTo(LONGEST_PAUSE) < 0 ? duration : LONGEST_PAUSE).toNanos();
    }

    private void end(Resource facts, Outcome ending) {
        if (!facts.seen()) {
            Instant now = clock.instant();
            var _ =
                    resources.decide(
                            id.name(),
                            it ->
                                    it == null || it.seen() || !it.id().equals(id)
                                            ? null
                                            : new Event.Ended(id, now, how(ending)));
        }
        outcome.complete(ending);
    }

    private static String how(Outcome ending) {
        return switch (ending) {
            case Outcome.Succeeded _ -> "SUCCEEDED";
            case Outcome.Failed(Failure failure, _, _) -> failure.code();
            case Outcome.Cancelled _ -> "CANCELLED";
        };
    }

    private void fail(Failure failure) {
        outcome.completeExceptionally(new ExecutionException(failure));
    }
}
