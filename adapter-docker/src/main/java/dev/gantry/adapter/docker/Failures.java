package dev.gantry.adapter.docker;

import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import java.util.regex.Pattern;

/** What the engine's errors mean for Gantry. */
final class Failures {
    private static final int TOO_MANY = 429;

    /** The engine tells only by words, below status 500, that a registry answered with no. */
    private static final Pattern NOT_THERE =
            Pattern.compile(
                    "manifest.{0,200}(unknown|not found)|repository.{0,200}(not found|does not exist)|not found: |denied|unauthorized|authentication required|no basic auth|invalid reference|no matching manifest",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private Failures() {}

    static Failure of(String doing, RuntimeException e, Progress progress) {
        if (e instanceof NotFoundException) {
            return new Failure(
                    Code.BACKEND_REFUSED,
                    "%s: %s".formatted(doing, e.getMessage()),
                    Actor.BACKEND,
                    false,
                    progress);
        }
        if (e instanceof DockerException refused && refused.getHttpStatus() > 0) {
            boolean retryable = refused.getHttpStatus() >= 500;
            return new Failure(
                    Code.BACKEND_REFUSED,
                    "%s: the engine answered %d: %s"
                            .formatted(doing, refused.getHttpStatus(), e.getMessage()),
                    retryable ? Actor.BACKEND : Actor.AUTHOR,
                    retryable,
                    progress);
        }
        return unavailable(doing, e, progress);
    }

    static Failure unavailable(String doing, Exception e, Progress progress) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new Failure(
                Code.BACKEND_UNAVAILABLE,
                "%s: the Docker engine does not answer (%s): start it, or mend gantry.adapters.docker.host"
                        .formatted(doing, root.getMessage()),
                Actor.BACKEND,
                true,
                progress);
    }

    /** A registry that does not answer is a passing fault; what it does not have is none. */
    static Failure pull(String image, RuntimeException e) {
        String text = String.valueOf(e.getMessage());
        int status = e instanceof DockerException known ? known.getHttpStatus() : 0;
        if (status == 0 && !(e instanceof DockerClientException)) {
            return unavailable(
                    "image '%s' cannot be pulled".formatted(image), e, Progress.NEVER_STARTED);
        }
        if ((status >= 400 && status < 500 && status != TOO_MANY)
                || NOT_THERE.matcher(text).find()) {
            return noImage(image, text);
        }
        boolean throttled = status == TOO_MANY || text.contains("toomanyrequests");
        return new Failure(
                throttled ? Code.THROTTLED : Code.BACKEND_UNAVAILABLE,
                "image '%s' is not on the engine, and its registry %s: %s"
                        .formatted(
                                image,
                                throttled
                                        ? "asks for a slower pace"
                                        : "does not answer as it should",
                                text),
                throttled ? Actor.THROTTLED : Actor.BACKEND,
                true,
                Progress.NEVER_STARTED);
    }

    static Failure noImage(String image, String why) {
        return new Failure(
                Code.IMAGE_NOT_FOUND,
                "image '%s' is not on the engine and cannot be had: %s; check its name, the pull policy and the registry's credentials"
                        .formatted(image, why),
                Actor.AUTHOR,
                false,
                Progress.NEVER_STARTED);
    }
}
