package dev.gantry.adapter.k8sjob;

import dev.gantry.process.Refusal;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** What the API server's answers mean for Gantry. */
final class Failures {
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;
    static final int TOO_LARGE = 413;
    static final int UNPROCESSABLE = 422;
    static final int TOO_MANY = 429;
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;

    private Failures() {}

    static Failure of(String doing, RuntimeException e, Progress progress) {
        if (e instanceof IllegalStateException) {
            return new Failure(
                    Code.BACKEND_UNAVAILABLE,
                    "%s: %s".formatted(doing, e.getMessage()),
                    Actor.PLATFORM,
                    true,
                    progress);
        }
        int code = e instanceof KubernetesClientException answer ? answer.getCode() : 0;
        String why = reason(e);
        return switch (code) {
            case UNAUTHORIZED ->
                    refused(
                            "%s: the API server does not know who asks (401): mend the credentials of gantry.adapters.k8s-job.kubeconfig: %s"
                                    .formatted(doing, why),
                            Actor.PLATFORM,
                            true,
                            progress);
            case FORBIDDEN -> forbidden(doing, why, progress);
            case BAD_REQUEST, UNPROCESSABLE, TOO_LARGE ->
                    progress == Progress.NEVER_STARTED
                            ? Refusal.invalid("%s: %s".formatted(doing, why))
                            : refused(
                                    "%s: %s".formatted(doing, why), Actor.BACKEND, false, progress);
            case TOO_MANY ->
                    new Failure(
                            Code.THROTTLED,
                            "%s: the API server asks for a slower pace: %s".formatted(doing, why),
                            Actor.THROTTLED,
                            true,
                            progress);
            case NOT_FOUND, CONFLICT ->
                    refused("%s: %s".formatted(doing, why), Actor.PLATFORM, true, progress);
            default ->
                    code > 0 && code < SERVER_ERROR
                            ? refused(
                                    "%s: the API server answered %d: %s"
                                            .formatted(doing, code, why),
                                    Actor.BACKEND,
                                    false,
                                    progress)
                            : unavailable(doing, e, progress);
        };
    }

    /** Quotas and admission answer as missing permissions do; their words are another's. */
    private static Failure forbidden(String doing, String why, Progress progress) {
        boolean quota = why.contains("exceeded quota");
        return refused(
                "%s: %s: %s"
                        .formatted(
                                doing,
                                quota ? "the namespace's quota is used up" : "not allowed",
                                why),
                Actor.PLATFORM,
                quota,
                progress);
    }

    private static Failure refused(
            String message, Actor actor, boolean retryable, Progress progress) {
        return new Failure(Code.BACKEND_REFUSED, message, actor, retryable, progress);
    }

    static Failure unavailable(String doing, Throwable e, Progress progress) {
        return new Failure(
                Code.BACKEND_UNAVAILABLE,
                "%s: the API server does not answer (%s): look after it, or mend gantry.adapters.k8s-job.kubeconfig"
                        .formatted(doing, reason(e)),
                Actor.BACKEND,
                true,
                progress);
    }

    /** The API server's own words, or those of what broke. */
    static String reason(Throwable e) {
        if (e instanceof KubernetesClientException answer
                && answer.getStatus() != null
                && answer.getStatus().getMessage() != null) {
            return answer.getStatus().getMessage();
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String text = root.getMessage() == null ? "" : root.getMessage();
        return text.isBlank() ? root.getClass().getSimpleName() : text;
    }

    static boolean isGone(RuntimeException e) {
        return code(e) == NOT_FOUND;
    }

    static boolean isConflict(RuntimeException e) {
        return code(e) == CONFLICT;
    }

    /** What will be answered again, until somebody changes permissions or the request. */
    static boolean isHopeless(RuntimeException e) {
        int code = code(e);
        return code == FORBIDDEN || code == BAD_REQUEST || code == UNPROCESSABLE;
    }

    /** A patch's test failed: the object is not as it was read. */
    static boolean isStale(RuntimeException e) {
        return isConflict(e) || isGone(e) || code(e) == UNPROCESSABLE;
    }

    private static int code(RuntimeException e) {
        return e instanceof KubernetesClientException answer ? answer.getCode() : 0;
    }
}
