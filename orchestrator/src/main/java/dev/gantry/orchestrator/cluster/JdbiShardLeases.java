package dev.gantry.orchestrator.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;

/** Leases as rows; the database's clock decides what is over. */
public final class JdbiShardLeases implements ShardLeases {
    private final Jdbi jdbi;
    private final JdbiNodes nodes;

    public JdbiShardLeases(Jdbi jdbi) {
        this.jdbi = jdbi;
        this.nodes = new JdbiNodes(jdbi);
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

    @Override
    public void join(Node self, Duration lease) {
        nodes.join(self, lease);
    }

    /**
     * In transactions of their own: a renewal waits for nobody, and what waits for another node's
     * commit must not hold up a renewal.
     */
    @Override
    public Renewal renew(Node self, Map<Integer, Long> held, Duration lease, boolean isLeaving) {
        nodes.renew(self, lease, isLeaving);
        Map<Integer, Long> now = jdbi.withHandle(handle -> renewHeld(handle, held, lease));
        JdbiNodes.View view = nodes.view();
        int share = view.share(self);
        if (now.size() < share) {
            now.putAll(
                    jdbi.withHandle(handle ->
                            takeFree(handle, self, now.keySet(), share - now.size(), lease)));
        }
        return new Renewal(now, share, view.hasOthers(self));
    }

    @Override
    public boolean isNews(Node self, Renewal last) {
        JdbiNodes.View view = nodes.view();
        int share = view.share(self);
        return share != last.share() || (last.held().size() < share && view.free() > 0);
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
            Handle handle, Node self, Set<Integer> mine, int most, Duration lease) {
        return handle.createQuery(
                        """
                        with free as (
                            select id from shard
                             where not (id = any(:mine)) and (expires_at < now() or node = :node)
                             order by node = :node desc nulls last, id
                             limit :most
                               for update skip locked)
                        update shard s set node = :node, epoch = epoch + 1,
                               expires_at = now() + :lease * interval '1 millisecond'
                          from free where s.id = free.id
                        returning s.id, s.epoch
                        """)
                .bind("node", self.name())
                .bind("lease", lease.toMillis())
                .bind("most", most)
                .bind("mine", mine.toArray(Integer[]::new))
                .reduceRows(new HashMap<>(), JdbiShardLeases::put);
    }

    private static Map<Integer, Long> put(Map<Integer, Long> epochs, RowView row) {
        epochs.put(row.getColumn("id", Integer.class), row.getColumn("epoch", Long.class));
        return epochs;
    }

    @Override
    public void release(Node self, Map<Integer, Long> held) {
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

    @Override
    public void leave(Node self) {
        nodes.leave(self);
    }
}
