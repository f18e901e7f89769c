package dev.gantry.adapter.lambda;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Probe;
import dev.gantry.spi.RunnerException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How events end: told in the queue to who waits for it, and kept in the attempt's record for who
 * comes later, if there is a store.
 */
final class AsyncEnds {
    private static final Logger LOG = System.getLogger(AsyncEnds.class.getName());

    /** Into a record: each pause is a quarter longer than the one before. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    /** For a message that a process had in hand when it was killed. */
    private static final int LEAST_MARGINS = 4;

    private final Duration margin;
    private final InstantSource clock;
    private final CompletionQueue queue;
    private final @Nullable Records records;
    private final Reports reports;
    private final Executor threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("lambda-told-", 0).factory());

    /**
     * @param margin that an answer may take beyond the function's timeout
     */
    AsyncEnds(
            Duration margin,
            InstantSource clock,
            CompletionQueue queue,
            @Nullable Records records,
            Reports reports) {
        this.margin = margin;
        this.clock = clock;
        this.queue = queue;
        this.records = records;
        this.reports = reports;
    }

    CompletionQueue queue() {
        return queue;
    }

    String token(Call call) {
        return queue.token(call.name());
    }

    /** What is told of the call; to be asked for before its event is sent. */
    CompletableFuture<Completion> expect(Call call) {
        return queue.expect(token(call));
    }

    /** Whatever is still told of the call is for nobody. */
    void forget(String call) {
        queue.forget(queue.token(call));
    }

    /**
     * Of an event that this process has sent.
     *
     * @param age how long Lambda keeps it
     */
    CompletableFuture<Way.Ended> ofOwn(
            Call call, Instant began, Duration age, CompletableFuture<Completion> told) {
        Deadline deadline = deadline(call, age);
        return ended(new Awaited(call, began, deadline, deadline.after(), false), told);
    }

    /** Of an event that another process has sent, or may have. */
    CompletableFuture<Way.Ended> ofOthers(Call call, Duration age) throws ExecutionException {
        try {
            Instant began = records == null ? null : records.begun(Records.of(call.attempt()));
            if (began == null) {
                throw Failures.lost("nobody has sent the event of " + call.name(), null);
            }
            Deadline deadline = deadline(call, age);
            Duration left = deadline.after().minus(Duration.between(began, clock.instant()));
            // What was told while nobody was there is in the queue still.
            Duration least = margin.multipliedBy(LEAST_MARGINS);
            Duration patience = left.compareTo(least) > 0 ? left : least;
            return ended(new Awaited(call, began, deadline, patience, true), expect(call));
        } catch (BlobException e) {
            throw unseen(call, e);
        }
    }

    static ExecutionException unseen(Call call, RunnerException e) {
        return new ExecutionException(
                e.failure()
                        .of(
                                "%s cannot be observed".formatted(call.name()),
                                Progress.MAY_HAVE_COMMITTED),
                e);
    }

    /**
     * What is waited for.
     *
     * @param left until it is given up
     * @param isOthers whether another process has sent the event
     */
    private record Awaited(
            Call call, Instant began, Deadline deadline, Duration left, boolean isOthers) {}

    private CompletableFuture<Way.Ended> ended(
            Awaited awaited, CompletableFuture<Completion> told) {
        lookAfter(Duration.ZERO, awaited, told);
        return told.orTimeout(awaited.left().toMillis(), TimeUnit.MILLISECONDS)
                .handleAsync(
                        (first, failure) -> {
                            stopWaiting(awaited.call());
                            Completion completion =
                                    failure instanceof TimeoutException
                                            ? kept(awaited.call())
                                            : first;
                            if (completion != null) {
                                return ended(awaited.call(), awaited.began(), completion);
                            }
                            if (failure instanceof ExecutionException e) {
                                throw new CompletionException(e);
                            }
                            return failure instanceof TimeoutException
                                    ? awaited.deadline().passed(awaited.call())
                                    : Way.Ended.failed(
                                            Failures.lost("reading the queue was given up"));
                        },
                        threads);
    }

    /** What is told later may be for another process, if there is a record. */
    private void stopWaiting(Call call) {
        if (records == null) {
            forget(call.name());
        } else {
            queue.stopWaiting(token(call));
        }
    }

    private @Nullable Completion kept(Call call) {
        try {
            return records == null ? null : records.ended(Records.of(call.attempt()));
        } catch (BlobException e) {
            return null;
        }
    }

    /** Another node may have read what is for this one: its record is looked at now and then. */
    private void lookAfter(Duration pause, Awaited awaited, CompletableFuture<Completion> told) {
        Records kept = records;
        if (kept == null || told.isDone()) {
            return;
        }
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, threads)
                .execute(() -> {
                    if (told.isDone()) {
                        return;
                    }
                    look(kept, awaited, told);
                    lookAfter(longer(pause), awaited, told);
                });
    }

    private static Duration longer(Duration pause) {
        Duration longer = pause.multipliedBy(5).dividedBy(4);
        if (longer.compareTo(FIRST_PAUSE) < 0) {
            return FIRST_PAUSE;
        }
        return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }

    private void look(Records kept, Awaited awaited, CompletableFuture<Completion> told) {
        Call call = awaited.call();
        BlobName record = Records.of(call.attempt());
        try {
            Completion completion = kept.ended(record);
            if (completion != null) {
                told.complete(completion);
            } else if (awaited.isOthers() && kept.begun(record) == null) {
                told.completeExceptionally(
                        Failures.lost("the event of %s was not sent".formatted(call.name()), null));
            }
        } catch (BlobException e) {
            LOG.log(Level.DEBUG, "the record of {0} cannot be read now: {1}", call.name(), e);
        }
    }

    /** Where the log is of what another process has seen, or nobody. */
    List<Trace> traces(Call call) throws ArtifactException {
        if (records == null) {
            return List.of();
        }
        BlobName record = Records.of(call.attempt());
        try {
            Instant began = records.begun(record);
            Completion completion = records.ended(record);
            return began == null || completion == null || !completion.hasBegun()
                    ? List.of()
                    : List.of(trace(call, began, completion));
        } catch (BlobException e) {
            throw new ArtifactException(e.failure().of("the record", Progress.ENDED), e);
        }
    }

    Probe probe(Call call, Records records) {
        BlobName record = Records.of(call.attempt());
        try {
            if (!records.isHeld(record)) {
                return new Probe.Gone();
            }
            Instant began = records.begun(record);
            Completion completion = records.ended(record);
            if (completion != null) {
                Instant since = began == null ? clock.instant() : began;
                return new Probe.Done(ended(call, since, completion).outcome());
            }
            return began == null ? new Probe.NeverStarted() : new Probe.Running();
        } catch (BlobException e) {
            return new Probe.Unknown(e.failure().message());
        }
    }

    private Way.Ended ended(Call call, Instant began, Completion completion) {
        long most = call.attempt().limits().maxOutputBytes();
        if (!completion.hasBegun()) {
            return new Way.Ended(completion.outcome(most, null), null);
        }
        Trace trace = trace(call, began, completion);
        // It may never have run, and then no report comes.
        Report report =
                completion.kind() == Completion.Kind.GIVEN_UP
                        ? null
                        : reports.of(trace, call.leftOfHalf(began, clock.instant()));
        return new Way.Ended(completion.outcome(most, report), trace);
    }

    private static Trace trace(Call call, Instant began, Completion completion) {
        return new Trace(
                call.access(), call.facts().logGroup(), completion.requestId(), began, null);
    }

    /** How long a record is waited for: what the step allows, or the event and the function. */
    private record Deadline(Duration after, boolean ofStep) {
        Way.Ended passed(Call call) {
            return Way.Ended.failed(
                    new Failure(
                            ofStep ? Code.TIMEOUT : Code.LOST,
                            "the queue has told nothing of function %s within %s%s: it may have run, and its result is not known"
                                    .formatted(
                                            call.target(),
                                            after,
                                            ofStep ? ", the step's timeout" : ""),
                            ofStep ? Actor.AUTHOR : Actor.BACKEND,
                            true,
                            Progress.MAY_HAVE_COMMITTED));
        }
    }

    private Deadline deadline(Call call, Duration age) {
        Duration ofEvent = age.plus(call.facts().timeout()).plus(margin);
        Duration ofStep = call.attempt().limits().timeout();
        return ofStep.compareTo(ofEvent) <= 0
                ? new Deadline(ofStep, true)
                : new Deadline(ofEvent, false);
    }
}
