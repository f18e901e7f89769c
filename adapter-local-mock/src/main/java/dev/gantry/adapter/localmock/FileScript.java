package dev.gantry.adapter.localmock;

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
record FileScript(String path, Template.@Nullable Text content, long size) {
    FileScript {
        if (path.isBlank()
                || path.startsWith("/")
                || Arrays.asList(path.split("/", -1)).contains("..")) {
            throw new IllegalArgumentException(
                    "path '%s' is not relative to the output folder".formatted(path));
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
