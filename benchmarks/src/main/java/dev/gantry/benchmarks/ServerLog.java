package dev.gantry.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/** Counts statements where they arrive: in the embedded PostgreSQL's own log. */
final class ServerLog {
    private final Jdbi jdbi;
    private final Path file;

    ServerLog(Jdbi jdbi, Path data) {
        this.jdbi = jdbi;
        this.file = data.resolve("postgres").resolve("server.log");
    }

    /** Logging costs much: nothing else is measured meanwhile. */
    long statementsDuring(Load.Call action) throws Exception {
        long before = count();
        set("all");
        try {
            action.once();
        } finally {
            set("none");
        }
        return count() - before;
    }

    private void set(String what) throws InterruptedException {
        jdbi.useHandle(handle -> {
            handle.execute("alter system set log_statement = '" + what + "'");
            handle.execute("select pg_reload_conf()");
        });
        // The server's processes read it when they are next idle.
        Thread.sleep(500);
    }

    private long count() throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line ->
                            line.contains("LOG:  execute ") || line.contains("LOG:  statement: "))
                    .count();
        }
    }
}
