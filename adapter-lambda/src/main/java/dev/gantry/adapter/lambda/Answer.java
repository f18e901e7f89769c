package dev.gantry.adapter.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a function answered: its result, or the error that it ended with.
 *
 * @param isError whether Lambda says that it is an error
 * @param payload JSON, unless a runtime of the author's own writes something else
 */
record Answer(boolean isError, byte[] payload) {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    Outcome outcome(long maxOutputBytes, @Nullable Report report) {
        Outcome.Usage usage = report == null ? Outcome.Usage.UNKNOWN : report.usage();
        if (isError) {
            return new Outcome.Failed(FunctionErrors.of(json(), report), null, usage);
        }
        byte[] output = output();
        return output.length > maxOutputBytes
                ? new Outcome.Failed(tooLarge(output.length, maxOutputBytes), null, usage)
                : new Outcome.Succeeded(output, usage);
    }

    /** What is not JSON is a text. */
    private byte[] output() {
        if (payload.length == 0) {
            return NULL;
        }
        if (json() != null) {
            return payload;
        }
        try {
            return JSON.writeValueAsBytes(new String(payload, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("text can always be written as JSON", e);
        }
    }

    private @Nullable JsonNode json() {
        try {
            JsonNode json = JSON.readTree(payload);
            return json.isMissingNode() ? null : json;
        } catch (IOException e) {
            return null;
        }
    }

    private static Failure tooLarge(long bytes, long most) {
        return new Failure(
                Code.OUTPUT_TOO_LARGE,
                "the result has %d bytes, at most %d are kept: write large results to S3 and return where they are"
                        .formatted(bytes, most),
                Actor.AUTHOR,
                false,
                Progress.ENDED);
    }
}
