package dev.gantry.cli.server;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stops the server when this process is killed without a chance to do so itself. A small shell
 * waits at a pipe; when the pipe closes before it was told that all is well, it stops the server.
 */
final class Watchdog implements AutoCloseable {
    private static final String SCRIPT =
            "trap '' HUP INT TERM; read -r word; [ \"$word\" = done ] || kill -TERM \"$1\"";

    private final @Nullable Process shell;

    private Watchdog(@Nullable Process shell) {
        this.shell = shell;
    }

    static Watchdog over(long process) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder("/bin/sh", "-c", SCRIPT, "gantry-watchdog", "" + process);
            keepOnly(builder.environment());
            return new Watchdog(
                    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start());
        } catch (IOException _) {
            // Without a shell the server outlives a kill of this process; nothing else is lost.
            return new Watchdog(null);
        }
    }

    private static void keepOnly(Map<String, String> environment) {
        environment.keySet().removeIf(name -> !name.equals("PATH"));
    }

    /** The server has ended. */
    @Override
    public void close() {
        if (shell == null) {
            return;
        }
        try (OutputStream pipe = shell.getOutputStream()) {
            pipe.write("done\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        } catch (IOException _) {
            // It is gone already.
        }
        try {
            shell.waitFor(1, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
