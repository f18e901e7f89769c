package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.spi.LogSink.Stream;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An output file.
 *
 * @param path relative to the output folder
 * @param content what is in it, or null for numbered {@link Lines}
 * @param size in bytes, where there is no content
 */
@JsonClassDescription("an artifact")
record FileScript(String path, Template.@Nullable Text content, long size) {
    FileScript {
        if (path.isBlank()
                || path.startsWith("/")
                || Arrays.asList(path.split("/", -1)).contains("..")) {
            throw new IllegalArgumentException(
                    "path '%s' is not relative to the output folder".formatted(path));
        }
    }

    @JsonCreator
    static FileScript read(
            @JsonProperty("path") @Nullable String path,
            @JsonProperty("content") @Nullable Content content,
            @JsonProperty("size") @Nullable Long size) {
        if (path == null || (content == null) == (size == null)) {
            throw new IllegalArgumentException(
                    "an artifact has a 'path', and either 'content' or 'size'");
        }
        return new FileScript(path, content == null ? null : content.text, size == null ? 0 : size);
    }

    /** A text as it is, anything else as JSON. */
    record Content(Template.Text text) {
        static Content of(JsonNode json) {
            return new Content(
                    Template.Text.of(json.isTextual() ? json.textValue() : json.toString()));
        }
    }

    InputStream open(Values values) {
        return content == null
                ? new LinesStream(size)
                : new ByteArrayInputStream(content.bytes(values));
    }

    long size(Values values) {
        return content == null ? size : content.bytes(values).length;
    }

    private static final class LinesStream extends InputStream {
        private final long size;
        private long position;

        LinesStream(long size) {
            this.size = size;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, target.length);
            int count = (int) Math.min(length, size - position);
            if (count == 0) {
                return length == 0 ? 0 : -1;
            }
            byte[] bytes = new byte[count];
            Lines.fill(bytes, Stream.STDOUT, position);
            System.arraycopy(bytes, 0, target, offset, count);
            position += count;
            return count;
        }
    }
}
