package dev.gantry.orchestrator.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A running PostgreSQL as its {@code postmaster.pid} tells it.
 *
 * @param ready whether it takes connections; otherwise it is starting, recovering or stopping
 */
record Postmaster(long pid, int port, boolean ready) {
    private static final Pattern PROGRAM = Pattern.compile("postgres$");

    /** Those that it forks have titles, such as {@code postgres: checkpointer}. */
    private static final Pattern BACKEND = Pattern.compile("postgres($|: )");

    private static final int PORT_LINE = 3;
    private static final int STATUS_LINE = 7;

    /**
     * The one that runs on the data directory. A file that a dead process left, or whose id another
     * program has by now, is no postmaster.
     */
    static Optional<Postmaster> on(Path data) throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        long pid = Long.parseLong(lines.getFirst().strip());
        if (!serves(pid, data)) {
            return Optional.empty();
        }
        int port = lines.size() > PORT_LINE ? Integer.parseInt(lines.get(PORT_LINE).strip()) : 0;
        boolean ready =
                lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
        return Optional.of(new Postmaster(pid, port, ready));
    }

    /** Whether any process of PostgreSQL works in the data directory, a postmaster or not. */
    static boolean isUsed(Path data) {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> works(process.pid(), data, BACKEND));
    }

    private static boolean serves(long pid, Path data) {
        return works(pid, data, PROGRAM);
    }

    /** PostgreSQL works in its data directory, by whatever path that was given. */
    private static boolean works(long pid, Path data, Pattern program) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            byte[] line = Files.readAllBytes(process.resolve("cmdline"));
            String name = new String(line, StandardCharsets.UTF_8).split("\0", 2)[0];
            return program.matcher(name).find() && Files.isSameFile(process.resolve("cwd"), data);
        } catch (IOException _) {
            return false;
        }
    }
}
