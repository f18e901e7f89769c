package dev.gantry.cli;

import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.RefusedException;
import dev.gantry.cli.client.UnreachableException;
import dev.gantry.cli.server.ContainerEngine;
import dev.gantry.cli.server.ContainerEngine.Found;
import dev.gantry.cli.server.Context;
import dev.gantry.cli.server.ServerProcess;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server of the demo, with its log in a file. */
final class DemoServer implements AutoCloseable {
    private static final int USUAL_PORT = 8080;
    private static final int TAIL = 25;
    private static final int HEALTH_TRIES = 100;
    private static final long HEALTH_PAUSE_MILLIS = 100;

    private final ServerProcess process;
    private final Path folder;
    private @Nullable Context context;

    private DemoServer(ServerProcess process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    static DemoServer start(
            Environment environment,
            Path home,
            Path folder,
            Found containers,
            @Nullable Integer port,
            List<String> others,
            Path serverHome)
            throws IOException {
        Files.createDirectories(folder);
        return new DemoServer(
                ServerProcess.start(
                        serverHome,
                        ServerCommand.jvmOptions(environment),
                        options(home, folder, containers, port, others),
                        toFile(log(folder))),
                folder);
    }

    private static List<String> options(
            Path home, Path folder, Found containers, @Nullable Integer port, List<String> others) {
        List<String> options = new ArrayList<>();
        options.addAll(List.of("--data", folder.toString(), "--dev"));
        options.addAll(List.of("--port", "" + (port == null ? freePort() : port)));
        Path script = home.resolve("examples/mock/local-mock.yaml");
        options.add("--gantry.adapters.local-mock.script=" + script);
        // With a ledger the mock's steps survive a kill of the server, like those of a real
        // backend.
        options.add("--gantry.adapters.local-mock.ledger=" + folder.resolve("local-mock.ledger"));
        options.add("--gantry.execution.shell-image=" + ContainerEngine.IMAGE);
        if (containers instanceof Found.Nothing) {
            options.add("--gantry.placement.classes.container=local-mock");
        }
        options.addAll(others);
        return options;
    }

    /** The usual port if nobody has it. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), USUAL_PORT));
            return USUAL_PORT;
        } catch (IOException _) {
            return 0;
        }
    }

    private static java.util.function.Consumer<String> toFile(Path log) throws IOException {
        BufferedWriter writer = Files.newBufferedWriter(log);
        return line -> {
            try {
                writer.write(line);
                writer.newLine();
                writer.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static Path log(Path folder) {
        return folder.resolve("server.log");
    }

    Path log() {
        return log(folder);
    }

    List<String> logTail() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return lines.subList(Math.max(0, lines.size() - TAIL), lines.size());
    }

    /** False if it ended, or is not healthy in time. */
    boolean awaitReady() throws InterruptedException, IOException {
        String url = process.awaitUrl();
        if (url == null) {
            return false;
        }
        String key = ServerCommand.readKey(folder.resolve("dev-key")).orElse(null);
        context = process.remember(folder, url, key);
        Api api = new Api(URI.create(url), key);
        for (int i = 0; i < HEALTH_TRIES; i++) {
            if (isHealthy(api)) {
                return true;
            }
            Thread.sleep(HEALTH_PAUSE_MILLIS);
        }
        return false;
    }

    private static boolean isHealthy(Api api) {
        try {
            api.get("/actuator/health/readiness");
            return true;
        } catch (RefusedException | UnreachableException _) {
            return false;
        }
    }

    Context context() {
        if (context == null) {
            throw new IllegalStateException("the server is not ready");
        }
        return context;
    }

    int await() throws InterruptedException {
        return process.await();
    }

    @Override
    public void close() {
        process.close();
    }
}
