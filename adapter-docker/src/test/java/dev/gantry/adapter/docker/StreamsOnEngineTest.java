package dev.gantry.adapter.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Printed;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Probe;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.Workload;
import dev.gantry.spi.Workload.Result;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every byte of both streams comes, whoever was there when it was printed. */
class StreamsOnEngineTest {
    /** Around the parts of 16 KiB in which the engine's log keeps a line, and their multiples. */
    private static final List<Integer> LENGTHS =
            List.of(0, 1, 16_382, 16_383, 16_384, 16_385, 32_767, 32_768, 32_769, 40_000);

    private final Bench bench = new Bench(Map.of());

    @AfterEach
    void close() {
        bench.close();
    }

    /** Lines of all lengths to both streams, the last one as it is given. */
    private static String script(String last) {
        StringBuilder script = new StringBuilder("x() { head -c $1 /dev/zero | tr '\\0' $2; }\n");
        for (int length : LENGTHS) {
            script.append("x %d o; echo; x %d e >&2; echo >&2\n".formatted(length, length));
        }
        return script + "printf '\\377\\000\\r\\t\\n'\n" + last;
    }

    private static byte[] expected(String letter, String before, String last) {
        StringBuilder all = new StringBuilder();
        LENGTHS.forEach(length -> all.append(letter.repeat(length)).append('\n'));
        return (all + before + last).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static final String ODD = "\377\000\r\t\n";

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 16_384, 20_000})
    void giveEveryByteToWhoIsThere(int last) throws Exception {
        Bench.Left left = bench.run(Steps.shell(Result.CODE, script("x %d z".formatted(last))));

        assertThat(left.printed().bytes(Stream.STDOUT))
                .isEqualTo(expected("o", ODD, "z".repeat(last)));
        assertThat(left.printed().bytes(Stream.STDERR)).isEqualTo(expected("e", "", ""));
    }

    @Test
    void giveEveryByteToWhoComesAfterTheEnd() throws Exception {
        Attempt attempt =
                Steps.of(bench.installation, Steps.shell(Result.PROCESS, script("x 5 z")));
        Handle handle = bench.adapter.provision(attempt);
        begin(handle, attempt);
        while (!(bench.adapter.probe(handle, attempt) instanceof Probe.Done)) {
            Thread.sleep(50);
        }
        try (RunnerAdapter later = Engine.adapter(bench.installation, Map.of())) {
            Printed printed = new Printed();
            Outcome outcome = later.reattach(handle, attempt, printed).get(30, TimeUnit.SECONDS);
            later.collect(handle, attempt, printed);

            assertThat(printed.bytes(Stream.STDOUT)).isEqualTo(expected("o", ODD, "zzzzz"));
            assertThat(printed.bytes(Stream.STDERR)).isEqualTo(expected("e", "", ""));
            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        }
        bench.release(handle);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x 20000 z", "x 20000 z; echo"})
    void giveEveryByteToWhoComesInTheMiddle(String last) throws Exception {
        Attempt attempt =
                Steps.of(bench.installation, Steps.shell(Result.CODE, script("sleep 3; " + last)));
        Handle handle = bench.adapter.provision(attempt);
        begin(handle, attempt);
        try (RunnerAdapter later = Engine.adapter(bench.installation, Map.of())) {
            Printed printed = new Printed();
            later.reattach(handle, attempt, printed).get(30, TimeUnit.SECONDS);
            later.collect(handle, attempt, printed);

            assertThat(printed.bytes(Stream.STDOUT))
                    .isEqualTo(
                            expected(
                                    "o",
                                    ODD,
                                    "z".repeat(20_000) + (last.endsWith("echo") ? "\n" : "")));
        }
        bench.release(handle);
    }

    /** Its result is its input. */
    private static Workload reading() {
        return new Workload.Process(
                "step",
                Engine.IMAGE,
                List.of("/bin/sh", "-c", "sleep 2; cat"),
                List.of(),
                Map.of(),
                null,
                Workload.PullPolicy.NEVER,
                Result.FUNCTION,
                Workload.Retention.REMOVE);
    }

    private static String output(Outcome outcome) {
        return new String(((Outcome.Succeeded) outcome).output(), StandardCharsets.UTF_8);
    }

    @Test
    void giveInputToWhatAKilledProcessOnlyStarted() throws Exception {
        Attempt attempt = Steps.of(bench.installation, reading());
        Handle handle = bench.adapter.provision(attempt);
        Engine.require().docker.startContainerCmd(attempt.externalName()).exec();

        Outcome outcome =
                bench.adapter.reattach(handle, attempt, new Printed()).get(30, TimeUnit.SECONDS);

        assertThat(output(outcome)).isEqualTo("{}");
        bench.release(handle);
    }

    @Test
    void giveInputOnceHoweverOftenItIsOffered() throws Exception {
        Attempt attempt = Steps.of(bench.installation, reading());
        Handle handle = bench.adapter.provision(attempt);
        begin(handle, attempt);

        Outcome outcome =
                bench.adapter.reattach(handle, attempt, new Printed()).get(30, TimeUnit.SECONDS);

        assertThat(output(outcome)).isEqualTo("{}");
        bench.release(handle);
    }

    @Test
    void giveInputAfterWhoWasKilledBeforeTheStart() throws Exception {
        Attempt attempt = Steps.of(bench.installation, reading());
        Handle handle = bench.adapter.provision(attempt);
        Connection killed =
                new Connection(
                        URI.create("unix:///var/run/docker.sock"),
                        attempt.externalName(),
                        task -> Thread.ofVirtual().start(task));
        killed.openWhole();
        killed.close();

        Outcome outcome =
                bench.adapter.run(handle, attempt, new Printed()).get(30, TimeUnit.SECONDS);

        assertThat(output(outcome)).isEqualTo("{}");
        bench.release(handle);
    }

    /** By an instance that is gone at once, as in a crash. */
    private void begin(Handle handle, Attempt attempt) throws Exception {
        try (Proxy proxy = new Proxy("/never", false, 0);
                RunnerAdapter lost =
                        Engine.adapter(bench.installation, Map.of("host", proxy.address()))) {
            var _ = lost.run(handle, attempt, new Printed());
            // Its input is there: one that is broken off before that is lost with its process.
            for (int n = 0;
                    n < 1_000
                            && (proxy.said() == 0
                                    || bench.adapter.probe(handle, attempt)
                                            instanceof Probe.NeverStarted);
                    n++) {
                Thread.sleep(20);
            }
        }
    }

    @Test
    void areNotReadAgainFromTheLog() throws Exception {
        try (Proxy proxy = new Proxy("/logs?", false, Long.MAX_VALUE);
                RunnerAdapter proxied =
                        Engine.adapter(bench.installation, Map.of("host", proxy.address()))) {
            Attempt attempt =
                    Steps.of(
                            bench.installation,
                            Steps.shell(Result.CODE, "head -c 5000000 /dev/zero"));
            Handle handle = proxied.provision(attempt);
            Printed printed = new Printed();

            var _ = proxied.run(handle, attempt, printed).get(30, TimeUnit.SECONDS);
            proxied.collect(handle, attempt, printed);

            assertThat(printed.position(Stream.STDOUT)).isEqualTo(5_000_000);
            assertThat(proxy.fired()).as("times that the log was asked for").isZero();
            bench.release(handle);
        }
    }

    @Test
    void loseNothingToASinkThatTakesItsTime() throws Exception {
        Attempt attempt =
                Steps.of(
                        bench.installation,
                        Steps.shell(
                                Result.CODE,
                                "i=0; while [ $i -lt 300000 ]; do printf '%09d\\n' $i; i=$((i+1)); done"));
        Handle handle = bench.adapter.provision(attempt);
        Printed slow =
                new Printed() {
                    private int calls;

                    @Override
                    public synchronized void write(Stream stream, long offset, byte[] bytes) {
                        if (calls++ < 4) {
                            try {
                                // Longer than the engine waits after the end.
                                Thread.sleep(1_500);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }
                        super.write(stream, offset, bytes);
                    }
                };

        var _ = bench.adapter.run(handle, attempt, slow).get(60, TimeUnit.SECONDS);

        byte[] printed = slow.bytes(Stream.STDOUT);
        assertThat(printed).hasSize(3_000_000);
        for (int i = 0; i < 300_000; i++) {
            assertThat(Arrays.copyOfRange(printed, 10 * i, 10 * i + 10))
                    .isEqualTo(
                            "%09d\n"
                                    .formatted(i)
                                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        bench.release(handle);
    }
}
