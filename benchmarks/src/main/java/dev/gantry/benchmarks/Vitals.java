package dev.gantry.benchmarks;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What must stay flat while a server has too much to do, looked at each second. */
final class Vitals {
    private final Connection connection;
    private final String port;
    private final List<Look> looks = new ArrayList<>();
    private final Thread thread;
    private volatile boolean over;

    private record Look(long heap, long databaseConnections, long httpConnections) {}

    /** Its own connection: the pool's may all be taken. */
    private Vitals(Connection connection, String port) {
        this.connection = connection;
        this.port = port;
        this.thread = Thread.ofPlatform().daemon().name("vitals").unstarted(this::lookOn);
    }

    static Vitals watch(Server server) throws SQLException {
        String url = server.url();
        Vitals vitals =
                new Vitals(
                        server.database().getConnection(),
                        "%04X"
                                .formatted(
                                        Integer.parseInt(url.substring(url.lastIndexOf(':') + 1))));
        vitals.thread.start();
        return vitals;
    }

    private void lookOn() {
        try (connection) {
            while (!over) {
                looks.add(new Look(heap(), databaseConnections(), httpConnections()));
                Thread.sleep(1_000);
            }
        } catch (InterruptedException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the last collection left it. */
    private static long heap() {
        return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
                .map(GarbageCollectorMXBean::getLastGcInfo)
                .filter(info -> info != null)
                .max(Comparator.comparingLong(GcInfo::getEndTime))
                .map(info ->
                        info.getMemoryUsageAfterGc().entrySet().stream()
                                .filter(pool -> pool.getKey().startsWith("G1"))
                                .mapToLong(pool -> pool.getValue().getUsed())
                                .sum())
                .orElse(0L);
    }

    private long databaseConnections() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "select count(*) from pg_stat_activity where backend_type = 'client backend'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Established, and with the server's port on this side. */
    private long httpConnections() {
        try (Stream<String> four = Files.lines(Path.of("/proc/self/net/tcp"));
                Stream<String> six = Files.lines(Path.of("/proc/self/net/tcp6"))) {
            return Stream.concat(four, six)
                    .map(line -> line.strip().split("\\s+", 5))
                    .filter(f -> f[1].endsWith(":" + port) && f[3].equals("01"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void close() throws InterruptedException {
        over = true;
        thread.join();
    }

    /** The most of each third of the time: what grows from one to the next is not flat. */
    void print() {
        print("heap after a collection, MiB", look -> look.heap() >> 20);
        print("connections to the database", Look::databaseConnections);
        print("connections over HTTP", Look::httpConnections);
    }

    private void print(String what, ToLongFunction<Look> of) {
        int count = looks.size();
        List<String> most = new ArrayList<>();
        for (int third = 0; third < 3; third++) {
            long max =
                    looks.subList(third * count / 3, (third + 1) * count / 3).stream()
                            .mapToLong(of)
                            .max()
                            .orElse(0);
            most.add(String.format(Locale.ROOT, "%,d", max));
        }
        Overload.row(what + ", the most in each third", String.join(", ", most), "flat");
    }
}
