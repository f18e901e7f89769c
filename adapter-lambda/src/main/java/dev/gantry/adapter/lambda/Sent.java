package dev.gantry.adapter.lambda;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** Whether anything of one request has left, and so what it means that it failed. */
final class Sent {
    private final AtomicBoolean leaving = new AtomicBoolean();

    void attach(AwsRequestOverrideConfiguration.Builder request) {
        request.putExecutionAttribute(Clients.SENDING, () -> leaving.set(true));
    }

    boolean isLeaving() {
        return leaving.get();
    }

    /** What the service said, or that it said nothing. */
    Failure failure(Target target, SdkException e) {
        if (e instanceof AbortedException) {
            Thread.currentThread().interrupt();
        }
        String doing = "function %s cannot be called".formatted(target);
        if (!leaving.get()) {
            // Nobody was called: there are no credentials, or another service does not give them.
            return new Failure(
                    Code.BACKEND_REFUSED,
                    "%s: %s".formatted(doing, Failures.reason(e)),
                    Actor.PLATFORM,
                    true,
                    Progress.NEVER_STARTED);
        }
        if (e instanceof AwsServiceException refused) {
            return Refusals.of(doing, refused);
        }
        return reachedNobody(e)
                ? new Failure(
                        Code.BACKEND_UNAVAILABLE,
                        "%s: %s".formatted(doing, Failures.reason(e)),
                        Actor.BACKEND,
                        true,
                        Progress.NEVER_STARTED)
                : Failures.lost(
                        "the answer of function %s was lost: %s"
                                .formatted(target, Failures.reason(e)));
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
}
