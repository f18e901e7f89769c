package dev.gantry.adapter.k8sjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.contract.Printed;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Limits;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a real node does with logs: it turns them over, and throws them away. */
@Execution(ExecutionMode.CONCURRENT)
class LogsOnClusterTest {
    private static final String INSTALLATION = "logs";
    private static final int LINE = 8_000;
    private static @Nullable RealCluster shared;

    @BeforeAll
    static void findCluster() {
        shared = RealCluster.require();
    }

    @AfterAll
    static void removeNamespace() {
        if (shared != null) {
            shared.close();
        }
    }

    private static RealCluster cluster() {
        return Objects.requireNonNull(shared);
    }

    /** Keeps nothing of it; that lines may be missing is no word of the step's. */
    private static final class Checked implements LogSink {
        private final CRC32 crc = new CRC32();
        private long bytes;
        private long notices;

        @Override
        public synchronized void write(Stream stream, long offset, byte[] piece) {
            if (stream == Stream.STDOUT && piece[0] == '[') {
                notices += piece.length;
            } else if (stream == Stream.STDOUT) {
                assertThat(offset).isEqualTo(bytes + notices);
                bytes += piece.length;
                crc.update(piece);
            }
        }

        @Override
        public synchronized long position(Stream stream) {
            return stream == Stream.STDOUT ? bytes + notices : 0;
        }

        synchronized long bytes() {
            return bytes;
        }

        synchronized long checksum() {
            return crc.getValue();
        }
    }

    private static long rotationBytes() {
        String node = cluster().admin.nodes().list().getItems().getFirst().getMetadata().getName();
        String config = cluster().admin.raw("/api/v1/nodes/%s/proxy/configz".formatted(node));
        Matcher size = Pattern.compile("\"containerLogMaxSize\":\"([^\"]+)\"").matcher(config);
        assertThat(size.find()).isTrue();
        return Quantity.getAmountInBytes(new Quantity(size.group(1))).longValueExact();
    }

    /** A node that has turned a log over shows only its newest file, to whoever asks anew. */
    @Test
    void losesNothingWhenTheLogIsTurnedOver() throws Exception {
        long most = rotationBytes();
        assumeTrue(most <= 256L << 20, "left out: the node keeps %d bytes".formatted(most));
        // It is over when nothing is printed, so that nothing can be lost to whoever is there.
        long lines = most / LINE + 1;
        // The kubelet looks at sizes every 10 s; what comes after that is in a new file.
        String script =
                """
                x=$(head -c %d /dev/zero | tr '\\0' x)
                lines() { awk -v x="$x" -v from=$1 -v to=$2 'BEGIN { for (i = from; i < to; i++) printf "%%010d%%s\\n", i, x }'; }
                lines 0 %d; sleep 25; lines %d %d
                echo null > $GANTRY_OUTPUT_FILE
                """
                        .formatted(LINE - 11, lines, lines, lines + 1_000);
        Limits limits =
                new Limits(
                        null, null, Duration.ofMinutes(5), 1 << 20, 2 * most + (64 << 20), 1 << 20);
        Checked sink = new Checked();
        Map<String, String> roomy = Map.of("storage-mib", Long.toString(((3 * most) >> 20) + 256));
        try (RunnerAdapter adapter = cluster().adapter(INSTALLATION, roomy)) {
            Attempt attempt = Steps.of(INSTALLATION, Shells.shell(script), limits);
            Handle handle = adapter.provision(attempt);

            Outcome outcome = adapter.run(handle, attempt, sink).get(4, TimeUnit.MINUTES);

            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
            assertThat(sink.bytes()).isEqualTo((lines + 1_000) * LINE);
            assertThat(sink.checksum()).isEqualTo(checksum(lines + 1_000));
            assertThat(startOfLog(JobRef.of(handle)))
                    .as("what the node has of the start by now")
                    .doesNotContain("0000000000");
            adapter.teardown(handle);
        }
    }

    private static String startOfLog(JobRef job) {
        String pod = new Jobs(cluster().admin).podsOf(job).getFirst().getMetadata().getName();
        return cluster()
                .admin
                .pods()
                .inNamespace(job.namespace())
                .withName(pod)
                .limitBytes(200)
                .getLog();
    }

    private static long checksum(long lines) {
        CRC32 crc = new CRC32();
        String rest = "x".repeat(LINE - 11) + "\n";
        for (long i = 0; i < lines; i++) {
            crc.update("%010d%s".formatted(i, rest).getBytes(StandardCharsets.US_ASCII));
        }
        return crc.getValue();
    }

    /** Nobody followed it, and it comes whole: a cancel does not make the node throw it away. */
    @Test
    void keepsTheLogOfWhatIsCancelled() throws Exception {
        Attempt attempt =
                Steps.of(INSTALLATION, Shells.shell("echo one; echo two; sleep 100; echo three"));
        RunnerAdapter killed = cluster().adapter(INSTALLATION, Map.of());
        Steps.Run run = Steps.Run.begin(killed, attempt);
        RealCluster.until(
                "the second line", () -> run.printed().text(Stream.STDOUT).contains("two"));
        killed.close();
        try (RunnerAdapter adapter = cluster().adapter(INSTALLATION, Map.of())) {
            adapter.cancel(run.handle(), Duration.ofSeconds(1)).get(1, TimeUnit.MINUTES);
            // Ample time for a node to clean up.
            Thread.sleep(Duration.ofSeconds(8));
            Printed printed = new Printed();

            adapter.collect(run.handle(), attempt, printed);

            assertThat(printed.text(Stream.STDOUT)).isEqualTo("one\ntwo\n");
            adapter.teardown(run.handle());
        }
    }
}
