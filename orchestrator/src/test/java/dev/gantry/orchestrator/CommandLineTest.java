package dev.gantry.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.orchestrator.installation.StartRefused;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    @Test
    void mapsOptionsToSettings() {
        assertThat(
                        CommandLine.parse(
                                "--port",
                                "0",
                                "--data=/d",
                                "--dev-token",
                                "t-12345678",
                                "--host=::1",
                                "--database-url",
                                "postgresql://h/db?a=b"))
                .isEqualTo(
                        Map.of(
                                "server.port", "0",
                                "gantry.data-dir", "/d",
                                "gantry.dev.token", "t-12345678",
                                "gantry.dev.enabled", "true",
                                "server.address", "::1",
                                "gantry.database.url", "postgresql://h/db?a=b"));
    }

    @Test
    void takesSettingsByTheirNames() {
        assertThat(CommandLine.parse("--dev", "--gantry.api.max-wait=5s"))
                .isEqualTo(Map.of("gantry.dev.enabled", "true", "gantry.api.max-wait", "5s"));
    }

    @Test
    void takesFlags() {
        assertThat(CommandLine.parse("--new-admin-key", "--revoke-admin-keys"))
                .isEqualTo(
                        Map.of(
                                "gantry.keys.new-admin", "true",
                                "gantry.keys.revoke-admins", "true"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --prot    | There is no option '--prot'; did you mean '--port'?
                    --dev=x   | There is no option '--dev=x'; did you mean '--dev'?
                    start     | There is no option 'start'
                    -p        | There is no option '-p'
                    --port    | The option --port has no value.
                    --a.b     | The option --a.b has no value.
                    """)
    void refusesWhatItDoesNotKnow(String argument, String message) {
        assertThatThrownBy(() -> CommandLine.parse(argument))
                .isInstanceOf(StartRefused.class)
                .hasMessage(message);
    }
}
