package dev.gantry.cli;

import dev.gantry.cli.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

@Command(
        name = "server",
        description = "Runs a server until it is stopped.",
        footer = {
            "",
            "Any setting of the server can be given as --name.of.setting=value, and options of its",
            "JVM in GANTRY_SERVER_OPTS. Ends with the server's exit code."
        })
final class ServerCommand implements Callable<Integer> {
    private final Environment environment;

    @Option(names = "--port", paramLabel = "N", description = "0 for a free one (8080).")
    private @Nullable String port;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "To listen on (127.0.0.1).")
    private @Nullable String host;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "For what must survive a restart (.gantry).")
    private @Nullable Path data;

    @Option(
            names = "--database-url",
            paramLabel = "URL",
            description = "An external PostgreSQL instead of the one in the data folder.")
    private @Nullable String databaseUrl;

    @Option(names = "--dev", description = "Development mode: makes and shows a key.")
    private boolean dev;

    @Option(
            names = "--dev-token",
            paramLabel = "KEY",
            description = "The key of development mode; implies --dev.")
    private @Nullable String devToken;

    @Option(
            names = "--new-admin-key",
            description = "Makes an administrator's key, in the data folder, though there is one.")
    private boolean newAdminKey;

    @Option(
            names = "--revoke-admin-keys",
            description = "With it: all other administrators' keys are void.")
    private boolean revokeAdminKeys;

    @Unmatched private final List<String> others = new ArrayList<>();

    ServerCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = data == null ? environment.dataFolder() : environment.resolve(data);
        try (ServerProcess server =
                ServerProcess.start(
                        ServerHome.require(environment),
                        jvmOptions(environment),
                        options(folder),
                        environment.terminal()::print)) {
            String url = server.awaitUrl();
            if (url == null) {
                return server.await();
            }
            server.remember(folder, url, key(folder));
            return server.await();
        }
    }

    private List<String> options(Path folder) {
        List<String> options = new ArrayList<>(List.of("--data", folder.toString()));
        add(options, "--port", port);
        add(options, "--host", host);
        add(options, "--database-url", databaseUrl);
        add(options, "--dev-token", devToken);
        add(options, "--dev", dev);
        add(options, "--new-admin-key", newAdminKey);
        add(options, "--revoke-admin-keys", revokeAdminKeys);
        options.addAll(others);
        return options;
    }

    private static void add(List<String> options, String name, boolean isGiven) {
        if (isGiven) {
            options.add(name);
        }
    }

    private static void add(List<String> options, String name, @Nullable String value) {
        if (value != null) {
            options.addAll(List.of(name, value));
        }
    }

    private @Nullable String key(Path folder) {
        if (devToken != null) {
            return devToken;
        }
        return readKey(folder.resolve(dev ? "dev-key" : "admin-key")).orElse(null);
    }

    /** A key that the server keeps in its data folder. */
    static Optional<String> readKey(Path file) {
        try {
            return Files.isReadable(file)
                    ? Optional.of(Files.readString(file).strip())
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    static List<String> jvmOptions(Environment environment) {
        String options = environment.variable("GANTRY_SERVER_OPTS");
        return options == null ? List.of() : List.of(options.split("\\s+"));
    }
}
