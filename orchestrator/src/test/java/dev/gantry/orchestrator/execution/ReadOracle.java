package dev.gantry.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.ReadRows;
import dev.gantry.orchestrator.id.ExecutionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds what readers are told against a fold of the journal. */
record ReadOracle(Journal journal, ReadRows rows, ExecutionIndex index, Catalog catalog) {
    /** What all reads say of one. */
    private record Told(ExecutionView view, List<StepView> steps, List<HistoryEvent> history) {}

    /** Whatever a test did, all that is stored can be told without a fold, and is the same. */
    void check() throws Journal.Unavailable {
        ExecutionReader reader =
                new ExecutionReader(rows, index, catalog, (id, task) -> task.waitingFor());
        for (Journal.Head head : rows.toRebuild(null, true, 100)) {
            boolean isThere = index.find(head.tenant(), head.id()).orElseThrow().isReadable();
            Told told = told(reader, head);
            ExecutionView folded = folded(head.id());
            reader.rebuild(head);
            Told rebuilt = told(reader, head);
            if (told.view().change() == rebuilt.view().change()) {
                assertThat(isThere).isTrue();
                assertThat(told.view()).isEqualTo(folded);
                assertThat(rebuilt).isEqualTo(told);
            }
        }
    }

    private static Told told(ExecutionReader reader, Journal.Head head) {
        return new Told(
                reader.find(head.tenant(), head.id()).orElseThrow(),
                steps(reader, head, 200),
                history(reader, head, 200));
    }

    static List<StepView> steps(ExecutionReader reader, Journal.Head head, int limit) {
        List<StepView> all = new ArrayList<>();
        String after = "0";
        while (after != null) {
            Executions.Page<StepView> page =
                    reader.steps(head.tenant(), head.id(), Integer.parseInt(after), limit);
            all.addAll(page.items());
            after = page.next();
        }
        return all;
    }

    static List<HistoryEvent> history(ExecutionReader reader, Journal.Head head, int limit) {
        List<HistoryEvent> all = new ArrayList<>();
        @Nullable String after = null;
        do {
            Executions.Page<HistoryEvent> page =
                    reader.history(head.tenant(), head.id(), after, limit);
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }

    private ExecutionView folded(ExecutionId id) throws Journal.Unavailable {
        Journal.Recorded recorded = Objects.requireNonNull(journal.read(List.of(id)).get(id));
        Journal.Head head = recorded.head();
        var plan = catalog.plan(head.tenant(), head.definition());
        Journal.Snapshot snapshot = recorded.snapshot();
        ExecutionState state =
                snapshot == null
                        ? new ExecutionState(id, plan)
                        : snapshot.image().restore(id, plan);
        recorded.entries().forEach(entry -> state.applyEntry(entry.events(), entry.at()));
        state.loaded();
        return Views.of(head, state, (any, task) -> task.waitingFor());
    }
}
