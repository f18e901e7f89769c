package dev.gantry.adapter.lambda;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.ProvisionException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;

/**
 * Calls functions and waits for their answers: each attempt is one request, which is never sent
 * again, whatever comes of it.
 */
final class SyncCalls implements Way {
    /** Of an event, with a request that waits for the answer. */
    static final int MAX_EVENT_BYTES = 6 * 1024 * 1024;

    private final Clients clients;
    private final InstantSource clock;
    private final LargeInputs inputs;

    SyncCalls(Clients clients, InstantSource clock, LargeInputs inputs) {
        this.clients = clients;
        this.clock = clock;
        this.inputs = inputs;
    }

    @Override
    public int mostEventBytes() {
        return MAX_EVENT_BYTES;
    }

    @Override
    public void require(Call call) throws ProvisionException {
        inputs.require(
                call,
                event(call),
                MAX_EVENT_BYTES,
                "Lambda takes at most %d with a call that waits for its answer");
        if (call.target().ids() == Ids.Place.CLIENT_CONTEXT) {
            Ids.clientContext(call.attempt().context());
        }
    }

    /** Blocks until there is an answer, or none is to be expected any more. */
    @Override
    public CompletableFuture<Ended> run(Call call) throws ExecutionException, ProvisionException {
        Instant began = clock.instant();
        byte[] event =
                inputs.carried(
                        call,
                        event(call),
                        MAX_EVENT_BYTES,
                        ids(call),
                        call.facts().timeout().plus(clients.margin()));
        Deadline deadline = Deadline.of(call, clients.margin());
        Sent sent = new Sent();
        try {
            InvokeResponse response =
                    clients.calls(call.access(), call.facts().timeout())
                            .invoke(request(call, event, deadline, sent));
            return CompletableFuture.completedFuture(ended(call, began, response));
        } catch (ApiCallTimeoutException e) {
            return CompletableFuture.completedFuture(deadline.passed(call.target()));
        } catch (SdkException e) {
            Failure failure = sent.failure(call.target(), e);
            if (failure.progress() == Progress.MAY_HAVE_COMMITTED) {
                throw new ExecutionException(failure, e);
            }
            return CompletableFuture.completedFuture(Ended.failed(failure));
        }
    }

    private static byte[] event(Call call) throws ProvisionException {
        Attempt attempt = call.attempt();
        return call.target().ids() == Ids.Place.EVENT
                ? Envelope.of(attempt, ids(call))
                : attempt.input();
    }

    private static Map<String, String> ids(Call call) {
        return call.target().ids() == Ids.Place.EVENT ? Ids.of(call.attempt().context()) : Map.of();
    }

    private static InvokeRequest request(Call call, byte[] event, Deadline deadline, Sent sent)
            throws ProvisionException {
        Attempt attempt = call.attempt();
        InvokeRequest.Builder request =
                InvokeRequest.builder()
                        .functionName(call.target().functionName())
                        .qualifier(call.target().qualifier())
                        .invocationType(InvocationType.REQUEST_RESPONSE)
                        .logType(LogType.TAIL)
                        .payload(SdkBytes.fromByteArrayUnsafe(event))
                        .overrideConfiguration(it -> {
                            it.apiCallTimeout(deadline.left());
                            sent.attach(it);
                        });
        if (call.target().isolated()) {
            request.tenantId(attempt.context().tenant());
        }
        if (call.target().ids() == Ids.Place.CLIENT_CONTEXT) {
            request.clientContext(Ids.clientContext(attempt.context()));
        }
        return request.build();
    }

    private static Ended ended(Call call, Instant began, InvokeResponse response) {
        byte[] tail =
                response.logResult() == null
                        ? null
                        : Base64.getDecoder().decode(response.logResult());
        Trace trace =
                new Trace(
                        call.access(),
                        call.facts().logGroup(),
                        response.responseMetadata().requestId(),
                        began,
                        tail);
        Answer answer =
                new Answer(
                        response.functionError() != null, response.payload().asByteArrayUnsafe());
        return new Ended(
                answer.outcome(call.attempt().limits().maxOutputBytes(), trace.report()), trace);
    }

    /** How long an answer is waited for: what the step allows, or the function. */
    record Deadline(Duration left, boolean ofStep) {
        static Deadline of(Call call, Duration margin) {
            Duration ofFunction = call.facts().timeout().plus(margin);
            Duration ofStep = call.attempt().limits().timeout();
            return ofStep.compareTo(ofFunction) <= 0
                    ? new Deadline(ofStep, true)
                    : new Deadline(ofFunction, false);
        }

        Ended passed(Target target) throws ExecutionException {
            if (!ofStep) {
                throw Failures.lost(
                        "function %s has not answered within %s, which is longer than it may run: its answer was lost"
                                .formatted(target, left),
                        null);
            }
            return Ended.failed(
                    new Failure(
                            Code.TIMEOUT,
                            "function %s has not answered within the step's timeout of %s; it may run on until its own"
                                    .formatted(target, left),
                            Actor.AUTHOR,
                            true,
                            Progress.MAY_HAVE_COMMITTED));
        }
    }
}
