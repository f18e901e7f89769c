package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.engine.Aside;
import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.ReadRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Works out what readers are told of an execution from its journal alone. */
final class ReadFold implements ReadRows.Fold {
    private final ExecutionState state;
    private final Map<Integer, List<Integer>> steps = new TreeMap<>();
    private @Nullable Integer endedBy;

    ReadFold(Journal.Head head, WorkflowPlan plan) {
        this.state = new ExecutionState(head.id(), plan);
    }

    @Override
    public Aside add(Journal.Entry entry) {
        Aside aside = state.noteEntry(entry.events(), entry.at());
        aside.steps()
                .forEach(step ->
                        steps.computeIfAbsent(step, any -> new ArrayList<>()).add(entry.seq()));
        if (entry.isEnd()) {
            endedBy = entry.seq();
        }
        return aside;
    }

    @Override
    public ReadRows.Rebuilt end() {
        return new ReadRows.Rebuilt(
                state.status().isTerminal() ? endedBy : null, state.currentTasks(), steps);
    }
}
