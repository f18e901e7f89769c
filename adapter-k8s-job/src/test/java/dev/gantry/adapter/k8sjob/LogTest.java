package dev.gantry.adapter.k8sjob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.process.Capture;
import dev.gantry.spi.Limits;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Workload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Both streams, result and files come whole out of a log, wherever its connections break. */
class LogTest {
    private static final String MARK = "0123456789abcdef0123456789abcdef";
    private static final int ENTRY = 16 * 1024;
    private static final Instant START = Instant.parse("2026-11-30T10:00:00Z");

    /** A node's log: entries with times, some of which are no line's end. */
    private static final class NodeLog implements LogSource {
        private record Entry(Instant time, byte[] bytes, boolean endsLine) {}

        private final List<Entry> entries = new ArrayList<>();
        private final Random random;
        private Instant now = START;
        private boolean breaks;
        private int connections;

        NodeLog(Random random) {
            this.random = random;
        }

        /**
         * As a container runtime writes what a process prints: in lines, or pieces of long ones.
         */
        void print(byte[] bytes) {
            for (int from = 0; from < bytes.length; ) {
                int to = from;
                while (to < bytes.length && to - from < ENTRY && bytes[to] != '\n') {
                    to++;
                }
                boolean endsLine = to < bytes.length && bytes[to] == '\n';
                add(Arrays.copyOfRange(bytes, from, to), endsLine);
                from = endsLine ? to + 1 : to;
            }
        }

        private void add(byte[] bytes, boolean endsLine) {
            // Several lines may have one time.
            now = now.plusMillis(random.nextInt(4) == 0 ? random.nextInt(900) : 0);
            entries.add(new Entry(now, bytes, endsLine));
        }

        @Override
        public InputStream open(@Nullable String since, boolean follow) throws IOException {
            connections++;
            Instant from = since == null ? Instant.MIN : Instant.parse(since);
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            boolean newLine = true;
            for (Entry entry : entries) {
                if (!entry.time().isBefore(from)) {
                    if (newLine) {
                        text.writeBytes((entry.time() + " ").getBytes(UTF_8));
                    }
                    text.writeBytes(entry.bytes());
                    if (entry.endsLine()) {
                        text.write('\n');
                    }
                    newLine = entry.endsLine();
                }
            }
            byte[] all = text.toByteArray();
            boolean cut = breaks && follow && random.nextInt(10) > 0;
            int most = cut ? random.nextInt(all.length + 1) : all.length;
            boolean fails = random.nextBoolean();
            return new InputStream() {
                private final InputStream in = new ByteArrayInputStream(all, 0, most);

                @Override
                public int read() {
                    throw new AssertionError("pieces are read");
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int count = in.read(into, offset, Math.min(length, 1 + random.nextInt(30_000)));
                    if (count < 0 && cut && fails) {
                        throw new IOException("connection reset");
                    }
                    return count;
                }
            };
        }
    }

    private static final class Sink implements LogSink {
        final Map<Stream, ByteArrayOutputStream> streams = new EnumMap<>(Stream.class);

        @Override
        public void write(Stream stream, long offset, byte[] bytes) {
            ByteArrayOutputStream known = of(stream);
            assertThat(offset).isEqualTo(known.size());
            known.writeBytes(bytes);
        }

        @Override
        public long position(Stream stream) {
            return 0;
        }

        ByteArrayOutputStream of(Stream stream) {
            return streams.computeIfAbsent(stream, _ -> new ByteArrayOutputStream());
        }

        byte[] bytes(Stream stream) {
            return of(stream).toByteArray();
        }
    }

    private final Sink sink = new Sink();
    private final Map<String, byte[]> files = new TreeMap<>();
    private boolean gap;

