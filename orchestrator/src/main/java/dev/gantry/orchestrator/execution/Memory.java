package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Journal;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/** Brings executions into memory: new ones, and those that the journal has. */
final class Memory {
    private final Catalog catalog;
    private final ExecutionMeters meters;
    private final ExecutionSpans spans;
    private final Predicate<String> provisions;

    /**
     * @param provisions whether what an adapter runs is a resource of its backend
     */
    Memory(
            Catalog catalog,
            ExecutionMeters meters,
            ExecutionSpans spans,
            Predicate<String> provisions) {
        this.catalog = catalog;
        this.meters = meters;
        this.spans = spans;
        this.provisions = provisions;
    }

    LiveExecution fresh(Journal.Head head) {
        LiveExecution execution =
                new LiveExecution(
                        head,
                        new ExecutionState(
                                        head.id(), catalog.plan(head.tenant(), head.definition()))
                                .with(name -> catalog.secret(head.tenant(), name)),
                        true,
                        0);
        execution.meters = meters.of(head);
        execution.spans = spans;
        return execution;
    }

    LiveExecution restore(Journal.Recorded recorded) {
        Journal.Head head = recorded.head();
        Journal.Snapshot snapshot = recorded.snapshot();
        var plan = catalog.plan(head.tenant(), head.definition());
        ExecutionState state =
                snapshot == null
                        ? new ExecutionState(head.id(), plan)
                        : snapshot.image().restore(head.id(), plan);
        state.with(name -> catalog.secret(head.tenant(), name));
        LiveExecution execution =
                new LiveExecution(head, state, false, snapshot == null ? 0 : snapshot.seq());
        for (Journal.Entry entry : recorded.entries()) {
            execution.steps.read(entry.seq(), state.noteEntry(entry.events(), entry.at()).steps());
        }
        state.loaded();
        execution.undecided = true;
        execution.leases = state.leases(provisions);
        execution.meters = meters.of(head);
        execution.spans = spans;
        Set<Integer> listening = new HashSet<>();
        state.listeners().forEach(listener -> listening.add(listener.frame()));
        execution.listening = listening;
        return execution;
    }
}
