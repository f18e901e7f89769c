package dev.gantry.adapter.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** What engines answer, with both versions of cgroups. */
class MeterTest {
    private static final long MIB = 1L << 20;

    private final Meter meter =
            new Meter(
                    new Streams(
                            new ApacheDockerHttpClient.Builder()
                                    .dockerHost(URI.create("tcp://127.0.0.1:1"))
                                    .build()),
                    "c");

    private void answer(String text) throws JsonProcessingException {
        meter.take(new ObjectMapper().readTree(text));
    }

    private static String first(long cpuMillis, long usage, long max, long files) {
        return """
        {"read": "2026-11-30T13:32:33.39Z",
         "cpu_stats": {"cpu_usage": {"total_usage": %d}},
         "memory_stats": {"usage": %d, "max_usage": %d, "limit": 536870912,
           "stats": {"active_file": 1, "inactive_file": 1, "total_active_file": %d, "total_inactive_file": 0}}}
        """
                .formatted(cpuMillis * 1_000_000, usage, max, files);
    }

    private static String second(long cpuMillis, long usage, long files) {
        return """
        {"read": "2026-11-30T13:32:33.39Z",
         "cpu_stats": {"cpu_usage": {"total_usage": %d}},
         "memory_stats": {"usage": %d, "limit": 536870912,
           "stats": {"anon": 4096, "file": 9, "active_file": 0, "inactive_file": %d}}}
        """
                .formatted(cpuMillis * 1_000_000, usage, files);
    }

    private static final String OVER =
            """
            {"read": "0001-01-01T00:00:00Z", "cpu_stats": {"cpu_usage": {"total_usage": 0}}, "memory_stats": {}}
            """;

    @Test
    void knowsNothingBeforeTheFirstAnswer() throws JsonProcessingException {
        assertThat(meter.last()).isEqualTo(new Meter.Sample(null, null));

        answer(OVER);

        assertThat(meter.last()).isEqualTo(new Meter.Sample(null, null));
    }

    @Test
    void keepsTheLastAnswerWithValues() throws JsonProcessingException {
        answer(first(100, MIB, MIB, 0));
        answer(first(250, MIB, MIB, 0));
        answer(OVER);

        assertThat(meter.last()).isEqualTo(new Meter.Sample(250L, MIB));
    }

    @Test
    void takesThePeakThatTheEngineKnows() throws JsonProcessingException {
        answer(first(100, MIB, 64 * MIB, 0));

        assertThat(meter.last().peakMemoryBytes()).isEqualTo(64 * MIB);
    }

    @Test
    void takesTheHighestSampleWhereTheEngineKnowsNoPeak() throws JsonProcessingException {
        answer(second(100, 3 * MIB, 0));
        answer(second(200, 64 * MIB, 0));
        answer(second(300, 2 * MIB, 0));

        assertThat(meter.last()).isEqualTo(new Meter.Sample(300L, 64 * MIB));
    }

    @Test
    void countsNoFilesThatTheKernelKeeps() throws JsonProcessingException {
        answer(second(100, 203 * MIB, 200 * MIB));
        assertThat(meter.last().peakMemoryBytes()).isEqualTo(3 * MIB);
    }

    @Test
    void countsNoFilesInThePeakThatTheEngineKnows() throws JsonProcessingException {
        answer(first(100, 203 * MIB, 204 * MIB, 200 * MIB));
        answer(first(200, 5 * MIB, 204 * MIB, MIB));

        assertThat(meter.last().peakMemoryBytes()).isEqualTo(4 * MIB);
    }

    @Test
    void tellsNoMemoryThatTheEngineDoesNotTell() throws JsonProcessingException {
        answer("{\"cpu_stats\": {\"cpu_usage\": {\"total_usage\": 5000000}}}");

        assertThat(meter.last()).isEqualTo(new Meter.Sample(5L, null));
    }
}
