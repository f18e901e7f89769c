package dev.gantry.cli;

import dev.gantry.cli.terminal.Terminal;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the client finds around itself.
 *
 * @param home the clone of Gantry; null if it was not started from one
 * @param serverHome where the server's jar is; null if there is none
 */
record Environment(
        Map<String, String> variables,
        Path workingFolder,
        @Nullable Path home,
        @Nullable Path serverHome,
        InputStream in,
        Terminal terminal) {

    static Environment system() {
        Map<String, String> variables = System.getenv();
        return new Environment(
                variables,
                Path.of("").toAbsolutePath(),
                path(System.getProperty("gantry.home")),
                path(System.getProperty("gantry.server.home")),
                System.in,
                Terminal.system(variables));
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null || text.isEmpty() ? null : Path.of(text).toAbsolutePath();
    }

    @Nullable String variable(String name) {
        String value = variables.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** A path that a person wrote, as seen from the working folder. */
    Path resolve(Path path) {
        return workingFolder.resolve(path).normalize();
    }

    /** Where servers keep their data if nothing else is said. */
    Path dataFolder() {
        return (home == null ? workingFolder : home).resolve(".gantry");
    }

    Path demoFolder() {
        return dataFolder().resolve("demo");
    }
}
