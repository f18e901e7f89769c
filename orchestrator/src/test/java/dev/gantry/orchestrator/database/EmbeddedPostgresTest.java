package dev.gantry.orchestrator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.orchestrator.installation.DataFolder;
import dev.gantry.orchestrator.installation.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    @TempDir Path folder;

    @Test
    void keepsDataOverRestart() throws Exception {
        try (DataFolder data = new DataFolder(folder);
                EmbeddedPostgres postgres = postgres(data)) {
            execute(postgres.start(), "create table t as select 42 as answer");
        }

        try (DataFolder data = new DataFolder(folder);
                EmbeddedPostgres postgres = postgres(data)) {
            assertThat(ask(postgres.start(), "select answer::text from t")).isEqualTo("42");
        }
        assertThat(Postmaster.on(cluster())).isEmpty();
    }

    @Test
    void writesToDiskAndAsksForThePassword() throws Exception {
        try (DataFolder data = new DataFolder(folder);
                EmbeddedPostgres postgres = postgres(data)) {
            Endpoint endpoint = postgres.start();

            assertThat(
                            ask(
                                    endpoint,
                                    """
                                    select string_agg(setting, ' ' order by name) from pg_settings
                                    where name in ('fsync', 'full_page_writes', 'synchronous_commit')
                                    """))
                    .isEqualTo("on on on");
            assertThatThrownBy(() -> DriverManager.getConnection(endpoint.jdbcUrl(), "gantry", "x"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void takesOverWhatAKilledServerLeft() throws Exception {
        Killed killed = startAndKill();
        long before = Postmaster.on(cluster()).orElseThrow().pid();

        try (DataFolder data = new DataFolder(folder);
                EmbeddedPostgres postgres = postgres(data)) {
            Endpoint endpoint = postgres.start();

            assertThat(endpoint.jdbcUrl()).isEqualTo(killed.url());
            assertThat(Postmaster.on(cluster()).orElseThrow().pid()).isEqualTo(before);
            assertThat(ask(endpoint, "select answer::text from t")).isEqualTo("42");
        }
        assertThat(Postmaster.on(cluster())).isEmpty();
    }

    @Test
    void restartsWhatAKilledServerLeftWithOtherSettings() throws Exception {
        startAndKill();
        long before = Postmaster.on(cluster()).orElseThrow().pid();
        Files.writeString(cluster().resolve("postgresql.conf"), "# of an older Gantry\n");

        try (DataFolder data = new DataFolder(folder);
                EmbeddedPostgres postgres = postgres(data)) {
            Endpoint endpoint = postgres.start();

            assertThat(Postmaster.on(cluster()).orElseThrow().pid()).isNotEqualTo(before);
            assertThat(ask(endpoint, "select answer::text from t")).isEqualTo("42");
        }
    }

    @Test
    void recoversWhenPostgresWasKilledTooAndItsIdIsAnothers() throws Exception {
        startAndKill();
        long postmaster = Postmaster.on(cluster()).orElseThrow().pid();
        assertThat(new ProcessBuilder("kill", "-KILL", Long.toString(postmaster)).start().waitFor())
                .isZero();
        Path pidFile = cluster().resolve("postmaster.pid");
        List<String> lines = Files.readAllLines(pidFile);
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(pidFile, lines);

        try (DataFolder data = new DataFolder(folder);
                EmbeddedPostgres postgres = postgres(data)) {
            assertThat(ask(postgres.start(), "select answer::text from t")).isEqualTo("42");
        }
    }

    @Test
    void isStartedAgainWhereItWasWhenItDies() throws Exception {
        try (DataFolder data = new DataFolder(folder);
                EmbeddedPostgres postgres = postgres(data)) {
            Endpoint endpoint = postgres.start();
            execute(endpoint, "create table t as select 42 as answer");
            try (DatabaseWatch watch =
                    new DatabaseWatch(
                            () -> connect(endpoint), postgres::revive, Clock.systemUTC())) {
                watch.start();
                for (int deaths = 0; deaths < 2; deaths++) {
                    long postmaster = Postmaster.on(cluster()).orElseThrow().pid();
                    assertThat(
                                    new ProcessBuilder("kill", "-KILL", Long.toString(postmaster))
                                            .start()
                                            .waitFor())
                            .isZero();
                    await(() -> watch.trouble().isPresent());
                    await(() -> watch.trouble().isEmpty());

                    assertThat(Postmaster.on(cluster()).orElseThrow().pid())
                            .isNotEqualTo(postmaster);
                    assertThat(ask(endpoint, "select answer::text from t")).isEqualTo("42");
                }
            }
        }
        assertThat(Postmaster.on(cluster())).isEmpty();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 6_000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void refusesASecondServerOnTheFolder() {
        try (DataFolder data = new DataFolder(folder);
                DataFolder second = new DataFolder(folder)) {
            data.lock();

            assertThatThrownBy(() -> postgres(second))
                    .isInstanceOf(StartRefused.class)
                    .hasMessage(
                            "The data folder %s is in use by another Gantry server with process id %d.",
                            folder, ProcessHandle.current().pid());
        }
    }

    @Test
    void refusesDataOfAnotherMajorVersion() throws IOException {
        Files.createDirectories(cluster());
        Files.writeString(cluster().resolve("PG_VERSION"), "9\n");

        try (DataFolder data = new DataFolder(folder)) {
            assertThatThrownBy(() -> postgres(data).start())
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("was made by PostgreSQL 9");
        }
    }

    private record Killed(String url) {}

    /** A server process that dies without a word after its first commit. */
    private Killed startAndKill() throws Exception {
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                DyingServer.class.getName(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String url =
                new String(
                        child.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertThat(child.waitFor()).isEqualTo(137);
        return new Killed(url.lines().reduce((_, last) -> last).orElseThrow());
    }

    private Path cluster() {
        return folder.resolve("postgres/data");
    }

    private static EmbeddedPostgres postgres(DataFolder data) {
        return new EmbeddedPostgres(data, TestPostgres.PROGRAMS);
    }

    static void execute(Endpoint endpoint, String sql) throws SQLException {
        try (Connection connection = connect(endpoint);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(Endpoint endpoint, String sql) throws SQLException {
        try (Connection connection = connect(endpoint);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }

    private static Connection connect(Endpoint endpoint) throws SQLException {
        return DriverManager.getConnection(
                endpoint.jdbcUrl(), endpoint.user(), endpoint.password());
    }
}
