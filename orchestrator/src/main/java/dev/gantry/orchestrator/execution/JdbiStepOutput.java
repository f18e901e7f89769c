package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PayloadCodec;
import dev.gantry.spi.LogSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Logs as pieces in the order of arrival, files in parts of 1 MiB: neither is ever whole in memory.
 */
final class JdbiStepOutput implements StepOutput {
    private static final int PART_BYTES = 1 << 20;

    private final Jdbi jdbi;
    private final PayloadCodec payloads;

    JdbiStepOutput(Jdbi jdbi, PayloadCodec payloads) {
        this.jdbi = jdbi;
        this.payloads = payloads;
    }

    @Override
    public Position position(Owner owner) {
        return jdbi.withHandle(handle -> {
            Map<LogSink.Stream, Long> stored = new EnumMap<>(LogSink.Stream.class);
            handle.createQuery(
                            """
                            select stream, max(start_offset + coalesce(size, length(body))) from step_log
                             where execution_id = :execution and step = :step and attempt = :attempt
                             group by stream
                            """)
                    .bind("execution", owner.execution().value())
                    .bind("step", owner.step())
                    .bind("attempt", owner.attempt())
                    .map((rs, context) -> Map.entry(stream(rs.getInt(1)), rs.getLong(2)))
                    .forEach(entry -> stored.put(entry.getKey(), entry.getValue()));
            long last =
                    handle.createQuery(
                                    """
                                    select coalesce(max(seq), 0) from step_log
                                     where execution_id = :execution and step = :step
                                    """)
                            .bind("execution", owner.execution().value())
                            .bind("step", owner.step())
                            .mapTo(Long.class)
                            .one();
            return new Position(stored, last);
        });
    }

    @Override
    public boolean append(Owner owner, long firstSequence, List<Piece> pieces) {
        return jdbi.inTransaction(handle -> {
            if (!isHeld(handle, owner.fence())) {
                return false;
            }
            PreparedBatch batch =
                    handle.prepareBatch(
                            """
                            insert into step_log (execution_id, step, seq, tenant_id, initiator,
                                attempt, stream, start_offset, at, size, body)
                            values (:execution, :step, :seq, :tenant, :initiator,
                                :attempt, :stream, :offset, :at, :size, :body)
                            on conflict (execution_id, step, seq) do nothing
                            """);
            long sequence = firstSequence;
            for (Piece piece : pieces) {
                bind(batch, owner)
                        .bind("seq", sequence++)
                        .bind("stream", code(piece.stream()))
                        .bind("offset", piece.offset())
                        .bind("at", piece.at().atOffset(ZoneOffset.UTC))
                        .bind("size", piece.bytes().length)
                        .bind("body", payloads.encode(owner.tenant(), piece.bytes()))
                        .add();
            }
            batch.execute();
            return true;
        });
    }

