package dev.gantry.acceptance;

import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Assumptions;

/**
 * A new database on the PostgreSQL that {@code GANTRY_TEST_DATABASE_URL} names, whose user may
 * create databases; dropped at the end.
 *
 * @param url with user and password, as {@code psql} takes it
 */
record ExternalDatabase(String server, String name, String url) implements AutoCloseable {

    /** Skips the test where no PostgreSQL is given; continuous integration gives one. */
    static ExternalDatabase create() throws SQLException {
        String server = System.getenv("GANTRY_TEST_DATABASE_URL");
        Assumptions.assumeTrue(
                server != null && !server.isBlank(),
                "left out: GANTRY_TEST_DATABASE_URL names no PostgreSQL");
        String name = "gantry_acceptance_" + ProcessHandle.current().pid();
        execute(server, "create database " + name);
        return new ExternalDatabase(
                server, name, server.substring(0, server.lastIndexOf('/') + 1) + name);
    }

    /** Between it and one who uses it. */
    Proxy proxy() throws IOException {
        URI uri = URI.create(server);
        return new Proxy(uri.getHost(), uri.getPort());
    }

    String through(Proxy proxy) {
        URI uri = URI.create(url);
        return "postgresql://%s@127.0.0.1:%d%s"
                .formatted(uri.getUserInfo(), proxy.port(), uri.getPath());
    }

    /** All of them, in the middle of whatever they do. */
    void terminateConnections() throws SQLException {
        execute(
                server,
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'"
                        .formatted(name));
    }

    @Override
    public void close() throws SQLException {
        execute(server, "drop database if exists " + name + " with (force)");
    }

    private static void execute(String url, String statement) throws SQLException {
        URI uri = URI.create(url);
        String[] who = uri.getUserInfo().split(":", 2);
        String jdbc =
                "jdbc:postgresql://%s:%d%s".formatted(uri.getHost(), uri.getPort(), uri.getPath());
        try (Connection connection = DriverManager.getConnection(jdbc, who[0], who[1]);
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
