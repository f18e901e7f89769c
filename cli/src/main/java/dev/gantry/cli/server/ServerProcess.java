package dev.gantry.cli.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server as a child of this process. It never outlives it: not an orderly end, and not a kill.
 */
public final class ServerProcess implements AutoCloseable {
    /** What a server prints when it can be used, followed by its URL. */
    static final String LISTENS = "Gantry listens on ";

    private static final Duration GRACE = Duration.ofSeconds(40);

    private final Process process;
    private final Watchdog watchdog;
    private final Thread hook;
    private final CompletableFuture<String> url = new CompletableFuture<>();
    private volatile @Nullable Path remembered;

    private ServerProcess(Process process) {
        this.process = process;
        this.watchdog = Watchdog.over(process.pid());
        this.hook = new Thread(this::stop, "stop-server");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts the server.
     *
     * @param home where its jar is
     * @param jvmOptions more options of its JVM
     * @param options of the server
     * @param lines gets what it prints, line by line
     */
    public static ServerProcess start(
            Path home, List<String> jvmOptions, List<String> options, Consumer<String> lines)
            throws IOException {
        Process process =
                new ProcessBuilder(command(home, jvmOptions, options))
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        ServerProcess server = new ServerProcess(process);
        Thread.ofPlatform().daemon().name("server-output").start(() -> server.pump(lines));
        return server;
    }

    static List<String> command(Path home, List<String> jvmOptions, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path cache = home.resolve("gantry-server.aot");
        if (Files.exists(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.addAll(jvmOptions);
        command.add("-jar");
        command.add(jar(home).toString());
        command.addAll(options);
        return command;
    }

    public static Path jar(Path home) {
        return home.resolve("gantry-server.jar");
    }

    private void pump(Consumer<String> lines) {
        try (BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.accept(line);
                if (line.startsWith(LISTENS)) {
                    url.complete(line.substring(LISTENS.length()).strip());
                }
            }
        } catch (IOException _) {
            // The process has ended.
        }
        url.complete("");
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Waits until the server can be used.
     *
     * @return its URL; null if it ended before
     */
    public @Nullable String awaitUrl() throws InterruptedException {
        String listening = url.join();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return listening.isEmpty() ? null : listening;
    }

    /** Leaves in the data folder where it listens and with which key, until it stops. */
    public Context remember(Path dataFolder, String listening, @Nullable String key)
            throws IOException {
        Context context = new Context(listening, key, process.pid());
        context.write(dataFolder);
        remembered = dataFolder;
        return context;
    }

    /** Waits for its end and gives its exit code. */
    public int await() throws InterruptedException {
        int code = process.waitFor();
        forget();
        return code;
    }

    /** Asks it to stop, waits for that, and kills it if it does not. */
    private void stop() {
        process.destroy();
        try {
            if (!process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        ended();
    }

    private void ended() {
        watchdog.close();
        Path folder = remembered;
        if (folder != null) {
            Context.forget(folder, process.pid());
        }
    }

    private void forget() {
        ended();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // This process is ending, and the hook runs.
        }
    }

    @Override
    public void close() {
        stop();
        forget();
    }
}
