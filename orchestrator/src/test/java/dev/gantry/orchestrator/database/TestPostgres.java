package dev.gantry.orchestrator.database;

import dev.gantry.orchestrator.installation.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * One PostgreSQL for all tests of a JVM, with a database of its own for whoever asks. It forgets
 * everything at the end, so that it need not write to disk. With {@code GANTRY_TEST_DATABASE_URL}
 * it is that server instead, whose user must be allowed to create databases; they are dropped at
 * the end.
 */
public final class TestPostgres {
    /** Kept from build to build. */
    public static final Path PROGRAMS = Path.of("target", "postgres").toAbsolutePath();

    private static final String PREFIX = "gantry_test_%d_".formatted(ProcessHandle.current().pid());
    private static final List<String> MADE = new CopyOnWriteArrayList<>();
    private static final AtomicInteger COUNT = new AtomicInteger();

    private TestPostgres() {}

    /** A database of the shared server. */
    public record Database(String url, String user, String password) {
        public PGSimpleDataSource dataSource() {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(url);
            source.setUser(user);
            source.setPassword(password);
            return source;
        }

        public Jdbi jdbi() {
            return Jdbi.create(dataSource()).installPlugin(new PostgresPlugin());
        }
    }

    /** A new database without a table. */
    public static Database empty() {
        return create(PREFIX + COUNT.incrementAndGet(), "");
    }

    /** A new database with all migrations. */
    public static Database migrated() {
        return create(PREFIX + COUNT.incrementAndGet(), " template " + Migrated.DATABASE);
    }

    private static Database create(String name, String options) {
        Server.MAINTENANCE
                .jdbi()
                .useHandle(handle -> handle.execute("create database " + name + options));
        MADE.add(name);
        return database(name);
    }

    private static Database database(String name) {
        Database maintenance = Server.MAINTENANCE;
        String url = maintenance.url();
        return new Database(
                url.substring(0, url.lastIndexOf('/') + 1) + name,
                maintenance.user(),
                maintenance.password());
    }

    private static final class Migrated {
        static final String DATABASE = migrate();

        private static String migrate() {
            Database database = create(PREFIX + "migrated", "");
            Flyway.configure().dataSource(database.dataSource()).load().migrate();
            return PREFIX + "migrated";
        }
    }

    private static final class Server {
        static final Database MAINTENANCE = start();

        private static Database start() {
            String url = System.getenv("GANTRY_TEST_DATABASE_URL");
            return url == null || url.isBlank() ? embedded() : external(url);
        }

        private static Database external(String url) {
            Database server = database(Endpoint.parse(url, null, null));
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> MADE.forEach(name -> drop(server, name))));
            return server;
        }

        private static void drop(Database server, String name) {
            server.jdbi()
                    .useHandle(handle ->
                            handle.execute("drop database if exists " + name + " with (force)"));
        }

        private static Database database(Endpoint endpoint) {
            return new Database(
                    endpoint.jdbcUrl(),
                    Objects.requireNonNull(endpoint.user()),
                    Objects.requireNonNullElse(endpoint.password(), ""));
        }

        private static Database embedded() {
            try {
                Path folder = Files.createTempDirectory(Files.createDirectories(PROGRAMS), "data-");
                Path postgres = Files.createDirectories(folder.resolve("postgres"));
                Files.writeString(
                        postgres.resolve("extra.conf"),
                        """
                        fsync = off
                        synchronous_commit = off
                        full_page_writes = off
                        shared_buffers = 64MB
                        max_wal_size = 512MB
                        """);
                DataFolder data = new DataFolder(folder);
                EmbeddedPostgres server = new EmbeddedPostgres(data, PROGRAMS);
                Endpoint endpoint = server.start();
                Runtime.getRuntime()
                        .addShutdownHook(
                                new Thread(() -> {
                                    server.close();
                                    data.close();
                                    delete(folder);
                                }));
                return database(endpoint);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path folder) {
            try {
                FileSystemUtils.deleteRecursively(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
