package dev.gantry.orchestrator.execution;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

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

    @Override
    public Map<Integer, Long> renew(String node, Map<Integer, Long> held, Duration lease) {
        return jdbi.inTransaction(handle -> {
            Map<Integer, Long> now = new HashMap<>();
            handle.createQuery(
                            """
                            update shard s set expires_at = now() + :lease * interval '1 millisecond'
                              from unnest(:ids, :epochs) as e(id, epoch)
                             where s.id = e.id and s.epoch = e.epoch
                            returning s.id, s.epoch
                            """)
                    .bind("lease", lease.toMillis())
                    .bind("ids", held.keySet().toArray(Integer[]::new))
                    .bind("epochs", held.values().toArray(Long[]::new))
                    .map((rs, context) -> Map.entry(rs.getInt(1), rs.getLong(2)))
                    .forEach(entry -> now.put(entry.getKey(), entry.getValue()));
            handle.createQuery(
                            """
                            update shard set node = :node, epoch = epoch + 1,
                                   expires_at = now() + :lease * interval '1 millisecond'
                             where not (id = any(:mine)) and (expires_at < now() or node = :node)
                            returning id, epoch
                            """)
                    .bind("node", node)
                    .bind("lease", lease.toMillis())
                    .bind("mine", now.keySet().toArray(Integer[]::new))
                    .map((rs, context) -> Map.entry(rs.getInt(1), rs.getLong(2)))
                    .forEach(entry -> now.put(entry.getKey(), entry.getValue()));
            return now;
        });
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
