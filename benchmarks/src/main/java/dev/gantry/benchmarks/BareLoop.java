package dev.gantry.benchmarks;

import dev.gantry.orchestrator.id.ExecutionId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What a machine can do at most: the rows of W1, in one statement a commit, with nothing decided
 * and no step run. Four decisions a workflow, its start and the endings of its steps; each is due
 * when the one before is durable.
 */
final class BareLoop implements AutoCloseable {
    private static final int SHARDS = 16;
    private static final int MOST_A_COMMIT = 2_000;
    private static final int DECISIONS = 4;

    /** As Gantry's connections for commits are. */
    static final String BY_INDEX =
            "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off";

    /** Tables as Gantry's, indexes and all, and empty. */
    private static final String TABLES =
            """
            drop schema if exists bare cascade;
            create schema bare;
            create table bare.shard (like public.shard including all);
            create table bare.execution (like public.execution including all) with (fillfactor = 80);
            create table bare.journal (like public.journal including all);
            insert into bare.shard (id, epoch) select n, 1 from generate_series(0, %d) n
            """
                    .formatted(SHARDS - 1);

    private static final String COMMIT =
            """
            with held as materialized (
                select count(*) as shards from (
                    select s.id from bare.shard s
                      join unnest(?::int[], ?::bigint[]) as e(id, epoch)
                        on s.id = e.id and s.epoch = e.epoch
                     order by s.id for key share of s) locked),
            created as (
                insert into bare.execution (id, tenant_id, shard, kind, namespace, name, version,
                    status, residence, initiator, started_at, entries)
                select u.* from unnest(?::uuid[], ?::text[], ?::int[], ?::int[], ?::text[], ?::text[],
                    ?::text[], ?::int[], ?::int[], ?::text[], ?::timestamptz[], ?::int[]) u
                 where (select shards from held) = ?),
            written as (
                insert into bare.journal (execution_id, seq, tenant_id, initiator, at, body)
                select u.* from unnest(?::uuid[], ?::int[], ?::text[], ?::text[],
                    ?::timestamptz[], ?::bytea[]) u
                 where (select shards from held) = ?),
            changed as (
                update bare.execution x
                   set status = u.status, residence = u.residence, ended_at = u.ended_at,
                       entries = u.entries
                  from unnest(?::uuid[], ?::int[], ?::int[], ?::timestamptz[], ?::int[])
                    as u(id, status, residence, ended_at, entries)
                 where x.id = u.id and (select shards from held) = ?)
            select shards from held
            """;

    private final List<LinkedBlockingQueue<Workflow>> queues = new ArrayList<>();
    private final List<Thread> committers = new ArrayList<>();
    private final List<byte[]> bodies;

    private static final class Workflow {
        // In the order of time, as Gantry's: an index of ids grows at its end.
        final ExecutionId id =
                ExecutionId.of(
                        System.currentTimeMillis(),
                        ThreadLocalRandom.current().nextLong(),
                        ThreadLocalRandom.current().nextLong(),
                        ThreadLocalRandom.current().nextInt(SHARDS),
                        SHARDS);
        final CompletableFuture<Void> done = new CompletableFuture<>();
        int decisions;

        int shard() {
            return id.shard(SHARDS);
        }

        boolean isAtItsEnd() {
            return decisions == DECISIONS - 1;
        }
    }

    /**
     * @param bodies of the journal's entries of one workflow, as Gantry has written them
     */
    private BareLoop(List<byte[]> bodies) {
        if (bodies.size() != DECISIONS) {
            throw new IllegalStateException(
                    "%d entries of a workflow where %d are known: the loop must follow"
                            .formatted(bodies.size(), DECISIONS));
        }
        this.bodies = bodies;
    }

