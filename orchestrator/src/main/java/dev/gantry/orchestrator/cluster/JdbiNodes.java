package dev.gantry.orchestrator.cluster;

import dev.gantry.orchestrator.installation.StartRefused;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Nodes as rows; the database's clock decides who is alive. */
final class JdbiNodes {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /** One that has been silent for so long is not listed any more. */
    private static final String FORGOTTEN = "1 day";

    private final Jdbi jdbi;

    JdbiNodes(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * What a node has to know of the others.
     *
     * @param names of those that are alive and stay, in order
     * @param shards how many there are
     * @param free how many of them anybody may take
     */
    record View(List<String> names, int shards, int free) {
        boolean hasOthers(Node self) {
            return names.size() > (names.contains(self.name()) ? 1 : 0);
        }

        /** All nodes work this out alike, and so agree without asking each other. */
        int share(Node self) {
            int place = names.indexOf(self.name());
            if (place < 0) {
                return 0;
            }
            return shards / names.size() + (place < shards % names.size() ? 1 : 0);
        }
    }

    View view() {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select array(select name from node
                                              where expires_at > now() and not leaving order by name collate "C"),
                                       (select count(*) from shard),
                                       (select count(*) from shard where expires_at < now())
                                """)
                        .map((rs, context) ->
                                new View(
                                        List.of((String[]) rs.getArray(1).getArray()),
                                        rs.getInt(2),
                                        rs.getInt(3)))
                        .one());
    }

    void join(Node self, Duration lease) {
        long giveUp = System.nanoTime() + lease.multipliedBy(2).toNanos();
        OffsetDateTime first = null;
        while (!tryJoin(self, lease)) {
            OffsetDateTime seen = seenAt(self);
            first = first == null ? seen : first;
            if ((seen != null && !seen.equals(first)) || System.nanoTime() - giveUp > 0) {
                throw new StartRefused(
                        "A node with the name %s is alive on this database.".formatted(self.name()),
                        "Give this one a name of its own with gantry.execution.node, or leave the"
                                + " setting out: the name is made then.");
            }
            pause();
        }
    }

    private boolean tryJoin(Node self, Duration lease) {
        return jdbi.inTransaction(handle -> {
            handle.execute(
                    "delete from node where expires_at < now() - interval '" + FORGOTTEN + "'");
            return handle.createUpdate(
                                    """
                                    insert into node (name, place, process, version, started_at, seen_at,
                                                      expires_at, leaving)
                                    values (:name, :place, :process, :version, now(), now(),
                                            now() + :lease * interval '1 millisecond', false)
                                    on conflict (name) do update
                                       set place = excluded.place, process = excluded.process,
                                           version = excluded.version, started_at = excluded.started_at,
                                           seen_at = excluded.seen_at, expires_at = excluded.expires_at,
                                           leaving = false
                                     where node.place = excluded.place or node.expires_at < now()
                                    """)
                            .bind("name", self.name())
                            .bind("place", self.place())
                            .bind("process", self.process())
                            .bind("version", self.version())
                            .bind("lease", lease.toMillis())
                            .execute()
                    == 1;
        });
    }

    private @Nullable OffsetDateTime seenAt(Node self) {
        return jdbi.withHandle(handle ->
                handle.createQuery("select seen_at from node where name = :name")
                        .bind("name", self.name())
                        .mapTo(OffsetDateTime.class)
                        .findOne()
                        .orElse(null));
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it waits for its name", e);
        }
    }

    void renew(Node self, Duration lease, boolean isLeaving) {
        int rows =
                jdbi.withHandle(handle ->
                        handle.createUpdate(
                                        """
                                        update node set seen_at = now(), leaving = :leaving,
                                               expires_at = now() + :lease * interval '1 millisecond'
                                         where name = :name and process = :process
                                        """)
                                .bind("leaving", isLeaving)
                                .bind("lease", lease.toMillis())
                                .bind("name", self.name())
                                .bind("process", self.process())
                                .execute());
        if (rows == 0) {
            throw new ShardLeases.Displaced(self);
        }
    }

    void leave(Node self) {
        jdbi.useHandle(handle ->
                handle.createUpdate("delete from node where name = :name and process = :process")
                        .bind("name", self.name())
                        .bind("process", self.process())
                        .execute());
    }

    List<Nodes.NodeView> list() {
        return jdbi.withHandle(JdbiNodes::list);
    }

    private static List<Nodes.NodeView> list(Handle handle) {
        return handle.createQuery(
                        """
                        select n.name, n.version, n.expires_at < now() as silent, n.leaving,
                               (select count(*) from shard s
                                 where s.node = n.name and s.expires_at > now()) as shards,
                               n.started_at, n.seen_at
                          from node n order by n.name collate "C"
                        """)
                .map((rs, context) ->
                        new Nodes.NodeView(
                                rs.getString("name"),
                                rs.getString("version"),
                                rs.getBoolean("silent")
                                        ? Nodes.Status.SILENT
                                        : rs.getBoolean("leaving")
                                                ? Nodes.Status.LEAVING
                                                : Nodes.Status.ALIVE,
                                rs.getInt("shards"),
                                rs.getObject("started_at", OffsetDateTime.class).toInstant(),
                                rs.getObject("seen_at", OffsetDateTime.class).toInstant()))
                .list();
    }
}
