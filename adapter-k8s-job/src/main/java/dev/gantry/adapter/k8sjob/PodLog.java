package dev.gantry.adapter.k8sjob;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a pod's log without their times, each byte once: where a connection ends too early
 * it goes on at the last line's time, and leaves out what it had.
 */
final class PodLog extends InputStream {
    private static final int LONGEST_TIME = 64;
    private static final int LONGEST_WORDS = 200;
    private static final int PIECE = 16 * 1024;

    private final LogSource source;
    private final Progress progress;
    private final byte[] piece = new byte[PIECE];
    private int at;
    private int end;
    private volatile @Nullable InputStream connection;
    private boolean isFinal;
    private volatile boolean isOver;

    private final ByteArrayOutputStream time = new ByteArrayOutputStream();
    private boolean inTime = true;

    /** The last line's time, how many whole lines have it, and the bytes had of one that is not. */
    private @Nullable Instant last;

    private int wholeLines;
    private long partOfLine;

    /** After a new connection, until the place is found at which the old one ended. */
    private boolean searching;

    private int linesToSkip;
    private long bytesToSkip;
    private boolean skipsLine;

    /** Says how the container fares whose log it is. */
    interface Progress {
        /**
         * A connection has ended, or there is none.
         *
         * @param failure null if it ended as the log of a container does that has ended
         * @return whether the container has ended, so that the log is whole
         * @throws IOException if nobody waits any more
         */
        boolean hasEnded(@Nullable IOException failure) throws IOException;

        /** Lines are missing: the node threw them away before they were read. */
        void gap();
    }

    PodLog(LogSource source, Progress progress) {
        this.source = source;
        this.progress = progress;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (length > 0) {
            if (at == end && !fill()) {
                return -1;
            }
            if (inTime) {
                try {
                    readTime();
                } catch (LogGone e) {
                    disconnect();
                    at = end;
                    if (isFinal && last != null) {
                        // What was followed to its end is whole; the node has thrown it away since.
                        isOver = true;
                    } else {
                        isFinal = progress.hasEnded(e);
                    }
                }
            } else {
                int count = readLine(into, offset, length);
                if (count > 0) {
                    return count;
                }
            }
        }
        return 0;
    }

    /** To the line's end, or as far as there is room. */
    private int readLine(byte[] into, int offset, int length) {
        int stop = at;
        int most = (int) Math.min(end, (long) at + length);
        while (stop < most && piece[stop] != '\n') {
            stop++;
        }
        boolean whole = stop < most;
        int count = stop - at + (whole ? 1 : 0);
        int from = at;
        at += count;
        int left = 0;
        if (!skipsLine) {
            int skipped = (int) Math.min(bytesToSkip, count);
            bytesToSkip -= skipped;
            left = count - skipped;
            System.arraycopy(piece, from + skipped, into, offset, left);
            partOfLine += left;
        }
        if (whole) {
            if (!skipsLine) {
                wholeLines++;
                partOfLine = 0;
            }
            skipsLine = false;
            bytesToSkip = 0;
            inTime = true;
        }
        return left;
    }

    private void readTime() throws LogGone {
        while (at < end) {
            byte next = piece[at++];
            if (next == ' ') {
                inTime = false;
                beginLine(parse(time.toString(StandardCharsets.US_ASCII)));
                time.reset();
                return;
            }
            if (time.size() == LONGEST_TIME) {
                throw new LogGone("the node says: " + words());
            }
            time.write(next);
        }
    }

    private Instant parse(String text) throws LogGone {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new LogGone("the node says: " + words());
        }
    }

    private String words() {
        int most = Math.min(end - at, LONGEST_WORDS);
        return time.toString(StandardCharsets.UTF_8)
                + " "
                + new String(piece, at, most, StandardCharsets.UTF_8).strip();
    }

    private void beginLine(Instant now) {
        if (searching && last != null) {
            if (now.isBefore(last)) {
                skipsLine = true;
                return;
            }
            if (now.equals(last) && linesToSkip > 0) {
                linesToSkip--;
                skipsLine = true;
                return;
            }
            searching = false;
            if (now.equals(last) && partOfLine > 0) {
                bytesToSkip = partOfLine;
                return;
            }
            if (linesToSkip > 0 || partOfLine > 0) {
                progress.gap();
            }
        }
        if (!now.equals(last)) {
            last = now;
            wholeLines = 0;
        }
        partOfLine = 0;
    }

    private boolean fill() throws IOException {
        while (!isOver) {
            InputStream open = connection;
            IOException failure = null;
            try {
                if (open == null) {
                    open = connect();
                }
                int count = open.read(piece);
                if (count > 0) {
                    at = 0;
                    end = count;
                    return true;
                }
            } catch (IOException e) {
                failure = e;
            }
            disconnect();
            if (isFinal && failure == null) {
                isOver = true;
            } else {
                // What is read after the container's end is all that there is.
                isFinal = progress.hasEnded(failure);
            }
        }
        return false;
    }

    private InputStream connect() throws IOException {
        String since = last == null ? null : last.truncatedTo(ChronoUnit.SECONDS).toString();
        InputStream open = source.open(since, !isFinal);
        connection = open;
        inTime = true;
        time.reset();
        searching = last != null;
        linesToSkip = wholeLines;
        bytesToSkip = 0;
        skipsLine = false;
        return open;
    }

    /** Ends a connection that may be dead, whoever reads from it: a new one is made. */
    void disconnect() {
        InputStream open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It was given up.
            }
        }
    }

    @Override
    public void close() {
        isOver = true;
        disconnect();
    }
}