    /**
     * @param plans what a session begins with
     */
    static BareLoop start(Server server, int committers, String plans) throws Exception {
        BareLoop loop = new BareLoop(bodies(server));
        DataSource database = server.database();
        try (Connection connection = database.getConnection()) {
            execute(connection, TABLES);
        }
        for (int i = 0; i < committers; i++) {
            LinkedBlockingQueue<Workflow> queue = new LinkedBlockingQueue<>();
            loop.queues.add(queue);
            Connection connection = database.getConnection();
            execute(connection, plans);
            loop.committers.add(
                    Thread.ofPlatform()
                            .name("bare-committer-" + i)
                            .start(() -> loop.commitAll(connection, queue)));
        }
        return loop;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<byte[]> bodies(Server server) throws Exception {
        server.run();
        return server.jdbi()
                .withHandle(handle ->
                        handle.createQuery(
                                        """
                                        select body from journal where execution_id =
                                            (select id from execution
                                              where tenant_id = 'default' and status = 6
                                              order by started_at desc limit 1)
                                         order by seq
                                        """)
                                .mapTo(byte[].class)
                                .list());
    }

    /** One workflow, until it is durable. */
    void run() throws Exception {
        Workflow workflow = new Workflow();
        queues.get(workflow.shard() % queues.size()).add(workflow);
        workflow.done.get();
    }

    private void commitAll(Connection connection, LinkedBlockingQueue<Workflow> queue) {
        List<Workflow> batch = new ArrayList<>();
        try (connection;
                PreparedStatement statement = connection.prepareStatement(COMMIT)) {
            while (true) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch, MOST_A_COMMIT - 1);
                commit(statement, batch);
                for (Workflow workflow : batch) {
                    if (workflow.isAtItsEnd()) {
                        workflow.done.complete(null);
                    } else {
                        // The step has answered at once: its ending is the next decision.
                        workflow.decisions++;
                        queue.add(workflow);
                    }
                }
            }
        } catch (InterruptedException _) {
            // It is closed.
        } catch (SQLException e) {
            batch.forEach(workflow -> workflow.done.completeExceptionally(e));
        }
    }

    private void commit(PreparedStatement statement, List<Workflow> batch) throws SQLException {
        TreeSet<Integer> shards = new TreeSet<>();
        batch.forEach(workflow -> shards.add(workflow.shard()));
        List<Workflow> created = batch.stream().filter(w -> w.decisions == 0).toList();
        List<Workflow> changed = batch.stream().filter(w -> w.decisions > 0).toList();
        Row row = new Row(statement, Instant.now().toString());
        row.add("int4", List.copyOf(shards), shard -> shard);
        row.add("int8", List.copyOf(shards), shard -> 1L);
        row.created(created);
        row.number(shards.size());
        row.entries(batch, bodies);
        row.number(shards.size());
        row.changed(changed);
        row.number(shards.size());
        try (ResultSet held = statement.executeQuery()) {
            held.next();
            if (held.getInt(1) != shards.size()) {
                throw new SQLException("fenced");
            }
        }
    }

    /** The parameters, in their order. */
    private static final class Row {
        private final PreparedStatement statement;
        private final String now;
        private int at;

        Row(PreparedStatement statement, String now) {
            this.statement = statement;
            this.now = now;
        }

        void number(int value) throws SQLException {
            statement.setInt(++at, value);
        }

        <T> void add(String type, List<T> rows, Function<T, @Nullable Object> of)
                throws SQLException {
            Array array =
                    statement.getConnection().createArrayOf(type, rows.stream().map(of).toArray());
            statement.setArray(++at, array);
        }

        private void same(String type, int times, Object value) throws SQLException {
            add(type, Collections.nCopies(times, value), each -> each);
        }

        void created(List<Workflow> rows) throws SQLException {
            add("uuid", rows, w -> w.id.value());
            same("text", rows.size(), "default");
            add("int4", rows, Workflow::shard);
            same("int4", rows.size(), 0);
            same("text", rows.size(), "bench");
            same("text", rows.size(), "three-local-mock");
            same("text", rows.size(), "1.0.0");
            same("int4", rows.size(), 1);
            same("int4", rows.size(), 0);
            same("text", rows.size(), "system:benchmark");
            same("timestamptz", rows.size(), now);
            same("int4", rows.size(), 1);
        }

        void entries(List<Workflow> rows, List<byte[]> bodies) throws SQLException {
            add("uuid", rows, w -> w.id.value());
            add("int4", rows, w -> w.decisions + 1);
            same("text", rows.size(), "default");
            same("text", rows.size(), "system:benchmark");
            same("timestamptz", rows.size(), now);
            Array array =
                    statement
                            .getConnection()
                            .createArrayOf(
                                    "bytea",
                                    rows.stream()
                                            .map(w -> bodies.get(w.decisions))
                                            .toArray(byte[][]::new));
            statement.setArray(++at, array);
        }

        void changed(List<Workflow> rows) throws SQLException {
            add("uuid", rows, w -> w.id.value());
            add("int4", rows, w -> w.isAtItsEnd() ? 6 : 1);
            add("int4", rows, w -> w.isAtItsEnd() ? 2 : 0);
            add("timestamptz", rows, w -> w.isAtItsEnd() ? now : null);
            add("int4", rows, w -> w.decisions + 1);
        }
    }

    /** Nobody may wait for a workflow any more. */
    @Override
    public void close() {
        committers.forEach(Thread::interrupt);
        try {
            for (Thread committer : committers) {
                committer.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
