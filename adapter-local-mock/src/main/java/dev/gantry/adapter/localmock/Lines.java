package dev.gantry.adapter.localmock;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gantry.spi.LogSink.Stream;
import java.util.Arrays;

/**
 * Content of any size in which every byte tells its place: numbered lines of 100 bytes. Line n,
 * from 0, is a letter ({@code o}, or {@code e} on standard error), n with leading zeros to 98
 * digits, and a line feed.
 */
final class Lines {
    static final int BYTES = 100;

    private Lines() {}

    /** Fills the whole array with the content from {@code offset} on. */
    static void fill(byte[] bytes, Stream stream, long offset) {
        byte[] line = new byte[BYTES];
        int filled = 0;
        while (filled < bytes.length) {
            long position = offset + filled;
            write(line, stream, position / BYTES);
            int from = (int) (position % BYTES);
            int length = Math.min(BYTES - from, bytes.length - filled);
            System.arraycopy(line, from, bytes, filled, length);
            filled += length;
        }
    }

    private static void write(byte[] line, Stream stream, long number) {
        Arrays.fill(line, (byte) '0');
        line[0] = (byte) (stream == Stream.STDOUT ? 'o' : 'e');
        byte[] digits = Long.toString(number).getBytes(US_ASCII);
        System.arraycopy(digits, 0, line, BYTES - 1 - digits.length, digits.length);
        line[BYTES - 1] = '\n';
    }
}
