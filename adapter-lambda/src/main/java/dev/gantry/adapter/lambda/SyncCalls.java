package dev.gantry.adapter.lambda;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.ProvisionException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;

/**
 * Calls functions and waits for their answers: each attempt is one request, which is never sent
 * again, whatever comes of it.
 */
final class SyncCalls {
    /** Of an event, with a request that waits for the answer. */
    static final int MAX_EVENT_BYTES = 6 * 1024 * 1024;

    private final Clients clients;
    private final InstantSource clock;

    SyncCalls(Clients clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /** What came of a call, and where its log is. */
    record Ended(Outcome outcome, @Nullable Trace trace) {}

    /** What no request could carry is refused before there is one. */
    static void require(Call call) throws ProvisionException {
        int bytes = call.attempt().input().length;
        if (bytes > MAX_EVENT_BYTES) {
            throw new ProvisionException(
                    Failures.invalid(
                            "the input has %d bytes, Lambda takes at most %d with a call that waits for its answer: give a reference to it instead"
                                    .formatted(bytes, MAX_EVENT_BYTES)));
        }
        if (call.target().ids() == Ids.Place.CLIENT_CONTEXT) {
            Ids.clientContext(call.attempt().context());
        }
    }

    /** Blocks until there is an answer, or none is to be expected any more. */
    Ended run(Call call) throws ExecutionException, ProvisionException {
        Instant began = clock.instant();
        Deadline deadline = Deadline.of(call, clients.margin());
        AtomicBoolean sending = new AtomicBoolean();
        try {
            InvokeResponse response =
                    clients.calls(call.access(), call.facts().timeout())
                            .invoke(request(call, deadline, () -> sending.set(true)));
            return ended(call, began, response);
        } catch (AwsServiceException e) {
            return new Ended(refused(call, e, sending.get()), null);
        } catch (ApiCallTimeoutException e) {
            return new Ended(deadline.passed(call.target()), null);
        } catch (SdkClientException e) {
            return new Ended(broken(call, e, sending.get()), null);
        }
    }

    private static InvokeRequest request(Call call, Deadline deadline, Runnable sending)
            throws ProvisionException {
        Attempt attempt = call.attempt();
        InvokeRequest.Builder request =
                InvokeRequest.builder()
                        .functionName(call.target().functionName())
                        .qualifier(call.target().qualifier())
                        .invocationType(InvocationType.REQUEST_RESPONSE)
                        .logType(LogType.TAIL)
                        .payload(SdkBytes.fromByteArrayUnsafe(attempt.input()))
                        .overrideConfiguration(it ->
                                it.apiCallTimeout(deadline.left())
                                        .putExecutionAttribute(Clients.SENDING, sending));
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

    private static Outcome refused(Call call, AwsServiceException e, boolean sent)
            throws ExecutionException {
        Failure failure = Refusals.of("function %s cannot be called".formatted(call.target()), e);
        if (!sent) {
            // Another service refused: the one that gives the credentials.
            failure =
                    new Failure(
                            Code.BACKEND_REFUSED,
                            "function %s cannot be called, as there are no credentials: %s"
                                    .formatted(call.target(), e.getMessage()),
                            Actor.PLATFORM,
                            true,
                            Progress.NEVER_STARTED);
        }
        if (failure.progress() == Progress.MAY_HAVE_COMMITTED) {
            throw new ExecutionException(failure, e);
        }
        return failed(failure);
    }

    private static Outcome broken(Call call, SdkClientException e, boolean sent)
            throws ExecutionException {
        if (e instanceof AbortedException) {
            Thread.currentThread().interrupt();
        }
        if (!sent || reachedNobody(e)) {
            return failed(
                    new Failure(
                            Code.BACKEND_UNAVAILABLE,
                            "function %s cannot be called: %s"
                                    .formatted(call.target(), Failures.reason(e)),
                            sent ? Actor.BACKEND : Actor.PLATFORM,
                            true,
                            Progress.NEVER_STARTED));
        }
        throw Failures.lost(
                "the answer of function %s was lost: %s"
                        .formatted(call.target(), Failures.reason(e)),
                e);
    }

    /** No connection was there to send anything over. */
    private static boolean reachedNobody(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof ConnectTimeoutException
                    || cause instanceof ConnectionRequestTimeoutException
                    || cause instanceof SSLHandshakeException) {
                return true;
            }
        }
        return false;
    }

    private static Outcome failed(Failure failure) {
        return new Outcome.Failed(failure, null, Outcome.Usage.UNKNOWN);
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

        Outcome passed(Target target) throws ExecutionException {
            if (!ofStep) {
                throw Failures.lost(
                        "function %s has not answered within %s, which is longer than it may run: its answer was lost"
                                .formatted(target, left),
                        null);
            }
            return failed(
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
