package dev.gantry.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GantryServerTest {
    private record Ended(int code, String said) {}

    private static Ended run(String option) throws Exception {
        Process server =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                GantryServer.class.getName(),
                                option)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(server.waitFor(), said);
    }

    @Test
    void explainsItself() throws Exception {
        Ended help = run("--help");

        assertThat(help.code()).isZero();
        assertThat(help.said()).startsWith("Usage: gantry server").contains("--dev-token TOKEN");
    }

    @Test
    void refusesUnknownOptionsBeforeItStartsAnything() throws Exception {
        Ended refused = run("--prot=1");

        assertThat(refused.code()).isEqualTo(64);
        assertThat(refused.said())
                .startsWith("There is no option '--prot=1'; did you mean '--port'?\n\nUsage:");
    }
}
