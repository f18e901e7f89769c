package dev.gantry.orchestrator.id;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a media type as a value: JSON as what it says, text as text, and everything else, and
 * what has no type, as base64 text.
 */
public final class MediaContent {
    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SHOWABLE = Pattern.compile("[A-Za-z0-9._:/+-]{1,80}");
    private static final Set<String> TEXTS =
            Set.of(
                    "application/xml",
                    "application/yaml",
                    "application/x-yaml",
                    "application/javascript",
                    "application/graphql",
                    "application/x-www-form-urlencoded");

    private MediaContent() {}

    /** What a media type is to an expression. */
    public enum Kind {
        JSON,
        TEXT,
        BYTES;

        public static Kind of(@Nullable String type) {
            String name = media(type);
            if (name.endsWith("/json") || name.endsWith("+json")) {
                return JSON;
            }
            boolean isText =
                    name.startsWith("text/") || name.endsWith("+xml") || TEXTS.contains(name);
            return isText ? TEXT : BYTES;
        }
    }

    /**
     * @param type as in a header {@code Content-Type}; null for none
     * @throws IOException if the bytes are not what the type says; the message goes on after "is"
     */
    public static JsonNode value(@Nullable String type, byte[] bytes) throws IOException {
        return switch (Kind.of(type)) {
            case JSON -> json(type, bytes);
            case TEXT -> TextNode.valueOf(text(type, bytes));
            case BYTES -> TextNode.valueOf(Base64.getEncoder().encodeToString(bytes));
        };
    }

    private static String media(@Nullable String type) {
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String charset(@Nullable String type) {
        Matcher charset = CHARSET.matcher(type == null ? "" : type);
        return charset.find() ? charset.group(1) : null;
    }

    private static JsonNode json(@Nullable String type, byte[] bytes) throws IOException {
        String charset = charset(type);
        // It says itself which Unicode it is in; some declare something else and mean it.
        boolean isUnicode = charset == null || charset.toLowerCase(Locale.ROOT).startsWith("utf");
        byte[] json = isUnicode ? bytes : text(type, bytes).getBytes(StandardCharsets.UTF_8);
        try {
            JsonNode value = Json.read(json);
            return value.isMissingNode() ? NullNode.getInstance() : value;
        } catch (StreamConstraintsException e) {
            throw new IOException(
                    "declared as %s and cannot be read: %s"
                            .formatted(shown(media(type)), Json.limit(e)),
                    e);
        } catch (IOException e) {
            throw new IOException("declared as %s and is no JSON".formatted(shown(media(type))), e);
        }
    }

    /** Never with replacements for what cannot be read: they could not be undone. */
    private static String text(@Nullable String type, byte[] bytes) throws IOException {
        String declared = charset(type);
        try {
            Charset charset = declared == null ? StandardCharsets.UTF_8 : Charset.forName(declared);
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException
                | IllegalCharsetNameException
                | UnsupportedCharsetException e) {
            throw new IOException(
                    declared == null
                            ? "text that cannot be read as UTF-8, and declares no other charset"
                            : "text that cannot be read as '%s'".formatted(shown(declared)),
                    e);
        }
    }

    private static String shown(String declared) {
        return SHOWABLE.matcher(declared).matches() ? declared : "something else";
    }
}
