package dev.gantry.orchestrator.runner.call;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.By;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import org.jspecify.annotations.Nullable;

/** A call that ends without the answer that its document hopes for. */
final class CallFailed extends Exception {
    private static final long serialVersionUID = 1L;
    static final String EGRESS_REFUSED = "EGRESS_REFUSED";
    static final String AUTHENTICATION_FAILED = "AUTHENTICATION_FAILED";

    private final transient Failure failure;

    private CallFailed(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }

    static CallFailed invalid(String message) {
        return author(Code.INVALID_WORKLOAD, message, Progress.NEVER_STARTED);
    }

    /** Nothing to prove oneself with is to be had, so nothing was sent. */
    static CallFailed unauthenticated(String message) {
        return author(AUTHENTICATION_FAILED, message, Progress.NEVER_STARTED);
    }

    /** An expression failed that needed a token first, so nothing was sent. */
    static CallFailed expression(String message) {
        return author("EXPRESSION_FAILED", message, Progress.NEVER_STARTED);
    }

    static CallFailed refused(String message, boolean sent) {
        return author(EGRESS_REFUSED, message, sent ? Progress.ENDED : Progress.NEVER_STARTED);
    }

    static CallFailed tooLarge(String host, long maxBytes) {
        return author(
                Code.OUTPUT_TOO_LARGE,
                "the answer of %s has more than %d bytes".formatted(host, maxBytes),
                Progress.ENDED);
    }

    static CallFailed tooManyRedirects(String host, int most) {
        return service(
                "HTTP_TOO_MANY_REDIRECTS",
                "%s redirects more than %d times".formatted(host, most),
                Actor.AUTHOR,
                false,
                null);
    }

    private static CallFailed author(String code, String message, Progress progress) {
        return new CallFailed(new Failure(code, message, Actor.AUTHOR, false, progress));
    }

    /** Nothing was sent. */
    static CallFailed unreachable(String message) {
        return new CallFailed(
                new Failure(
                        Code.BACKEND_UNAVAILABLE,
                        message,
                        Actor.BACKEND,
                        true,
                        Progress.NEVER_STARTED));
    }

    /** It was sent, and no answer came. */
    static CallFailed unanswered(String message) {
        return new CallFailed(
                new Failure(Code.LOST, message, Actor.BACKEND, true, Progress.MAY_HAVE_COMMITTED));
    }

    static CallFailed timeout(String message, boolean sent) {
        return new CallFailed(
                new Failure(
                        Code.TIMEOUT,
                        message,
                        Actor.BACKEND,
                        true,
                        sent ? Progress.MAY_HAVE_COMMITTED : Progress.NEVER_STARTED));
    }

    static CallFailed unreadable(String message) {
        return service("HTTP_INVALID_ANSWER", message, Actor.BACKEND, false, null);
    }

    /** The service answered with a status that is not OK; its own text may repeat what it got. */
    static CallFailed grpc(String status, String message, boolean retryable) {
        Actor actor =
                switch (status) {
                    case "RESOURCE_EXHAUSTED" -> Actor.THROTTLED;
                    case "INTERNAL", "UNKNOWN", "DATA_LOSS", "ABORTED" -> Actor.BACKEND;
                    default -> Actor.AUTHOR;
                };
        return service("GRPC_" + status, message, actor, retryable, null);
    }

    static CallFailed status(String method, String host, int status) {
        boolean retryable =
                switch (status) {
                    case 408, 425, 429 -> true;
                    default -> status >= 500;
                };
        Actor actor =
                status == 429 ? Actor.THROTTLED : status >= 500 ? Actor.BACKEND : Actor.AUTHOR;
        return service(
                "HTTP_" + status,
                "%s answered a %s with status %d".formatted(host, method, status),
                actor,
                retryable,
                status);
    }

    private static CallFailed service(
            String code, String message, Actor actor, boolean retryable, @Nullable Integer status) {
        return new CallFailed(
                new Failure(code, message, actor, retryable, Progress.ENDED, By.SERVICE, status));
    }

    /** The same for what comes before the call itself, which then was not made. */
    CallFailed beforeTheCall() {
        return new CallFailed(failure.with(Progress.NEVER_STARTED));
    }

    /** The same after a redirect: what the first request did is not undone by a later failure. */
    CallFailed afterRedirect() {
        return failure.progress() == Progress.NEVER_STARTED
                ? new CallFailed(failure.with(Progress.MAY_HAVE_COMMITTED))
                : this;
    }
}
