package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.engine.Aside;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Journal.Unavailable;
import dev.gantry.orchestrator.engine.Lifecycle;
import dev.gantry.orchestrator.engine.ReadRows;
import dev.gantry.orchestrator.execution.Executions.Page;
import dev.gantry.orchestrator.execution.Executions.Refused;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what executions are and did, from rows. */
final class ExecutionReader {
    private static final Logger log = LoggerFactory.getLogger(ExecutionReader.class);
    private static final int READ_AT_ONCE = 1_000;

    private final ReadRows rows;
    private final ExecutionIndex index;
    private final Catalog catalog;
    private final Views.Blockers blockers;

    ExecutionReader(ReadRows rows, ExecutionIndex index, Catalog catalog, Views.Blockers blockers) {
        this.rows = rows;
        this.index = index;
        this.catalog = catalog;
        this.blockers = blockers;
    }

    Optional<ExecutionView> find(TenantId tenant, ExecutionId id) {
        return available(() -> {
            Optional<ReadRows.Row> row = rows.find(tenant, id);
            if (row.isPresent() && !row.get().listed().isReadable()) {
                rebuild(row.get().listed().head());
                row = rows.find(tenant, id);
            }
            return row.isPresent() ? Optional.of(view(row.get())) : Optional.empty();
        });
    }

    private ExecutionView view(ReadRows.Row row) throws Unavailable {
        Journal.Head head = row.listed().head();
        JsonNode output = null;
        WorkflowError error = null;
        Journal.Entry last = row.last();
        if (last != null && last.aside().output() != null) {
            output = value(last.aside().output(), last);
        } else if (last != null) {
            error = error(last);
        }
        return new ExecutionView(
                // The list says when it was asked for, which is where its pages are cut.
                summary(row.listed(), row.first().at()),
                new Aside.At(1, 0).in(row.first()),
                output,
                error,
                row.current().stream().map(task -> Views.task(head.id(), task, blockers)).toList(),
                row.listed().entries());
    }

    private JsonNode value(Aside.At at, Journal.Entry known) throws Unavailable {
        return at.in(
                at.entry() == known.seq()
                        ? known
                        : rows.entries(known.tenant(), known.id(), List.of(at.entry())).getFirst());
    }

    private static @Nullable WorkflowError error(Journal.Entry last) {
        WorkflowError error = null;
        for (Event event : last.events()) {
            if (event instanceof Event.ExecutionFaulted faulted) {
                error = faulted.error();
            }
        }
        return error;
    }

    static ExecutionSummary summary(ExecutionIndex.Listed row) {
        return summary(row, row.head().startedAt());
    }

    private static ExecutionSummary summary(ExecutionIndex.Listed row, Instant startedAt) {
        Journal.Head head = row.head();
        return new ExecutionSummary(
                head.id(),
                head.definition(),
                row.status(),
                head.correlationId() != null ? head.correlationId() : head.id().toString(),
                head.initiator().toString(),
                head.parent(),
                startedAt,
                row.endedAt());
    }

    private WorkflowPlan plan(Journal.Head head) {
        return catalog.plan(head.tenant(), head.definition());
    }

    /** What a node from before there were these rows has written is made up for. */
    void rebuild(Journal.Head head) throws Unavailable {
        rows.rebuild(head, new ReadFold(head, plan(head)));
    }

    Executions.Rebuilt rebuild(boolean all, @Nullable String after, int limit) {
        ExecutionId last = after == null ? null : Cursors.execution(after);
        return available(() -> {
            List<Journal.Head> heads = rows.toRebuild(last, all, limit);
            List<ExecutionId> failed = new ArrayList<>();
            for (Journal.Head head : heads) {
                try {
                    rebuild(head);
                } catch (RuntimeException e) {
                    // The others are not held up by one whose journal is broken.
                    log.warn("execution {} cannot be rebuilt", head.id(), e);
                    failed.add(head.id());
                }
            }
            return new Executions.Rebuilt(
                    heads.size() - failed.size(),
                    failed,
                    heads.size() < limit ? null : Cursors.of(heads.getLast().id()));
        });
    }

    private ExecutionIndex.Listed require(TenantId tenant, ExecutionId id) {
        return index.find(tenant, id)
                .orElseThrow(() ->
                        new Refused(
                                Refused.Code.EXECUTION_NOT_FOUND,
                                "there is no execution %s".formatted(id)));
    }

