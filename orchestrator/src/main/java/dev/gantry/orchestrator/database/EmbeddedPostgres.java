package dev.gantry.orchestrator.database;

import dev.gantry.orchestrator.installation.DataFolder;
import dev.gantry.orchestrator.installation.StartRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL that belongs to one data folder and outlives the server if that is killed: the next
 * server on the folder takes it over as it is, or restarts it if the settings have changed.
 */
final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String USER = "gantry";
    private static final String DATABASE = "gantry";
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofMinutes(1);
    private static final long LOG_BYTES = 16L << 20;

    private final DataFolder folder;
    private final PostgresPrograms programs;
    private final Path data;
    private final Path log;
    private final String password;
    private @Nullable Endpoint endpoint;
    private int port;

    /**
     * @param binaries where the programs are unpacked; null for the data folder
     */
    EmbeddedPostgres(DataFolder folder, @Nullable Path binaries) {
        this.folder = folder;
        folder.lock();
        Path home = folder.folder("postgres");
        this.programs = PostgresPrograms.unpack(binaries == null ? home : made(binaries));
        this.data = home.resolve("data");
        this.log = home.resolve("server.log");
        this.password =
                folder.read("postgres/password")
                        .orElseGet(() -> {
                            String fresh = newPassword();
                            folder.write("postgres/password", fresh);
                            return fresh;
                        });
    }

    /** Starts it, or takes over the one that a killed server left. */
    synchronized Endpoint start() {
        try {
            boolean fresh = !Files.exists(data.resolve("PG_VERSION"));
            if (fresh) {
                initialise();
            }
            checkVersion();
            boolean changed = writeSettings();
            Optional<Postmaster> left = left();
            if (left.isPresent() && (changed || !left.get().ready())) {
                stop();
                left = Optional.empty();
            }
            port = left.isPresent() ? left.get().port() : launch();
            LOG.info(
                    "{} the embedded PostgreSQL in {} on port {}",
                    left.isPresent() ? "Took over" : "Started",
                    data,
                    port);
            if (fresh) {
                createDatabase(port);
            }
            Endpoint started = endpoint(port, DATABASE);
            endpoint = started;
            return started;
        } catch (IOException | SQLException e) {
            throw refused("can not be started: " + e, e);
        }
    }

    /** The one that runs already, once it has settled. */
    private Optional<Postmaster> left() throws IOException {
        long until = System.nanoTime() + START.toNanos();
        Optional<Postmaster> found = Postmaster.on(data);
        while (found.isPresent() && !found.get().ready() && System.nanoTime() < until) {
            pause();
            found = Postmaster.on(data);
        }
        while (found.isEmpty() && Postmaster.isUsed(data) && System.nanoTime() < until) {
            // What served the connections of one that was killed ends by itself.
            pause();
        }
        if (found.isEmpty()) {
            forgetDead();
        }
        return found;
    }

    /**
     * PostgreSQL refuses to start while any process has the id in a stale file. This folder is
     * locked by us and no process of PostgreSQL works in it, so the file says nothing.
     */
    private void forgetDead() throws IOException {
        if (Postmaster.isUsed(data)) {
            throw new IOException(
                    "processes of the PostgreSQL that died still work in %s".formatted(data));
        }
        Files.deleteIfExists(data.resolve("postmaster.pid"));
    }

    /**
     * Starts it again on the port that everybody knows, if it has died; it recovers what was
     * committed. Does not wait until it answers.
     */
    synchronized boolean revive() throws IOException {
        if (endpoint == null || Postmaster.on(data).isPresent()) {
            return false;
        }
        forgetDead();
        LOG.warn("The embedded PostgreSQL has died and is started again; its log: {}", log);
        run("start", start(port, "--no-wait"));
        return true;
    }

    private void initialise() throws IOException {
        Path unfinished = data.resolveSibling("data.new");
        // Left by a server that was killed in here.
        FileSystemUtils.deleteRecursively(unfinished);
        run(
                "initialise",
                List.of(
                        programs.initdb().toString(),
                        "--pgdata=" + unfinished,
                        "--username=" + USER,
                        "--pwfile=" + folder.path().resolve("postgres/password"),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--no-instructions"));
        Files.move(unfinished, data);
    }

    private void checkVersion() throws IOException {
        String there = Files.readString(data.resolve("PG_VERSION")).strip();
        String ours = run("ask", List.of(programs.postgres().toString(), "--version"));
        if (!ours.contains(" " + there + ".")) {
            throw new StartRefused(
                    "%s was made by PostgreSQL %s, and this is %s.".formatted(data, there, ours),
                    "Move the data with pg_dump and pg_restore, or start the Gantry that made it.");
        }
    }

    /**
     * @return whether they differ from those of the last start
     */
    private boolean writeSettings() throws IOException {
        Path file = data.resolve("postgresql.conf");
        String settings =
                PostgresTuning.settings(data.resolveSibling("extra.conf"))
                        + "# programs: "
                        + programs.home()
                        + "\n";
        if (Files.readString(file).equals(settings)) {
            return false;
        }
        Files.writeString(file, settings);
        return true;
    }

    private int launch() throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_BYTES) {
            Files.move(
                    log, log.resolveSibling("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        StartRefused last = null;
        for (int attempt = 0; attempt < 3; attempt++) {
            int port = freePort();
            try {
                run("start", start(port, "--wait"));
                return port;
            } catch (StartRefused e) {
                // Between the look for a free port and the start another program may have taken it.
                last = e;
            }
        }
        throw last == null ? refused("did not start", null) : last;
    }

    private List<String> start(int port, String wait) {
        return List.of(
                programs.pgCtl().toString(),
                "start",
                "--pgdata=" + data,
                "--log=" + log,
                "--options=-p " + port,
                wait,
                "--timeout=" + START.toSeconds());
    }

    private void createDatabase(int port) throws SQLException {
        Endpoint maintenance = endpoint(port, "postgres");
        try (Connection connection =
                        DriverManager.getConnection(maintenance.jdbcUrl(), USER, password);
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + DATABASE);
        }
    }

    private Endpoint endpoint(int port, String database) {
        return new Endpoint(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database), USER, password);
    }

    /** Open connections are cut; what was committed is safe. */
    private void stop() throws IOException {
        run(
                "stop",
                List.of(
                        programs.pgCtl().toString(),
                        "stop",
                        "--pgdata=" + data,
                        "--mode=fast",
                        "--wait",
                        "--timeout=" + STOP.toSeconds()));
    }

    @Override
    public synchronized void close() {
        if (endpoint == null) {
            return;
        }
        endpoint = null;
        try {
            if (Postmaster.on(data).isPresent()) {
                stop();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String run(String what, List<String> command) throws IOException {
        List<String> whole = new ArrayList<>();
        if (isRoot()) {
            // PostgreSQL refuses root; in a user namespace of its own it is nobody.
            whole.addAll(List.of("unshare", "-U"));
        }
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole).redirectErrorStream(true);
        builder.directory(data.resolveSibling("").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() == 0) {
                return output;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused("was interrupted", e);
        }
        throw refused(
                "failed to %s: %s%s".formatted(what, output, what.equals("start") ? tail() : ""),
                null);
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private String tail() throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        List<String> lines = Files.readAllLines(log);
        return "\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
    }

    private static StartRefused refused(String what, @Nullable Throwable cause) {
        return new StartRefused(
                "The embedded PostgreSQL %s".formatted(what),
                "Run Gantry as a user other than root where user namespaces are forbidden, see"
                        + " postgres/server.log in the data folder, or give an external PostgreSQL"
                        + " with --database-url.",
                cause);
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused("was interrupted", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectories(folder.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String newPassword() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