    private StepOutput read(NodeLog log, String mark, boolean[] ended) throws IOException {
        PodLog lines =
                new PodLog(
                        log,
                        new PodLog.Progress() {
                            @Override
                            public boolean hasEnded(@Nullable IOException failure) {
                                return ended[0] || log.connections > 20;
                            }

                            @Override
                            public void gap() {
                                gap = true;
                            }
                        });
        StepOutput output =
                new StepOutput(
                        lines,
                        mark,
                        new Capture(Limits.defaults(), Workload.Result.PROCESS, sink),
                        (path, _, content) -> files.put(path, content.readAllBytes()),
                        () -> {});
        output.read();
        return output;
    }

    private static byte[] text(Random random, int bytes) {
        byte[] text = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            // With beginnings of the mark, and lines of all lengths.
            text[i] =
                    random.nextInt(2_000) == 0
                            ? (byte) '\n'
                            : (byte) MARK.charAt(random.nextInt(3));
        }
        return text;
    }

    @RepeatedTest(40)
    void losesAndDoublesNothing(RepetitionInfo info) throws IOException {
        Random random = new Random(info.getCurrentRepetition());
        byte[] stdout = text(random, random.nextInt(200_000));
        byte[] stderr = text(random, random.nextInt(20_000));
        byte[] result = text(random, random.nextInt(50_000));
        byte[] file = new byte[random.nextInt(100_000)];
        random.nextBytes(file);
        NodeLog log = new NodeLog(random);
        log.breaks = true;
        write(log, random, stdout, stderr, section(result, file));

        StepOutput output = read(log, MARK, new boolean[] {false});

        assertThat(output.isWhole()).isTrue();
        assertThat(output.isFromTheStart()).isTrue();
        assertThat(sink.bytes(LogSink.Stream.STDOUT)).isEqualTo(stdout);
        assertThat(sink.bytes(LogSink.Stream.STDERR)).isEqualTo(stderr);
        assertThat(output.result()).isEqualTo(result);
        assertThat(files).containsOnlyKeys("a file.bin");
        assertThat(files.get("a file.bin")).isEqualTo(file);
        assertThat(gap).isFalse();
    }

    /** What was changed or cut on its way is not taken for what the step left. */
    @Test
    void refusesBytesThatAreNotThoseTheShellRead() {
        byte[] file = "0123456789".repeat(10_000).getBytes(UTF_8);
        byte[] whole = section("{}".getBytes(UTF_8), file);
        byte[] changed = whole.clone();
        changed[changed.length - 5] ^= 1;

        assertThatThrownBy(() -> readLeftBehind(changed, true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("digest");
        assertThatThrownBy(() -> readLeftBehind(Arrays.copyOf(whole, whole.length / 2), false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ends within file a file.bin");
    }

    private void readLeftBehind(byte[] section, boolean ends) throws IOException {
        NodeLog log = new NodeLog(new Random(1));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((MARK + "<" + MARK + ">").getBytes(UTF_8));
        out.writeBytes(section);
        out.writeBytes((ends ? MARK + "." : "").getBytes(UTF_8));
        log.print(out.toByteArray());
        log.add((MARK + "?").getBytes(UTF_8), true);
        read(log, MARK, new boolean[] {true});
    }

    /** The node has turned its log over while nobody was there. */
    @Test
    void tellsWhereLinesAreMissing() throws Exception {
        NodeLog log = new NodeLog(new Random(1));
        for (int i = 0; i < 100; i++) {
            log.now = log.now.plusSeconds(1);
            log.print("%sline %d\n".formatted(i == 0 ? MARK + "<" : "", i).getBytes(UTF_8));
        }
        log.print((MARK + ">" + MARK + ".").getBytes(UTF_8));
        log.add((MARK + "?").getBytes(UTF_8), true);
        List<NodeLog.Entry> all = List.copyOf(log.entries);
        LogSource rotated =
                (since, follow) -> {
                    boolean first = log.connections == 0;
                    log.entries.clear();
                    log.entries.addAll(first ? all.subList(0, 10) : all.subList(50, all.size()));
                    return log.open(since, follow);
                };
        Capture capture = new Capture(Limits.defaults(), Workload.Result.PROCESS, sink);

        try (StepLog reading =
                new StepLog(
                        rotated, MARK, capture, StepOutput.Files.NONE, () -> {}, Runnable::run)) {
            StepOutput output = reading.containerHasEnded().read();

            assertThat(output.isWhole()).isTrue();
            assertThat(reading.hasGap()).isTrue();
        }
        assertThat(new String(sink.bytes(LogSink.Stream.STDOUT), UTF_8))
                .contains("line 9\n[gantry: lines may be missing here")
                .contains("read]\nline 50\n")
                .endsWith("line 99\n");
    }

    /** Gantry was away, and the node has turned its log over since. */
    @Test
    void goesOnBehindWhatIsKnownWhereTheStartIsGone() throws Exception {
        NodeLog log = new NodeLog(new Random(1));
        log.print(("line 50\nline 51\n" + MARK + ">" + MARK + ".").getBytes(UTF_8));
        log.add((MARK + "?").getBytes(UTF_8), true);
        LogSink known =
                new LogSink() {
                    @Override
                    public void write(Stream stream, long offset, byte[] bytes) {
                        sink.write(stream, offset - 1_000, bytes);
                    }

                    @Override
                    public long position(Stream stream) {
                        return 1_000;
                    }
                };
        ResumedSink resumed = new ResumedSink(known);
        Capture capture = new Capture(Limits.defaults(), Workload.Result.PROCESS, resumed);

        try (StepLog reading =
                new StepLog(
                        log,
                        MARK,
                        capture,
                        StepOutput.Files.NONE,
                        resumed::startIsLost,
                        Runnable::run)) {
            assertThat(reading.containerHasEnded().read().isFromTheStart()).isFalse();
        }
        assertThat(new String(sink.bytes(LogSink.Stream.STDOUT), UTF_8))
                .startsWith("[gantry: the log's beginning is gone")
                .endsWith("line 50\nline 51\n");
    }

    /** What the shell prints on both streams, with lines of one in the midst of the other's. */
    private static void write(
            NodeLog log, Random random, byte[] stdout, byte[] stderr, byte[] section) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((MARK + "<").getBytes(UTF_8));
        out.writeBytes(stdout);
        out.writeBytes((MARK + ">").getBytes(UTF_8));
        out.writeBytes(section);
        out.writeBytes((MARK + ".").getBytes(UTF_8));
        NodeLog printed = new NodeLog(random);
        printed.print(out.toByteArray());
        List<byte[]> lines = stderrLines(stderr);
        int line = 0;
        for (NodeLog.Entry entry : printed.entries) {
            while (line < lines.size() && random.nextInt(3) == 0) {
                log.add(lines.get(line++), true);
            }
            log.add(entry.bytes(), entry.endsLine());
        }
        while (line < lines.size()) {
            log.add(lines.get(line++), true);
        }
    }

    private static List<byte[]> stderrLines(byte[] stderr) {
        List<byte[]> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < stderr.length; i++) {
            boolean long_ = i - from == 8_000;
            if (stderr[i] == '\n' || long_) {
                lines.add(marked(long_ ? '+' : '!', stderr, from, i));
                from = long_ ? i : i + 1;
            }
        }
        lines.add(marked('?', stderr, from, stderr.length));
        return lines;
    }

    private static byte[] marked(char kind, byte[] bytes, int from, int to) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes((MARK + kind).getBytes(UTF_8));
        line.write(bytes, from, to - from);
        return line.toByteArray();
    }

    private static byte[] section(byte[] result, byte[] file) {
        ByteArrayOutputStream section = new ByteArrayOutputStream();
        section.writeBytes(
                "result %d %s -\n".formatted(result.length, digest(result)).getBytes(UTF_8));
        section.writeBytes(result);
        section.writeBytes(
                "file %d %s a file.bin\n".formatted(file.length, digest(file)).getBytes(UTF_8));
        section.writeBytes(file);
        return section.toByteArray();
    }

    private static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(Digest.sha256().digest(bytes));
    }
}
