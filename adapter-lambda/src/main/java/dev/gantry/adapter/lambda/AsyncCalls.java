package dev.gantry.adapter.lambda;

import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.ProvisionException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/**
 * Sends events, which Lambda keeps and runs when it can, and learns from a queue how they ended. No
 * connection and no thread waits for a function.
 */
final class AsyncCalls implements Way {
    /** Of an event that Lambda keeps. */
    static final int MAX_EVENT_BYTES = 1024 * 1024;

    /** The queue's message has event and result in it: what takes references leaves room. */
    static final int MOST_BESIDE_A_RESULT = MAX_EVENT_BYTES / 2;

    static final String KEPT = "with the ids of its step, and Lambda keeps at most %d";

    /** Lambda takes an event at once or not at all. */
    private static final Duration ACCEPTED = Duration.ofSeconds(10);

    private final Clients clients;
    private final InstantSource clock;
    private final EventRules rules;
    private final LargeInputs inputs;
    private final @Nullable CompletionQueue queue;
    private final Reports reports;
    private final Executor threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("lambda-told-", 0).factory());

    AsyncCalls(
            Clients clients,
            InstantSource clock,
            EventRules rules,
            LargeInputs inputs,
            @Nullable CompletionQueue queue,
            Reports reports) {
        this.clients = clients;
        this.clock = clock;
        this.rules = rules;
        this.inputs = inputs;
        this.queue = queue;
        this.reports = reports;
    }

    @Override
    public int mostEventBytes() {
        return MOST_BESIDE_A_RESULT;
    }

    @Override
    public void require(Call call) throws ProvisionException {
        CompletionQueue known = queue();
        inputs.require(call, event(call, known), MAX_EVENT_BYTES, KEPT);
        rules.of(call, known);
    }

    private CompletionQueue queue() throws ProvisionException {
        if (queue == null) {
            throw new ProvisionException(
                    new Failure(
                            Code.BACKEND_REFUSED,
                            "mode 'async' needs a queue in which Lambda tells how events ended: set gantry.adapters.lambda.completion-queue",
                            Actor.PLATFORM,
                            false,
                            Progress.NEVER_STARTED));
        }
        return queue;
    }

    private static byte[] event(Call call, CompletionQueue queue) throws ProvisionException {
        return Envelope.of(call.attempt(), ids(call, queue));
    }

    private static Map<String, String> ids(Call call, CompletionQueue queue) {
        Map<String, String> ids = Ids.of(call.attempt().context());
        ids.put(Envelope.TOKEN, queue.token(call));
        return ids;
    }

    @Override
    public Duration longest(Call call) throws ProvisionException {
        return rules.of(call, queue()).plus(call.facts().timeout());
    }

    @Override
    public CompletableFuture<Ended> run(Call call) throws ExecutionException, ProvisionException {
        CompletionQueue known = queue();
        Instant began = clock.instant();
        Duration age = rules.of(call, known);
        byte[] event =
                inputs.carried(
                        call,
                        event(call, known),
                        call.target().takesReference() ? MOST_BESIDE_A_RESULT : MAX_EVENT_BYTES,
                        ids(call, known),
                        age.plus(call.facts().timeout()).plus(clients.margin()));
        String token = known.token(call);
        CompletableFuture<Completion> told = known.expect(token);
        Ended refusal = send(call, event);
        if (refusal != null) {
            known.forget(token);
            return CompletableFuture.completedFuture(refusal);
        }
        Deadline deadline = deadline(call, age);
        return told.orTimeout(deadline.left().toMillis(), TimeUnit.MILLISECONDS)
                .handleAsync(
                        (completion, failure) -> {
                            if (completion != null) {
                                return ended(call, began, completion);
                            }
                            known.forget(token);
                            return failure instanceof TimeoutException
                                    ? deadline.passed(call)
                                    : Ended.failed(Failures.lost("reading the queue was given up"));
                        },
                        threads);
    }

    /** What Lambda said if it did not take the event; null if it took it, or may have. */
    private @Nullable Ended send(Call call, byte[] event)
            throws ExecutionException, ProvisionException {
        Sent sent = new Sent();
        try {
            clients.calls(call.access(), Duration.ZERO)
                    .invoke(it -> {
                        it.functionName(call.target().functionName())
                                .qualifier(call.target().qualifier())
                                .invocationType(InvocationType.EVENT)
                                .payload(SdkBytes.fromByteArrayUnsafe(event))
                                .overrideConfiguration(o -> {
                                    o.apiCallTimeout(ACCEPTED);
                                    sent.attach(o);
                                });
                        if (call.target().isolated()) {
                            it.tenantId(call.attempt().context().tenant());
                        }
                    });
            return null;
        } catch (SdkException e) {
            Failure failure = sent.failure(call.target(), e);
            // Where the reply was lost, the queue tells whether the event was taken.
            return failure.progress() == Progress.NEVER_STARTED ? Ended.failed(failure) : null;
        }
    }

    private Ended ended(Call call, Instant began, Completion completion) {
        long most = call.attempt().limits().maxOutputBytes();
        if (completion.kind() == Completion.Kind.NEVER_BEGUN) {
            return new Ended(completion.outcome(most, null), null);
        }
        Trace trace =
                new Trace(
                        call.access(),
                        call.facts().logGroup(),
                        completion.requestId(),
                        began,
                        null);
        // It may never have run, and then no report comes.
        Report report =
                completion.kind() == Completion.Kind.GIVEN_UP
                        ? null
                        : reports.of(trace, call.leftOfHalf(began, clock.instant()));
        return new Ended(completion.outcome(most, report), trace);
    }

    /** How long a record is waited for: what the step allows, or the event and the function. */
    private record Deadline(Duration left, boolean ofStep) {
        Ended passed(Call call) {
            return Ended.failed(
                    new Failure(
                            ofStep ? Code.TIMEOUT : Code.LOST,
                            "the queue has told nothing of function %s within %s%s: it may have run, and its result is not known"
                                    .formatted(
                                            call.target(),
                                            left,
                                            ofStep ? ", the step's timeout" : ""),
                            ofStep ? Actor.AUTHOR : Actor.BACKEND,
                            true,
                            Progress.MAY_HAVE_COMMITTED));
        }
    }

    private Deadline deadline(Call call, Duration age) {
        Duration ofEvent = age.plus(call.facts().timeout()).plus(clients.margin());
        Duration ofStep = call.attempt().limits().timeout();
        return ofStep.compareTo(ofEvent) <= 0
                ? new Deadline(ofStep, true)
                : new Deadline(ofEvent, false);
    }
}
