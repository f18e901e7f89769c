package dev.gantry.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.Limits;
import dev.gantry.spi.Workload;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessStartTest {
    private static final Workload.Process SCRIPT =
            Given.script(new Workload.Script("script.sh", "true"), null);

    @Test
    void tellsAProcessWhoItIs() {
        assertThat(ProcessStart.environment(SCRIPT, Given.attempt(SCRIPT)))
                .containsExactlyEntriesOf(
                        new java.util.TreeMap<>(
                                Map.ofEntries(
                                        Map.entry("LEVEL", "info"),
                                        Map.entry("GANTRY_INPUT_FILE", "/gantry/in/input.json"),
                                        Map.entry("GANTRY_OUTPUT_FILE", "/gantry/out/result.json"),
                                        Map.entry("GANTRY_ARTIFACTS", "/gantry/out/artifacts"),
                                        Map.entry("GANTRY_EXECUTION_ID", "e-1"),
                                        Map.entry("GANTRY_STEP", "7"),
                                        Map.entry("GANTRY_ATTEMPT", "2"),
                                        Map.entry("GANTRY_CORRELATION_ID", "c-1"),
                                        Map.entry("GANTRY_IDEMPOTENCY_KEY", "k-1"),
                                        Map.entry("GANTRY_TENANT", "acme"),
                                        Map.entry("GANTRY_INITIATOR", "user:ann"),
                                        Map.entry("GANTRY_INPUT", "{}"),
                                        Map.entry("TRACEPARENT", "00-trace-span-01"))));
    }

    @Test
    void takesItsOwnNamesForItself() {
        Workload.Process process =
                Given.process("tool", List.of(), Map.of("GANTRY_TENANT", "other"));

        assertThat(ProcessStart.environment(process, Given.attempt(process)))
                .containsEntry("GANTRY_TENANT", "acme");
    }

    @Test
    void givesInputAsAVariableWhereItFits() {
        String fits = "1".repeat(ProcessStart.LARGEST_VARIABLE);

        assertThat(environment(fits)).containsEntry("GANTRY_INPUT", fits);
        assertThat(environment(fits + "1")).doesNotContainKey("GANTRY_INPUT");
    }

    private static Map<String, String> environment(String input) {
        return ProcessStart.environment(SCRIPT, Given.attempt(SCRIPT, input, Limits.defaults()));
    }

    @Test
    void startsAScriptByItsPath() {
        assertThat(ProcessStart.arguments(SCRIPT)).containsExactly("/gantry/in/script.sh", "-x");
        assertThat(ProcessStart.arguments(Given.process("tool", List.of("a"), Map.of())))
                .containsExactly("a");
    }

    @Test
    void givesTheInputOnStandardInputUnlessThereIsAnother() {
        Workload.Process own = Given.script(new Workload.Script("script.sh", "true"), "own");

        assertThat(ProcessStart.stdin(SCRIPT, Given.attempt(SCRIPT)))
                .isEqualTo("{}".getBytes(UTF_8));
        assertThat(ProcessStart.stdin(own, Given.attempt(own))).isEqualTo("own".getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/passwd", "..", "a/../../b", "../a", "a/.."})
    void handsOnNoOddFiles(String path) {
        assertThat(StepFiles.isPlain(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b.txt", "..a", "a..", ".a/b"})
    void handsOnPlainFiles(String path) {
        assertThat(StepFiles.isPlain(path)).isTrue();
    }
}