    /** Keeps a new owner from taking the shard until this transaction ends, as a commit does. */
    private static boolean isHeld(Handle handle, Fence fence) {
        return handle.createQuery(
                        "select 1 from shard where id = :shard and epoch = :epoch for key share")
                .bind("shard", fence.shard())
                .bind("epoch", fence.epoch())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private static PreparedBatch bind(PreparedBatch batch, Owner owner) {
        return batch.bind("execution", owner.execution().value())
                .bind("step", owner.step())
                .bind("tenant", owner.tenant().value())
                .bind("initiator", owner.initiator().toString())
                .bind("attempt", owner.attempt());
    }

    @Override
    public List<LogChunk> logs(TenantId tenant, ExecutionId id, int step, long from, int limit) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select seq, attempt, stream, start_offset, at, body from step_log
                                 where execution_id = :execution and step = :step
                                   and seq >= :from and tenant_id = :tenant
                                 order by seq limit :limit
                                """)
                        .bind("execution", id.value())
                        .bind("step", step)
                        .bind("from", from)
                        .bind("tenant", tenant.value())
                        .bind("limit", limit)
                        .map((rs, context) ->
                                new LogChunk(
                                        rs.getLong("seq"),
                                        rs.getInt("attempt"),
                                        stream(rs.getInt("stream")) == LogSink.Stream.STDOUT
                                                ? "stdout"
                                                : "stderr",
                                        rs.getLong("start_offset"),
                                        rs.getObject("at", OffsetDateTime.class).toInstant(),
                                        payloads.decode(tenant, rs.getBytes("body"))))
                        .list());
    }

    @Override
    public Map<String, Long> stored(Owner owner) {
        return jdbi.withHandle(handle -> {
            Map<String, Long> files = new HashMap<>();
            handle.createQuery(
                            """
                            select path, size_bytes from artifact
                             where execution_id = :execution and step = :step and attempt = :attempt
                            """)
                    .bind("execution", owner.execution().value())
                    .bind("step", owner.step())
                    .bind("attempt", owner.attempt())
                    .map((rs, context) -> Map.entry(rs.getString(1), rs.getLong(2)))
                    .forEach(entry -> files.put(entry.getKey(), entry.getValue()));
            return files;
        });
    }

    @Override
    public boolean artifact(Owner owner, String path, long size, InputStream content)
            throws IOException {
        return jdbi.inTransaction(handle -> {
            handle.createUpdate(
                            """
                            delete from artifact_part
                             where execution_id = :execution and step = :step
                               and attempt = :attempt and path = :path
                            """)
                    .bind("execution", owner.execution().value())
                    .bind("step", owner.step())
                    .bind("attempt", owner.attempt())
                    .bind("path", path)
                    .execute();
            int part = 0;
            byte[] bytes = content.readNBytes(PART_BYTES);
            while (bytes.length > 0) {
                insertPart(handle, owner, path, part++, bytes);
                bytes = content.readNBytes(PART_BYTES);
            }
            handle.createUpdate(
                            """
                            insert into artifact (execution_id, step, attempt, path, tenant_id,
                                initiator, size_bytes, at)
                            values (:execution, :step, :attempt, :path, :tenant, :initiator,
                                :size, now())
                            on conflict (execution_id, step, attempt, path) do nothing
                            """)
                    .bind("execution", owner.execution().value())
                    .bind("step", owner.step())
                    .bind("attempt", owner.attempt())
                    .bind("path", path)
                    .bind("tenant", owner.tenant().value())
                    .bind("initiator", owner.initiator().toString())
                    .bind("size", size)
                    .execute();
            // Last, so that whoever is stopped within a long upload does not keep the shard.
            if (!isHeld(handle, owner.fence())) {
                handle.rollback();
                return false;
            }
            return true;
        });
    }

    private void insertPart(Handle handle, Owner owner, String path, int part, byte[] bytes) {
        handle.createUpdate(
                        """
                        insert into artifact_part (execution_id, step, attempt, path, part, tenant_id,
                            initiator, body)
                        values (:execution, :step, :attempt, :path, :part, :tenant, :initiator, :body)
                        """)
                .bind("execution", owner.execution().value())
                .bind("step", owner.step())
                .bind("attempt", owner.attempt())
                .bind("path", path)
                .bind("part", part)
                .bind("tenant", owner.tenant().value())
                .bind("initiator", owner.initiator().toString())
                .bind("body", payloads.encode(owner.tenant(), bytes))
                .execute();
    }

    @Override
    public List<ArtifactView> artifacts(TenantId tenant, ExecutionId id, int step) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select attempt, path, size_bytes, at from artifact
                                 where execution_id = :execution and step = :step
                                   and tenant_id = :tenant
                                 order by attempt, path
                                """)
                        .bind("execution", id.value())
                        .bind("step", step)
                        .bind("tenant", tenant.value())
                        .map((rs, context) ->
                                new ArtifactView(
                                        rs.getInt(1),
                                        rs.getString(2),
                                        rs.getLong(3),
                                        rs.getObject(4, OffsetDateTime.class).toInstant()))
                        .list());
    }

    @Override
    public Optional<InputStream> open(TenantId tenant, ExecutionId id, int step, String path) {
        List<Integer> attempts =
                artifacts(tenant, id, step).stream()
                        .filter(file -> file.path().equals(path))
                        .map(ArtifactView::attempt)
                        .toList();
        if (attempts.isEmpty()) {
            return Optional.empty();
        }
        int last = attempts.getLast();
        return Optional.of(new SequenceInputStream(new Parts(tenant, id, step, last, path)));
    }

    /** The file's parts, fetched one at a time. */
    @SuppressWarnings("JdkObsolete") // what SequenceInputStream takes
    private final class Parts implements Enumeration<InputStream> {
        private final TenantId tenant;
        private final ExecutionId id;
        private final int step;
        private final int attempt;
        private final String path;
        private int next;
        private Optional<byte[]> ready;

        Parts(TenantId tenant, ExecutionId id, int step, int attempt, String path) {
            this.tenant = tenant;
            this.id = id;
            this.step = step;
            this.attempt = attempt;
            this.path = path;
            this.ready = fetch();
        }

        private Optional<byte[]> fetch() {
            return jdbi.withHandle(handle ->
                    handle.createQuery(
                                    """
                                    select body from artifact_part
                                     where execution_id = :execution and step = :step
                                       and attempt = :attempt and path = :path and part = :part
                                    """)
                            .bind("execution", id.value())
                            .bind("step", step)
                            .bind("attempt", attempt)
                            .bind("path", path)
                            .bind("part", next)
                            .mapTo(byte[].class)
                            .findOne()
                            .map(body -> payloads.decode(tenant, body)));
        }

        @Override
        public boolean hasMoreElements() {
            return ready.isPresent();
        }

        @Override
        public InputStream nextElement() {
            byte[] bytes = ready.orElseThrow();
            next++;
            ready = fetch();
            return new ByteArrayInputStream(bytes);
        }
    }

    private static int code(LogSink.Stream stream) {
        return switch (stream) {
            case STDOUT -> 1;
            case STDERR -> 2;
        };
    }

    private static LogSink.Stream stream(int code) {
        return code == 1 ? LogSink.Stream.STDOUT : LogSink.Stream.STDERR;
    }
}
