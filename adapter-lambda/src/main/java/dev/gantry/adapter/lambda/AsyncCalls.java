package dev.gantry.adapter.lambda;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/**
 * Sends events, which Lambda keeps and runs when it can. No connection and no thread waits for a
 * function.
 */
final class AsyncCalls implements Way {
    private static final Logger LOG = System.getLogger(AsyncCalls.class.getName());

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
    private final @Nullable Records records;
    private final @Nullable AsyncEnds ends;

    AsyncCalls(
            Clients clients,
            InstantSource clock,
            EventRules rules,
            LargeInputs inputs,
            @Nullable Records records,
            @Nullable AsyncEnds ends) {
        this.clients = clients;
        this.clock = clock;
        this.rules = rules;
        this.inputs = inputs;
        this.records = records;
        this.ends = ends;
    }

    @Override
    public int mostEventBytes() {
        return MOST_BESIDE_A_RESULT;
    }

    @Override
    public void require(Call call) throws ProvisionException {
        AsyncEnds known = ends();
        inputs.require(call, event(call, known), MAX_EVENT_BYTES, KEPT);
        rules.of(call, known.queue());
    }

    private AsyncEnds ends() throws ProvisionException {
        if (ends == null) {
            throw new ProvisionException(
                    new Failure(
                            Code.BACKEND_REFUSED,
                            "mode 'async' needs a queue in which Lambda tells how events ended: set gantry.adapters.lambda.completion-queue",
                            Actor.PLATFORM,
                            false,
                            Progress.NEVER_STARTED));
        }
        return ends;
    }

    private static byte[] event(Call call, AsyncEnds ends) throws ProvisionException {
        return Envelope.of(call.attempt(), ids(call, ends));
    }

    private static Map<String, String> ids(Call call, AsyncEnds ends) {
        Map<String, String> ids = Ids.of(call.attempt().context());
        ids.put(Envelope.TOKEN, ends.token(call));
        return ids;
    }

    @Override
    public Duration longest(Call call) throws ProvisionException {
        return rules.of(call, ends().queue()).plus(call.facts().timeout());
    }

    /** From then on it is known of the attempt whether its event was sent, whoever asks. */
    @Override
    public void hold(Call call) throws ProvisionException {
        if (records == null) {
            return;
        }
        Attempt attempt = call.attempt();
        int number = attempt.context().attempt();
        try {
            if (records.isHeld(Records.of(attempt, number + 1))) {
                throw new ProvisionException(
                        new Failure(
                                Code.BACKEND_REFUSED,
                                "attempt %d of the step is there already".formatted(number + 1),
                                Actor.BACKEND,
                                false,
                                Progress.NEVER_STARTED));
            }
            if (number > 1 && isUnderWay(records, Records.of(attempt, number - 1))) {
                throw new ProvisionException(
                        Failures.earlierAttempt(
                                "attempt %d of the step has not ended, and cannot be stopped"
                                        .formatted(number - 1)));
            }
            records.hold(Records.of(attempt));
        } catch (BlobException e) {
            throw new ProvisionException(unsent(e), e);
        }
    }

    private static boolean isUnderWay(Records records, BlobName record) throws BlobException {
        return records.isHeld(record)
                && records.ended(record) == null
                && records.begun(record) != null;
    }

    private static Failure unsent(BlobException e) {
        return e.failure().of("the record of the step", Progress.NEVER_STARTED);
    }

    @Override
    public CompletableFuture<Ended> run(Call call) throws ExecutionException, ProvisionException {
        AsyncEnds known = ends();
        Duration age = rules.of(call, known.queue());
        byte[] event =
                inputs.carried(
                        call,
                        event(call, known),
                        call.target().takesReference() ? MOST_BESIDE_A_RESULT : MAX_EVENT_BYTES,
                        ids(call, known),
                        age.plus(call.facts().timeout()).plus(clients.margin()));
        Instant began = clock.instant();
        if (records != null && !isOurs(records, call, began)) {
            return known.ofOthers(call, age);
        }
        CompletableFuture<Completion> told = known.expect(call);
        Sent sent = new Sent();
        Ended refusal;
        try {
            refusal = send(call, event, sent);
        } catch (RuntimeException e) {
            if (!sent.isLeaving()) {
                takeBack(call);
            }
            throw e;
        }
        if (refusal != null) {
            known.forget(call.name());
            takeBack(call);
            return CompletableFuture.completedFuture(refusal);
        }
        return known.ofOwn(call, began, age, told);
    }

    private static boolean isOurs(Records records, Call call, Instant now)
            throws ProvisionException {
        try {
            return records.begin(Records.of(call.attempt()), now);
        } catch (BlobException e) {
            throw new ProvisionException(unsent(e), e);
        }
    }

    /** Lambda did not get the event; if that cannot be noted, it counts as sent. */
    private void takeBack(Call call) {
        try {
            if (records != null) {
                records.takeBack(Records.of(call.attempt()));
            }
        } catch (BlobException e) {
            LOG.log(Level.WARNING, "{0} counts as begun: {1}", call.name(), e.getMessage());
        }
    }

    @Override
    public CompletableFuture<Ended> reattach(Call call) throws ExecutionException {
        if (records == null) {
            return Way.super.reattach(call);
        }
        try {
            AsyncEnds known = ends();
            return known.ofOthers(call, rules.of(call, known.queue()));
        } catch (ProvisionException e) {
            throw AsyncEnds.unseen(call, e);
        }
    }

    @Override
    public Probe probe(Call call) {
        if (records == null) {
            return Way.super.probe(call);
        }
        try {
            return ends().probe(call, records);
        } catch (ProvisionException e) {
            return new Probe.Unknown(e.failure().message());
        }
    }

    /** Where the log is of what another process has seen, or nobody. */
    List<Trace> traces(Call call) throws ArtifactException {
        return ends == null ? List.of() : ends.traces(call);
    }

    /** Whatever is still told of the call is for nobody. */
    void forget(String call) {
        if (ends != null) {
            ends.forget(call);
        }
    }

    /** What Lambda said if it did not take the event; null if it took it, or may have. */
    private @Nullable Ended send(Call call, byte[] event, Sent sent) {
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
}
