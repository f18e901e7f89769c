package dev.gantry.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gantry.spi.LogSink.Stream;
import java.util.Arrays;

/**
 * Text in which every byte tells where it belongs, so that a lost, doubled, moved or altered byte
 * is seen. Line n, counted from 0, is the stream's letter ({@code o} for standard output and files,
 * {@code e} for standard error), n in decimal with leading zeros to 98 digits, and a line feed; the
 * last line is cut where the size says. With awk: {@code printf "o%098d\n", n}.
 */
public final class LogPattern {
    /** Bytes in a line, its line feed included. */
    public static final int LINE_BYTES = 100;

    private LogPattern() {}

    /** The bytes of the pattern from {@code offset} on. */
    public static byte[] bytes(Stream stream, long offset, int count) {
        byte[] bytes = new byte[count];
        byte[] line = new byte[LINE_BYTES];
        int filled = 0;
        while (filled < count) {
            long position = offset + filled;
            fillLine(line, stream, position / LINE_BYTES);
            int from = (int) (position % LINE_BYTES);
            int length = Math.min(LINE_BYTES - from, count - filled);
            System.arraycopy(line, from, bytes, filled, length);
            filled += length;
        }
        return bytes;
    }

    private static void fillLine(byte[] line, Stream stream, long number) {
        Arrays.fill(line, (byte) '0');
        line[0] = (byte) (stream == Stream.STDOUT ? 'o' : 'e');
        byte[] digits = Long.toString(number).getBytes(US_ASCII);
        System.arraycopy(digits, 0, line, LINE_BYTES - 1 - digits.length, digits.length);
        line[LINE_BYTES - 1] = '\n';
    }
}
