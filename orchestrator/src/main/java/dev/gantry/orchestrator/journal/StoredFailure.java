package dev.gantry.orchestrator.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.By;
import dev.gantry.spi.Failure.Progress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A failure as it may stand in the journal.
 *
 * @param by null in entries of the time when a code's beginning told who failed
 */
record StoredFailure(
        String code,
        String message,
        Actor actor,
        boolean retryable,
        Progress progress,
        @Nullable By by,
        @Nullable Integer status) {
    private static final Pattern SERVICE = Pattern.compile("HTTP_(\\d{1,9})|(?:HTTP|GRPC)_.*");

    @JsonDeserialize(converter = Read.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    interface Fields {}

    static final class Read extends StdConverter<StoredFailure, Failure> {
        @Override
        public Failure convert(StoredFailure stored) {
            return stored.failure();
        }
    }

    private Failure failure() {
        if (by != null) {
            return new Failure(code, message, actor, retryable, progress, by, status);
        }
        Matcher service = SERVICE.matcher(code);
        if (!service.matches()) {
            return new Failure(code, message, actor, retryable, progress);
        }
        String answered = service.group(1);
        return new Failure(
                code,
                message,
                actor,
                retryable,
                progress,
                By.SERVICE,
                answered == null ? null : Integer.valueOf(answered));
    }
}
