package dev.gantry.orchestrator.database;

import dev.gantry.orchestrator.installation.DataFolder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Starts the embedded PostgreSQL, commits, and dies as if by SIGKILL. */
final class DyingServer {
    private DyingServer() {}

    public static void main(String[] arguments) throws Exception {
        DataFolder data = new DataFolder(Path.of(arguments[0]));
        Endpoint endpoint = new EmbeddedPostgres(data, TestPostgres.PROGRAMS).start();
        EmbeddedPostgresTest.execute(endpoint, "create table t as select 42 as answer");
        PrintStream parent =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        parent.println(endpoint.jdbcUrl());
        // Neither hooks nor finally blocks run.
        Runtime.getRuntime().halt(137);
    }
}
