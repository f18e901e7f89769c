package dev.gantry.adapter.k8sjob;

import dev.gantry.process.Capture;
import dev.gantry.process.StepFiles;
import dev.gantry.spi.LogSink.Stream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What a step printed and left behind, as it stands in its pod's log. */
final class StepOutput {
    private static final int PIECE = 16 * 1024;
    private static final int LONGEST_HEAD = 16 * 1024;
    private static final String NO_DIGEST = "-";
    private static final byte[] GAP =
            "[gantry: the log's beginning is gone: the node threw it away before it was read]\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final Marks marks;
    private final String mark;
    private final Capture capture;
    private final Files files;
    private final Runnable lostStart;
    private final StdoutOfLog stdout;
    private byte[] pushed = {};
    private boolean isFromTheStart;
    private boolean isWhole;
    private boolean stderrIsWhole;
    private byte @Nullable [] result;
    private long resultBytes = -1;
    private int fileCount;
    private @Nullable String refusedFile;
    private @Nullable Long cpuMillis;
    private @Nullable Long memoryBytes;

    /** Takes the step's files. */
    interface Files {
        /** Files are left where they are. */
        Files NONE = (_, _, _) -> {};

        /** Reads what it wants of the content, which is checked at its end. */
        void take(String path, long bytes, InputStream content) throws IOException;
    }

    /**
     * @param lostStart called before anything is captured of a log whose beginning is gone
     */
    StepOutput(InputStream log, String mark, Capture capture, Files files, Runnable lostStart) {
        this.lostStart = lostStart;
        this.mark = mark;
        this.marks = new Marks(mark);
        this.capture = capture;
        this.files = files;
        this.stdout =
                new StdoutOfLog(
                        log,
                        marks,
                        new StdoutOfLog.Stderr() {
                            @Override
                            public void take(byte[] bytes) {
                                capture(Stream.STDERR, bytes);
                            }

                            @Override
                            public void end() {
                                stderrIsWhole = true;
                            }
                        });
    }

    /** Reads until nothing more of the step can come, or the log is over. */
    void read() throws IOException {
        if (marks.none()) {
            isFromTheStart = true;
            copy(Long.MAX_VALUE);
            isWhole = true;
            return;
        }
        byte[] start = stdout.readNBytes(marks.length() + 1);
        isFromTheStart = isMark(start, '<');
        if (!isFromTheStart && start.length > marks.length()) {
            lostStart.run();
            capture(Stream.STDOUT, GAP);
        }
        if (!isFromTheStart) {
            pushed = start;
        }
        if (copyToMark()) {
            isWhole = leftBehind();
        }
        // What is still to come of standard error: its last line is awaited before the end.
        if (isWhole && !stderrIsWhole) {
            drain();
        }
    }

    private void drain() throws IOException {
        byte[] piece = new byte[PIECE];
        while (!stderrIsWhole && stdout.read(piece) >= 0) {
            // Standard output is over; this is the log's own end of line.
        }
    }

    private boolean isMark(byte[] bytes, char kind) {
        return Arrays.equals(bytes, (mark + kind).getBytes(StandardCharsets.US_ASCII));
    }

    private void copy(long most) throws IOException {
        byte[] piece = new byte[PIECE];
        long left = most;
        while (left > 0) {
            int count = stdout.read(piece, 0, (int) Math.min(piece.length, left));
            if (count < 0) {
                return;
            }
            left -= count;
            capture(Stream.STDOUT, Arrays.copyOf(piece, count));
        }
    }

    /** Whether the mark came that ends standard output. */
    private boolean copyToMark() throws IOException {
        byte[] bytes = new byte[PIECE];
        int to = 0;
        InputStream in = left();
        while (true) {
            int count = in.read(bytes, to, bytes.length - to);
            to += Math.max(0, count);
            int at = marks.find(bytes, 0, to);
            capture(Stream.STDOUT, Arrays.copyOf(bytes, at));
            System.arraycopy(bytes, at, bytes, 0, to - at);
            to -= at;
            // The rest begins with the mark, or what may become it.
            int missing = marks.length() + 1 - to;
            if (to > 0 && missing > 0 && count >= 0) {
                continue;
            }
            if (to > 0 && missing <= 0) {
                if (bytes[marks.length()] == '>') {
                    pushed = Arrays.copyOfRange(bytes, marks.length() + 1, to);
                    return true;
                }
                capture(Stream.STDOUT, Arrays.copyOf(bytes, 1));
                System.arraycopy(bytes, 1, bytes, 0, to - 1);
                to--;
            }
            if (count < 0) {
                capture(Stream.STDOUT, Arrays.copyOf(bytes, to));
                return false;
            }
        }
    }

