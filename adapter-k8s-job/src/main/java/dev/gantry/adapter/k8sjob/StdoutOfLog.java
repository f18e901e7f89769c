package dev.gantry.adapter.k8sjob;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Standard output out of a pod's one log. Lines of standard error are told by the mark; they may
 * stand in the midst of a line, where the log was written in pieces.
 */
final class StdoutOfLog extends InputStream {
    private static final int PIECE = 16 * 1024;

    private final InputStream log;
    private final Marks marks;
    private final Stderr stderr;
    private byte[] bytes = new byte[PIECE];
    private int from;
    private int to;

    /** Where the next one is, or may begin; less than {@code from} if that is not known. */
    private int mark = -1;

    private boolean inStderr;
    private char kind;
    private boolean isOver;

    /** Takes standard error. */
    interface Stderr {
        void take(byte[] bytes) throws IOException;

        /** All of it was taken. */
        void end();
    }

    StdoutOfLog(InputStream log, Marks marks, Stderr stderr) {
        this.log = log;
        this.marks = marks;
        this.stderr = stderr;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (length > 0) {
            if (inStderr) {
                if (!takeStderr()) {
                    return -1;
                }
                continue;
            }
            if (mark < from) {
                mark = marks.find(bytes, from, to);
            }
            if (mark > from) {
                return give(into, offset, Math.min(length, mark - from));
            }
            // A mark, the beginning of one, or nothing is left.
            mark = -1;
            if (to - from <= marks.length() && more()) {
                continue;
            }
            if (from == to) {
                return -1;
            }
            if (to - from > marks.length() && isOfStderr((char) bytes[from + marks.length()])) {
                kind = (char) bytes[from + marks.length()];
                from += marks.length() + 1;
                inStderr = true;
            } else {
                // A mark of standard output, or what only begins like one.
                int count = Math.min(to - from, Math.max(1, marks.length() + 1));
                return give(into, offset, Math.min(length, count));
            }
        }
        return 0;
    }

    private static boolean isOfStderr(char kind) {
        return kind == '!' || kind == '+' || kind == '?';
    }

    private int give(byte[] into, int offset, int count) {
        System.arraycopy(bytes, from, into, offset, count);
        from += count;
        return count;
    }

    private boolean takeStderr() throws IOException {
        if (from == to && !more()) {
            return false;
        }
        int stop = from;
        while (stop < to && bytes[stop] != '\n') {
            stop++;
        }
        boolean whole = stop < to;
        // Only a whole line is followed by the line break that it was printed with.
        int count = stop - from + (whole && kind == '!' ? 1 : 0);
        if (count > 0) {
            stderr.take(Arrays.copyOfRange(bytes, from, from + count));
        }
        from = whole ? stop + 1 : stop;
        inStderr = !whole;
        if (whole && kind == '?') {
            stderr.end();
        }
        return true;
    }

    private boolean more() throws IOException {
        if (isOver) {
            return false;
        }
        System.arraycopy(bytes, from, bytes, 0, to - from);
        to -= from;
        from = 0;
        mark = -1;
        int count = log.read(bytes, to, bytes.length - to);
        if (count < 0) {
            isOver = true;
            return false;
        }
        to += count;
        return true;
    }
}
