package dev.gantry.orchestrator.engine;

import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is told of executions: rows that were written in the commits of the journal. A read costs
 * what it shows, whatever stands before it, and is right on every node.
 */
public interface ReadRows {
    /** An execution with fewer entries has no rows for its steps: they are looked through. */
    int FEW_ENTRIES = 100;

    Optional<Row> find(TenantId tenant, ExecutionId id) throws Journal.Unavailable;

    /**
     * @param current what it does or waits for now
     * @param first entry
     * @param last the entry that ended it, if it has ended
     */
    record Row(
            ExecutionIndex.Listed listed,
            List<ExecutionState.CurrentTask> current,
            Journal.Entry first,
            Journal.@Nullable Entry last) {}

    /** From a number on. */
    List<Journal.Entry> entries(TenantId tenant, ExecutionId id, int from, int limit)
            throws Journal.Unavailable;

    /** Those of the numbers, in order. */
    List<Journal.Entry> entries(TenantId tenant, ExecutionId id, Collection<Integer> numbers)
            throws Journal.Unavailable;

    /** The steps after one, in order; of executions with at least {@link #FEW_ENTRIES} entries. */
    List<StepEntries> steps(TenantId tenant, ExecutionId id, int after, int limit)
            throws Journal.Unavailable;

    /** The entries that are about a step. */
    record StepEntries(int step, List<Integer> entries) {}

    /**
     * Writes the rows of an execution anew while it goes on.
     *
     * @param fold fresh; gets every entry, in order
     */
    void rebuild(Journal.Head head, Fold fold) throws Journal.Unavailable;

    /** Works out what the rows say. */
    interface Fold {
        Aside add(Journal.Entry entry);

        /** After the last entry. */
        Rebuilt end();
    }

    /**
     * @param endedBy the entry that ended it, if it has ended
     */
    record Rebuilt(
            @Nullable Integer endedBy,
            List<ExecutionState.CurrentTask> current,
            Map<Integer, List<Integer>> steps) {}

    /**
     * Executions by id, of every tenant.
     *
     * @param all also those whose rows are there
     */
    List<Journal.Head> toRebuild(@Nullable ExecutionId after, boolean all, int limit)
            throws Journal.Unavailable;
}
