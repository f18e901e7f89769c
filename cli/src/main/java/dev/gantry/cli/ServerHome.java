package dev.gantry.cli;

import dev.gantry.cli.server.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the server's program is. */
final class ServerHome {
    private ServerHome() {}

    static Path require(Environment environment) {
        Path home = environment.serverHome();
        if (home == null || !Files.exists(ServerProcess.jar(home))) {
            throw new UsageException(
                    "there is no server at %s; start through ./gantry of a clone, which builds it"
                            .formatted(
                                    home == null
                                            ? "the property gantry.server.home, which is not set"
                                            : ServerProcess.jar(home)));
        }
        return home;
    }
}
