package dev.gantry.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.mask.Mask;
import dev.gantry.spi.LogSink.Stream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttemptOutputTest {
    private static final Mask MASK = Mask.of(Set.of("token-0123456789"));

    /** Whatever is looked at is due. */
    private static final Clock SLOW =
            new Clock() {
                private Instant now = Instant.EPOCH;

                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    now = now.plusSeconds(1);
                    return now;
                }
            };

    private final Memory store = new Memory();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private AttemptOutput output(boolean resumed, Mask mask) {
        return new AttemptOutput(
                store,
                new StepOutput.Owner(
                        ExecutionId.of(1_000, 1, 2, 0, 1),
                        new TenantId("acme"),
                        new Initiator(Initiator.Kind.USER, "ann"),
                        1,
                        1,
                        new StepOutput.Fence(0, 1)),
                SLOW,
                1 << 20,
                1 << 20,
                resumed,
                mask);
    }

    @Test
    void hidesSecretsInBothStreamsAcrossChunks() {
        AttemptOutput output = output(false, MASK);

        output.write(Stream.STDOUT, 0, bytes("it is token-0123"));
        output.write(Stream.STDERR, 0, bytes("tok"));
        output.write(Stream.STDOUT, 16, bytes("456789 now\n"));
        output.write(Stream.STDERR, 3, bytes("en-0123456789"));
        output.flush();

        assertThat(store.text(Stream.STDOUT)).isEqualTo("it is **************** now\n");
        assertThat(store.text(Stream.STDERR)).isEqualTo("****************");
    }

    @Test
    void keepsEveryByteOfAnAttemptWithoutSecrets() {
        AttemptOutput output = output(false, Mask.of(Set.of()));

        output.write(Stream.STDOUT, 0, bytes("token-01234"));
        output.write(Stream.STDOUT, 11, bytes("56789"));
        output.flush();

        assertThat(store.text(Stream.STDOUT)).isEqualTo("token-0123456789");
    }

    @Test
    void hidesASecretThatARestartCutInTwo() {
        String raw = "it is token-0123456789 twice token-0123456789\n";
        for (int cut = 1; cut < raw.length(); cut++) {
            store.pieces.clear();
            // What is held back goes with the process.
            AttemptOutput first = output(false, MASK);
            first.write(Stream.STDOUT, 0, bytes(raw.substring(0, cut)));
            first.flushIfDue();

            AttemptOutput second = output(true, MASK);
            int from = (int) second.position(Stream.STDOUT);
            second.write(Stream.STDOUT, from, bytes(raw.substring(from)));
            second.flush();

            assertThat(store.text(Stream.STDOUT))
                    .as("cut at %d", cut)
                    .isEqualTo("it is **************** twice ****************\n");
        }
    }

    @Test
    void goesOnWhereItsOwnStreamStands() {
        AttemptOutput output = output(false, MASK);
        output.write(Stream.STDOUT, 0, bytes("it is token-0123"));

        // The rest of the log is asked for from here; what is held back is not lost.
        assertThat(output.position(Stream.STDOUT)).isEqualTo(16);
    }

    @Test
    void hidesSecretsInFilesAndTheirNames() throws IOException {
        AttemptOutput output = output(false, MASK);
        byte[] file = bytes("\u0000\u0001key=token-0123456789\u0000\n");

        assertThat(output.wants("token-0123456789.txt", file.length)).isTrue();
        output.artifact("token-0123456789.txt", file.length, new ByteArrayInputStream(file));

        assertThat(output.wants("token-0123456789.txt", file.length)).isFalse();
        assertThat(store.files).containsOnlyKeys("***.txt");
        assertThat(store.files.get("***.txt"))
                .isEqualTo(bytes("\u0000\u0001key=****************\u0000\n"));
    }

    @Test
    void addsNothingMoreOnceTheShardIsLost() {
        AttemptOutput output = output(false, Mask.of(Set.of()));
        output.write(Stream.STDOUT, 0, bytes("mine"));
        output.flushIfDue();
        store.lost = true;
        output.write(Stream.STDOUT, 4, bytes("not mine"));
        output.flushIfDue();
        store.lost = false;
        output.write(Stream.STDOUT, 12, bytes("nor that"));
        output.flush();

        assertThat(store.text(Stream.STDOUT)).isEqualTo("mine");
    }

    /** What a table would hold. */
    private static final class Memory implements StepOutput {
        volatile boolean lost;
        final List<Piece> pieces = new ArrayList<>();
        final Map<String, byte[]> files = new HashMap<>();

        String text(Stream stream) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            pieces.stream()
                    .filter(piece -> piece.stream() == stream)
                    .forEach(piece -> {
                        assertThat(piece.offset()).isEqualTo(text.size());
                        text.writeBytes(piece.bytes());
                    });
            return text.toString(StandardCharsets.UTF_8);
        }

        @Override
        public Position position(Owner owner) {
            Map<Stream, Long> stored = new EnumMap<>(Stream.class);
            pieces.forEach(
                    piece -> stored.put(piece.stream(), piece.offset() + piece.bytes().length));
            return new Position(stored, pieces.size());
        }

        @Override
        public boolean append(Owner owner, long firstSequence, List<Piece> more) {
            if (lost) {
                return false;
            }
            more.forEach(piece ->
                    pieces.add(
                            new Piece(
                                    piece.stream(),
                                    piece.offset(),
                                    piece.at(),
                                    Arrays.copyOf(piece.bytes(), piece.bytes().length))));
            return true;
        }

        @Override
        public List<LogChunk> logs(
                TenantId tenant, ExecutionId id, int step, long from, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, Long> stored(Owner owner) {
            return Map.of();
        }

        @Override
        public boolean artifact(Owner owner, String path, long size, InputStream content)
                throws IOException {
            byte[] all = content.readAllBytes();
            assertThat(all).hasSize((int) size);
            files.put(path, all);
            return true;
        }

        @Override
        public List<ArtifactView> artifacts(TenantId tenant, ExecutionId id, int step) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<InputStream> open(TenantId tenant, ExecutionId id, int step, String path) {
            throw new UnsupportedOperationException();
        }
    }
}
