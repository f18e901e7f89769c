package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.spi.LogSink;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores and shows what steps leave behind: logs and output files. */
interface StepOutput {
    /** Whose output it is. */
    record Owner(
            ExecutionId execution,
            TenantId tenant,
            Initiator initiator,
            int step,
            int attempt,
            Fence fence) {}

    /** Under which hold on its shard a node writes. */
    record Fence(int shard, long epoch) {}

    record Piece(LogSink.Stream stream, long offset, Instant at, byte[] bytes) {}

    /** How far each stream of the attempt is stored, and the step's last sequence number. */
    record Position(Map<LogSink.Stream, Long> stored, long lastSequence) {}

    Position position(Owner owner);

    /**
     * @param firstSequence number of the first piece
     * @return false if another node has the shard, and nothing was written
     */
    boolean append(Owner owner, long firstSequence, List<Piece> pieces);

    List<LogChunk> logs(TenantId tenant, ExecutionId id, int step, long from, int limit);

    /** Path → size of the attempt's files that are stored. */
    Map<String, Long> stored(Owner owner);

    /** False if another node has the shard, and nothing was written. */
    boolean artifact(Owner owner, String path, long size, InputStream content) throws IOException;

    List<ArtifactView> artifacts(TenantId tenant, ExecutionId id, int step);

    Optional<InputStream> open(TenantId tenant, ExecutionId id, int step, String path);
}
