package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gantry.orchestrator.definition.plan.SecretException;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.mask.Mask;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets as files, as containers get them mounted: {@code <directory>/<tenant>/<name>}. A file
 * that holds a JSON object is that object, any other is a text without its last line break. A
 * change is seen within five seconds.
 */
final class SecretFiles {
    private static final Logger log = LoggerFactory.getLogger(SecretFiles.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");
    private static final int MOST_BYTES = 64 << 10;
    private static final int MOST_KNOWN = 10_000;
    private static final Duration REMEMBERED = Duration.ofSeconds(5);

    private final Path directory;
    private final Cache<Path, Known> known = Caffeine.newBuilder().maximumSize(MOST_KNOWN).build();

    private record Known(JsonNode value, long until) {}

    SecretFiles(Path directory) {
        this.directory = directory;
    }

    JsonNode get(TenantId tenant, String name) throws SecretException {
        if (!NAME.matcher(name).matches()) {
            throw new SecretException("'%s' is no name of a secret".formatted(name));
        }
        Path file = directory.resolve(tenant.value()).resolve(name);
        Known remembered = known.getIfPresent(file);
        if (remembered == null || System.nanoTime() - remembered.until() > 0) {
            known.invalidate(file);
            boolean isNew = remembered == null;
            remembered = new Known(read(file, name), System.nanoTime() + REMEMBERED.toNanos());
            if (isNew && isTooShort(remembered.value())) {
                log.warn(
                        "secret '{}' of tenant {} has a value of so few characters that it cannot be hidden where it comes back",
                        name,
                        tenant);
            }
            known.put(file, remembered);
        }
        return remembered.value();
    }

    private static JsonNode read(Path file, String name) throws SecretException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new SecretException(
                        "secret '%s' has more than %d bytes".formatted(name, MOST_BYTES));
            }
            JsonNode value = value(new String(bytes, StandardCharsets.UTF_8));
            if (value.isEmpty() && value.asText().isBlank()) {
                // Nothing would be proven with it, and nobody would notice.
                throw new SecretException("secret '%s' is empty".formatted(name));
            }
            return value;
        } catch (NoSuchFileException e) {
            throw new SecretException("there is no secret '%s' for this tenant".formatted(name));
        } catch (IOException e) {
            // Not the message: it names a path of the host.
            throw new SecretException(
                    "secret '%s' cannot be read: %s".formatted(name, e.getClass().getSimpleName()));
        }
    }

    private static boolean isTooShort(JsonNode value) {
        if (value.isTextual()) {
            return !Mask.isMasked(value.textValue());
        }
        for (JsonNode part : value) {
            if (isTooShort(part)) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode value(String text) {
        if (text.stripLeading().startsWith("{")) {
            try {
                JsonNode object = Json.read(text.getBytes(StandardCharsets.UTF_8));
                if (object.isObject()) {
                    return object;
                }
            } catch (IOException notJson) {
                return TextNode.valueOf(text);
            }
        }
        return TextNode.valueOf(
                text.endsWith("\r\n")
                        ? text.substring(0, text.length() - 2)
                        : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    }
}