    private ExecutionIndex.Listed readable(TenantId tenant, ExecutionId id) throws Unavailable {
        ExecutionIndex.Listed listed = require(tenant, id);
        if (!listed.isReadable()) {
            rebuild(listed.head());
        }
        return listed;
    }

    Page<HistoryEvent> history(TenantId tenant, ExecutionId id, @Nullable String after, int limit) {
        Cursors.Place from = Cursors.place(after);
        return available(() -> {
            readable(tenant, id);
            List<HistoryEvent> events = new ArrayList<>();
            long sequence = from.sequence();
            // Each entry has at least one event, and the first one that is not shown yet.
            for (Journal.Entry entry : rows.entries(tenant, id, from.entry(), limit + 1)) {
                int shown = entry.seq() == from.entry() ? from.shown() : 0;
                for (int i = shown; i < entry.events().size(); i++) {
                    if (events.size() == limit) {
                        return new Page<>(
                                events, new Cursors.Place(entry.seq(), i, sequence).cursor());
                    }
                    events.add(told(++sequence, entry, entry.events().get(i)));
                }
            }
            return new Page<>(events, null);
        });
    }

    private static HistoryEvent told(long sequence, Journal.Entry entry, Event event) {
        return new HistoryEvent(
                sequence,
                entry.at(),
                event.getClass().getSimpleName(),
                entry.aside().pointers().get(event.frame()),
                EventJson.of(event));
    }

    Page<StepView> steps(TenantId tenant, ExecutionId id, int after, int limit) {
        List<StepView> steps = read(tenant, id, after, limit + 1);
        return steps.size() > limit
                ? new Page<>(steps.subList(0, limit), Integer.toString(steps.get(limit - 1).step()))
                : new Page<>(steps, null);
    }

    Optional<StepView> step(TenantId tenant, ExecutionId id, int step) {
        return read(tenant, id, step - 1, 1).stream().filter(one -> one.step() == step).findFirst();
    }

    private List<StepView> read(TenantId tenant, ExecutionId id, int after, int most) {
        return available(() -> {
            ExecutionIndex.Listed listed = readable(tenant, id);
            StepViews views;
            if (listed.entries() < ReadRows.FEW_ENTRIES) {
                views = new StepViews(plan(listed.head()), step -> step > after);
                views.add(rows.entries(tenant, id, 1, listed.entries()));
            } else {
                List<ReadRows.StepEntries> steps = rows.steps(tenant, id, after, most);
                Set<Integer> wanted =
                        steps.stream().map(ReadRows.StepEntries::step).collect(Collectors.toSet());
                Set<Integer> entries = new TreeSet<>();
                steps.forEach(step -> entries.addAll(step.entries()));
                views = new StepViews(plan(listed.head()), wanted::contains);
                views.add(rows.entries(tenant, id, entries));
            }
            views.keep(most);
            return views.views(rows.entries(tenant, id, views.missing()));
        });
    }

    Page<JsonNode> lifecycle(TenantId tenant, ExecutionId id, @Nullable String after, int limit) {
        Journal.Head head = require(tenant, id).head();
        Cursors.Place from = Cursors.place(after);
        // Folded from the start: what an entry means depends on what was before. An entry may mean
        // nothing, so that a page can need more of them than it has items.
        Lifecycle lifecycle = new Lifecycle(id, head.definition(), plan(head));
        List<JsonNode> told = new ArrayList<>();
        int next = 1;
        while (true) {
            int first = next;
            List<Journal.Entry> entries =
                    available(() -> rows.entries(tenant, id, first, READ_AT_ONCE));
            for (Journal.Entry entry : entries) {
                List<JsonNode> ofEntry = lifecycle.read(entry);
                int shown = entry.seq() == from.entry() ? from.shown() : 0;
                for (int i = shown; i < ofEntry.size() && entry.seq() >= from.entry(); i++) {
                    if (told.size() == limit) {
                        return new Page<>(told, new Cursors.Place(entry.seq(), i, 0).cursor());
                    }
                    told.add(ofEntry.get(i));
                }
            }
            if (entries.size() < READ_AT_ONCE) {
                return new Page<>(told, null);
            }
            next += entries.size();
        }
    }

    private interface Reading<T> {
        T get() throws Unavailable;
    }

    private static <T> T available(Reading<T> reading) {
        try {
            return Objects.requireNonNull(reading.get());
        } catch (Unavailable e) {
            throw new Refused(
                    Refused.Code.UNAVAILABLE, "the journal cannot be read now; try again");
        }
    }
}