    /** Standard output behind what was read too much of it. */
    private InputStream left() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (pushed.length == 0) {
                    return stdout.read(into, offset, length);
                }
                int count = Math.min(length, pushed.length);
                System.arraycopy(pushed, 0, into, offset, count);
                pushed = Arrays.copyOfRange(pushed, count, pushed.length);
                return count;
            }
        };
    }

    /** Whether all of it came, to the last mark. */
    private boolean leftBehind() throws IOException {
        InputStream in = left();
        while (true) {
            String head = head(in);
            if (head == null) {
                return false;
            }
            if (head.equals(mark + ".")) {
                return true;
            }
            String[] parts = head.split(" ", 4);
            if (mark.startsWith(head)) {
                return false;
            }
            if (parts.length < 4) {
                throw new IOException(
                        "the end of the log is not as Gantry printed it; a process that the step left running has printed too");
            }
            take(in, parts[0], Long.parseLong(parts[1]), parts[2], parts[3]);
        }
    }

    private static @Nullable String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n' && head.size() < LONGEST_HEAD) {
            head.write(next);
            next = in.read();
        }
        // The last mark has no end of line.
        return head.size() == 0 && next < 0 ? null : head.toString(StandardCharsets.UTF_8);
    }

    private void take(InputStream in, String what, long bytes, String digest, String path)
            throws IOException {
        switch (what) {
            case "large" -> resultBytes = bytes;
            case "result" -> {
                resultBytes = bytes;
                Content content = new Content(in, bytes, digest, "the result");
                result = content.readAllBytes();
                content.finish();
            }
            case "file" -> {
                fileCount++;
                Content content = new Content(in, bytes, digest, "file " + path);
                if (StepFiles.isPlain(path)) {
                    files.take(path, bytes, content);
                }
                content.finish();
            }
            case "cpu" -> cpuMillis = bytes;
            case "memory" -> memoryBytes = bytes;
            default -> {
                if (refusedFile == null) {
                    refusedFile =
                            what.equals("over")
                                    ? "%s of %d bytes".formatted(path, bytes)
                                    : "%s, which has an odd name".formatted(path);
                }
            }
        }
    }

    /** So many bytes, which must be those that the step's shell read. */
    private static final class Content extends InputStream {
        private final InputStream in;
        private final String digest;
        private final String what;
        private final MessageDigest read = Digest.sha256();
        private long left;
        private boolean checked;

        Content(InputStream in, long bytes, String digest, String what) {
            this.in = in;
            this.left = bytes;
            this.digest = digest;
            this.what = what;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0 || length == 0) {
                check();
                return left == 0 ? -1 : 0;
            }
            int count = in.read(into, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the log ends within " + what);
            }
            read.update(into, offset, count);
            left -= count;
            return count;
        }

        private void check() throws IOException {
            if (left == 0 && !checked) {
                checked = true;
                String found = HexFormat.of().formatHex(read.digest());
                if (!digest.equals(NO_DIGEST) && !digest.equals(found)) {
                    throw new IOException(
                            "%s has another digest than the step's shell read: it was changed meanwhile, or the log is damaged"
                                    .formatted(what));
                }
            }
        }

        /** Reads what nobody wanted. */
        void finish() throws IOException {
            byte[] piece = new byte[PIECE];
            while (read(piece, 0, piece.length) >= 0) {
                // Until its end.
            }
        }
    }

    private void capture(Stream stream, byte[] bytes) {
        if (bytes.length > 0) {
            capture.take(stream, capture.total(stream), bytes);
        }
    }

    /** False if the node had thrown the log's beginning away. */
    boolean isFromTheStart() {
        return isFromTheStart;
    }

    /** Whether all of it came. */
    boolean isWhole() {
        return isWhole;
    }

    /** The result file's; null if there was none, or too much of it. */
    byte @Nullable [] result() {
        return result;
    }

    /** The result file's; -1 if there was none. */
    long resultBytes() {
        return resultBytes;
    }

    int fileCount() {
        return fileCount;
    }

    /** Of the whole container. */
    @Nullable Long cpuMillis() {
        return cpuMillis;
    }

    /** The most that the container had, but for files that Linux kept in memory. */
    @Nullable Long memoryBytes() {
        return memoryBytes;
    }

    /** The first file that could not be printed. */
    @Nullable String refusedFile() {
        return refusedFile;
    }
}
