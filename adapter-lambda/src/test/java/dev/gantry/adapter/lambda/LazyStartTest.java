package dev.gantry.adapter.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.RunnerException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who does not use Lambda pays nothing for it. */
class LazyStartTest {

    /** What a server does with an adapter that nobody has configured. */
    public static final class Server {
        private Server() {}

        public static void main(String[] arguments) throws RunnerException {
            var adapter = new LambdaAdapter("test", LambdaSettings.of(Map.of()), null);
            var function = Steps.function("f");
            adapter.capabilities(function);
            adapter.check("acme", function);
            if (adapter.health().isConnected() || !adapter.owned().isEmpty()) {
                throw new IllegalStateException("it cannot be");
            }
            adapter.close();
        }
    }

    @Test
    void loadsNoClassOfTheSdkUnlessItIsConfigured() throws Exception {
        Process java =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xlog:class+load:stdout",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Server.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String loaded = new String(java.getInputStream().readAllBytes(), UTF_8);

        assertThat(java.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(java.exitValue()).as(loaded.lines().toList().getLast()).isZero();
        assertThat(loaded).contains("dev.gantry.adapter.lambda.LambdaAdapter");
        assertThat(loaded.lines().filter(line -> line.contains("software.amazon"))).isEmpty();
    }
}
