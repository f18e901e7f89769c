package dev.gantry.orchestrator.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** Duties as rows; the database's clock decides what is over. */
public final class JdbiDuties implements Duties, AutoCloseable {
    private final Jdbi jdbi;
    private final Node self;
    private final Duration lease;
    private final Map<String, Known> duties = new HashMap<>();

    private record Known(boolean isMine, long askAgain) {}

    public JdbiDuties(Jdbi jdbi, Node self, Duration lease) {
        this.jdbi = jdbi;
        this.self = self;
        this.lease = lease;
    }

    /** Asks the database at most three times in a lease. */
    @Override
    public synchronized boolean has(String name) {
        Known known = duties.get(name);
        if (known == null || known.askAgain() - System.nanoTime() < 0) {
            long again = System.nanoTime() + lease.dividedBy(3).toNanos();
            known = new Known(renew(name), again);
            duties.put(name, known);
        }
        return known.isMine();
    }

    private boolean renew(String name) {
        return jdbi.withHandle(handle ->
                handle.createUpdate(
                                """
                                insert into duty (name, node, expires_at)
                                values (:name, :node, now() + :lease * interval '1 millisecond')
                                on conflict (name) do update
                                   set node = excluded.node, expires_at = excluded.expires_at
                                 where duty.node = excluded.node or duty.expires_at < now()
                                """)
                        .bind("name", name)
                        .bind("node", self.name())
                        .bind("lease", lease.toMillis())
                        .execute())
                == 1;
    }

    /** Another node may have them at once. */
    @Override
    public synchronized void close() {
        duties.clear();
        jdbi.useHandle(handle ->
                handle.createUpdate("delete from duty where node = :node")
                        .bind("node", self.name())
                        .execute());
    }
}
