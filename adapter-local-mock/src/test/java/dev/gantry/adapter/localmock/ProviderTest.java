package dev.gantry.adapter.localmock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gantry.spi.Capability;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerAdapterProvider;
import dev.gantry.spi.RunnerAdapterProvider.AdapterContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mock as a server's configuration makes it. */
class ProviderTest {
    @TempDir Path folder;

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(RunnerAdapterProvider.class))
                .extracting(RunnerAdapterProvider::kind)
                .contains("local-mock");
    }

    @Test
    void readsItsSettings() throws IOException {
        Path script = Files.writeString(folder.resolve("script.yaml"), "rules: [{result: 1}]");

        try (RunnerAdapter mock =
                create(
                        Map.of(
                                "script",
                                script.toString(),
                                "seed",
                                "7",
                                "max-in-flight",
                                "3",
                                "ledger",
                                folder.resolve("deep/folder") + "/"))) {
            assertThat(mock.health().detail()).isEqualTo("local mock, rules: 1, seed: 7");
            assertThat(mock.capabilities().maxInFlight()).isEqualTo(3);
            assertThat(mock.capabilities().can(Capability.REATTACH)).isTrue();
        }
        assertThat(folder.resolve("deep/folder").resolve(LedgerFile.DEFAULT_NAME)).exists();
    }

    @Test
    void needsNoSettings() {
        try (RunnerAdapter mock = create(Map.of())) {
            assertThat(mock.health().isConnected()).isTrue();
            assertThat(mock.capabilities().can(Capability.PROVISIONS_RESOURCES)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scrpt | x | local-mock: unknown setting 'scrpt'; did you mean 'script'?",
                "seed | x | local-mock: seed: 'x' is not a whole number",
                "max-in-flight | 0 | local-mock: max-in-flight '0' is not a whole number from 1",
                "script | /nowhere.yaml | local-mock: script '/nowhere.yaml' cannot be read",
                "ledger | /proc/none/x | local-mock: ledger '/proc/none/x' cannot be used",
            })
    void refusesAWrongSetting(String setting, String value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> create(Map.of(setting, value)))
                .withMessageStartingWith(message);
    }

    @Test
    void refusesAWrongScriptWithItsFileAndLine() throws IOException {
        Path script = Files.writeString(folder.resolve("script.yaml"), "rules:\n  - lateny: 1s\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> create(Map.of("script", script.toString())))
                .withMessage(
                        script
                                + ": line 2, column 5: unknown key 'lateny' in a rule;"
                                + " did you mean 'latency'?");
    }

    private static RunnerAdapter create(Map<String, String> settings) {
        return new LocalMockProvider().create(new AdapterContext("test", settings));
    }
}
