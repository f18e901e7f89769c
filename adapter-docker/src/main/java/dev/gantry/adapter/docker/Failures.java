package dev.gantry.adapter.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;

/** What the engine's errors mean for Gantry. */
final class Failures {
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

    static Failure invalid(String message) {
        return new Failure(
                Code.INVALID_WORKLOAD, message, Actor.AUTHOR, false, Progress.NEVER_STARTED);
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
