package dev.gantry.orchestrator.execution;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;

/** Leases as rows; the database's clock decides what is over. */
final class JdbiShardLeases implements ShardLeases {
    private final Jdbi jdbi;

    JdbiShardLeases(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public int prepare(int shards) {
        return jdbi.inTransaction(handle -> {
            handle.execute("lock table shard in share row exclusive mode");
            int there = handle.createQuery("select count(*) from shard").mapTo(Integer.class).one();
            if (there == 0) {
                handle.createUpdate("insert into shard (id) select generate_series(0, :last)")
                        .bind("last", shards - 1)
                        .execute();
                return shards;
            }
            return there;
        });
    }

    /**
     * In two transactions: a renewal waits for nobody, and what waits for another node's commit
     * must not hold up a renewal.
     */
    @Override
    public Map<Integer, Long> renew(String node, Map<Integer, Long> held, Duration lease) {
        Map<Integer, Long> now = jdbi.withHandle(handle -> renewHeld(handle, held, lease));
        now.putAll(jdbi.withHandle(handle -> takeFree(handle, node, now.keySet(), lease)));
        return now;
    }

    private static Map<Integer, Long> renewHeld(
            Handle handle, Map<Integer, Long> held, Duration lease) {
        return handle.createQuery(
                        """
                        update shard s set expires_at = now() + :lease * interval '1 millisecond'
                          from unnest(:ids, :epochs) as e(id, epoch)
                         where s.id = e.id and s.epoch = e.epoch
                        returning s.id, s.epoch
                        """)
                .bind("lease", lease.toMillis())
                .bind("ids", held.keySet().toArray(Integer[]::new))
                .bind("epochs", held.values().toArray(Long[]::new))
                .reduceRows(new HashMap<>(), JdbiShardLeases::put);
    }

    /** What its old owner is just writing to is left for the next time: the commit counts. */
    private static Map<Integer, Long> takeFree(
            Handle handle, String node, Set<Integer> mine, Duration lease) {
        return handle.createQuery(
                        """
                        with free as (
                            select id from shard
                             where not (id = any(:mine)) and (expires_at < now() or node = :node)
                             order by id
                               for update skip locked)
                        update shard s set node = :node, epoch = epoch + 1,
                               expires_at = now() + :lease * interval '1 millisecond'
                          from free where s.id = free.id
                        returning s.id, s.epoch
                        """)
                .bind("node", node)
                .bind("lease", lease.toMillis())
                .bind("mine", mine.toArray(Integer[]::new))
                .reduceRows(new HashMap<>(), JdbiShardLeases::put);
    }

    private static Map<Integer, Long> put(Map<Integer, Long> epochs, RowView row) {
        epochs.put(row.getColumn("id", Integer.class), row.getColumn("epoch", Long.class));
        return epochs;
    }

    @Override
    public void release(String node, Map<Integer, Long> held) {
        jdbi.useHandle(handle ->
                handle.createUpdate(
                                """
                                update shard s set expires_at = '-infinity', node = null
                                  from unnest(:ids, :epochs) as e(id, epoch)
                                 where s.id = e.id and s.epoch = e.epoch
                                """)
                        .bind("ids", held.keySet().toArray(Integer[]::new))
                        .bind("epochs", held.values().toArray(Long[]::new))
                        .execute());
    }
}
