package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Journal.Unavailable;
import dev.gantry.orchestrator.engine.ReadRows;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts the entries of the journal that are read. */
record CountedRows(ReadRows rows, AtomicInteger entries) implements ReadRows {
    private List<Journal.Entry> counted(List<Journal.Entry> read) {
        entries.addAndGet(read.size());
        return read;
    }

    @Override
    public Optional<Row> find(TenantId tenant, ExecutionId id) throws Unavailable {
        Optional<Row> row = rows.find(tenant, id);
        row.ifPresent(found -> entries.addAndGet(found.last() == null ? 1 : 2));
        return row;
    }

    @Override
    public List<Journal.Entry> entries(TenantId tenant, ExecutionId id, int from, int limit)
            throws Unavailable {
        return counted(rows.entries(tenant, id, from, limit));
    }

    @Override
    public List<Journal.Entry> entries(TenantId tenant, ExecutionId id, Collection<Integer> numbers)
            throws Unavailable {
        return counted(rows.entries(tenant, id, numbers));
    }

    @Override
    public List<StepEntries> steps(TenantId tenant, ExecutionId id, int after, int limit)
            throws Unavailable {
        return rows.steps(tenant, id, after, limit);
    }

    @Override
    public void rebuild(Journal.Head head, Fold fold) throws Unavailable {
        rows.rebuild(head, fold);
    }

    @Override
    public List<Journal.Head> toRebuild(@Nullable ExecutionId after, boolean all, int limit)
            throws Unavailable {
        return rows.toRebuild(after, all, limit);
    }
}
