package dev.gantry.orchestrator.mask;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.ProcessResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts stars in place of some secrets, wherever they come back. Safe to share between threads. */
public final class Mask {
    public static final String STARS = "***";

    /** Of all secrets of an attempt together: more are not looked for, so none of them is given. */
    public static final int MOST_CHARACTERS = 64 << 10;

    /** What an expression made of a secret is looked for too, unless it is a whole document. */
    public static final int LONGEST_DERIVED = 1 << 10;

    /** A process' streams are kept to their last 16 KiB: what is as long may begin in a secret. */
    private static final int SHORTEST_TAIL = 16_000;

    private static final String ELLIPSIS = "…";
    private static final int DEEPEST_CAUSE = 10;

    static final Mask NONE = new Mask(Set.of());

    private final Patterns plain = new Patterns();
    private final Patterns wrapped = new Patterns();

    private Mask(Set<String> secrets) {
        Set<String> parts = new LinkedHashSet<>();
        for (String secret : secrets) {
            if (isMasked(secret)) {
                parts.addAll(Forms.parts(secret));
            }
        }
        for (String part : parts) {
            Forms.plain(part).forEach(form -> plain.add(form.getBytes(StandardCharsets.UTF_8), 0));
            Forms.wrapped(part)
                    .forEach(form ->
                            wrapped.add(
                                    form.text().getBytes(StandardCharsets.US_ASCII),
                                    form.openness()));
        }
        plain.link();
        wrapped.link();
    }

    /** The mask of these texts; the same ones are asked for again and again. */
    public static Mask of(Set<String> secrets) {
        return secrets.isEmpty() ? NONE : Masks.get(secrets, Mask::new);
    }

    /** Whether the value is long enough to be looked for. */
    public static boolean isMasked(String value) {
        return value.strip().length() >= Forms.SHORTEST;
    }

    public boolean isEmpty() {
        return plain.size() == 1;
    }

    int size() {
        return plain.size() + wrapped.size();
    }

    /** Before a position that a stream is taken up from: enough to see a secret that spans it. */
    public long lookBack() {
        // A line break of two characters after each of an encoding's own is the worst.
        return isEmpty() ? 0 : 3L * (Math.max(plain.longest(), wrapped.longest()) + 2);
    }

    public MaskedStream stream() {
        return new MaskedStream(plain, wrapped);
    }

    /** The same bytes with stars in place of secrets, and as many. */
    public InputStream input(InputStream content) {
        return isEmpty() ? content : new MaskedInput(content, stream());
    }

    public String text(String text) {
        return isEmpty() ? text : new MaskedText(plain, wrapped).of(text);
    }

    /** Whether any of the secrets is in it. */
    public boolean isIn(byte[] bytes) {
        return !isEmpty() && new MaskedText(plain, wrapped).isIn(bytes);
    }

    public JsonNode json(JsonNode value) {
        return isEmpty() ? value : new MaskedText(plain, wrapped).of(value);
    }

    public Outcome outcome(Outcome outcome) {
        if (isEmpty()) {
            return outcome;
        }
        return switch (outcome) {
            case Outcome.Succeeded succeeded ->
                    new Outcome.Succeeded(output(succeeded.output()), succeeded.usage());
            case Outcome.Failed failed ->
                    new Outcome.Failed(
                            failure(failed.failure()), process(failed.process()), failed.usage());
            case Outcome.Cancelled cancelled -> cancelled;
        };
    }

    private byte[] output(byte[] output) {
        try {
            JsonNode json = Json.read(output);
            JsonNode masked = json(json);
            return masked.equals(json) ? output : Json.MAPPER.writeValueAsBytes(masked);
        } catch (IOException notJson) {
            return new MaskedText(plain, wrapped).of(output);
        }
    }

    private @Nullable ProcessResult process(@Nullable ProcessResult process) {
        return process == null
                ? null
                : new ProcessResult(process.code(), tail(process.stdout()), tail(process.stderr()));
    }

    private String tail(String stream) {
        return stream.length() < SHORTEST_TAIL
                ? text(stream)
                : new MaskedText(plain, wrapped).ofTail(stream);
    }

    public Failure failure(Failure failure) {
        if (isEmpty()) {
            return failure;
        }
        String message = failure.message();
        return new Failure(
                text(failure.code()),
                message.endsWith(ELLIPSIS)
                        ? new MaskedText(plain, wrapped)
                                        .ofHead(message.substring(0, message.length() - 1))
                                + ELLIPSIS
                        : text(message),
                failure.actor(),
                failure.retryable(),
                failure.progress(),
                failure.by(),
                failure.status());
    }

    /** For a log: the same with its place, but without what it says of secrets. */
    public @Nullable Throwable cause(@Nullable Throwable cause) {
        return isEmpty() ? cause : masked(cause, DEEPEST_CAUSE);
    }

    private @Nullable Throwable masked(@Nullable Throwable cause, int depth) {
        return cause == null || depth == 0
                ? null
                : new MaskedCause(
                        text(cause.toString()),
                        cause.getStackTrace(),
                        masked(cause.getCause(), depth - 1));
    }

    /** Named like what it stands for. */
    private static final class MaskedCause extends Exception {
        private static final long serialVersionUID = 1L;

        MaskedCause(String text, StackTraceElement[] trace, @Nullable Throwable cause) {
            super(text, cause, false, true);
            setStackTrace(trace);
        }
    }
}
