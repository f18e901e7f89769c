package dev.gantry.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jdbi.v3.core.Jdbi;

/**
 * What a time cost, from PostgreSQL's and the system's own counters.
 *
 * @param commits transactions that wrote: each has an id of its own, and nothing is counted late
 * @param statements as PostgreSQL has run them, those that begin and end transactions among them
 * @param roundTrips statements without those that begin a transaction, which the driver sends along
 *     with the first
 * @param walBytes what the statements wrote ahead
 * @param serverCpu seconds of this process: the server, and what calls it from inside
 * @param databaseCpu seconds of all processes of PostgreSQL
 */
record Costs(
        double commits,
        double statements,
        double roundTrips,
        double walBytes,
        double serverCpu,
        double databaseCpu) {
    /** The kernel's unit in {@code /proc}, on every Linux that Java 25 runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private Costs minus(Costs other) {
        return new Costs(
                commits - other.commits,
                statements - other.statements,
                roundTrips - other.roundTrips,
                walBytes - other.walBytes,
                serverCpu - other.serverCpu,
                databaseCpu - other.databaseCpu);
    }

    Costs per(double workflows) {
        return new Costs(
                commits / workflows,
                statements / workflows,
                roundTrips / workflows,
                walBytes / workflows,
                serverCpu / workflows,
                databaseCpu / workflows);
    }

    private static Costs now(Jdbi jdbi, long postmaster) {
        double own =
                ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                                .getProcessCpuTime()
                        / 1e9;
        double database = cpuOf(postmaster);
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as commits,
                                       sum(calls) as statements,
                                       sum(calls) filter (where query !~* '^\\s*begin') as trips,
                                       sum(wal_bytes) as wal
                                  from pg_stat_statements
                                 where dbid = (select oid from pg_database where datname = current_database())
                                """)
                        .map((rs, context) ->
                                new Costs(
                                        rs.getDouble("commits"),
                                        rs.getDouble("statements"),
                                        rs.getDouble("trips"),
                                        rs.getDouble("wal"),
                                        own,
                                        database))
                        .one());
    }

    /** The process with its children, those that have ended too. */
    private static double cpuOf(long postmaster) {
        double own = ticks(postmaster, true);
        double children =
                ProcessHandle.of(postmaster).stream()
                        .flatMap(ProcessHandle::children)
                        .mapToDouble(child -> ticks(child.pid(), false))
                        .sum();
        return (own + children) / TICKS_PER_SECOND;
    }

    private static double ticks(long pid, boolean withEnded) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // After the name, which may hold blanks: utime, stime, cutime, cstime.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            double ticks = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
            return withEnded
                    ? ticks + Double.parseDouble(fields[13]) + Double.parseDouble(fields[14])
                    : ticks;
        } catch (IOException e) {
            if (withEnded) {
                throw new UncheckedIOException(e);
            }
            // It has ended in this moment.
            return 0;
        }
    }

    /** Looks at the counters when the measured time begins and when it ends. */
    static final class Meter implements Load.Span {
        private static final Costs NOTHING = new Costs(0, 0, 0, 0, 0, 0);

        private final Jdbi jdbi;
        private final long postmaster;
        private Costs before = NOTHING;
        private Costs after = NOTHING;
        private long began;
        private long ended;

        Meter(Server server) throws IOException {
            this.jdbi = server.jdbi();
            this.postmaster = server.postmaster();
        }

        @Override
        public void begins() {
            before = now(jdbi, postmaster);
            began = System.nanoTime();
        }

        @Override
        public void ends() {
            ended = System.nanoTime();
            after = now(jdbi, postmaster);
        }

        /**
         * @param perSecond how many were done
         */
        Costs each(double perSecond) {
            return after.minus(before).per(perSecond * (ended - began) / 1e9);
        }
    }
}
