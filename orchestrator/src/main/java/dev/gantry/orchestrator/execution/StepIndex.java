package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.ReadRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which entries are about which steps. Rows of it are written only for executions with many
 * entries: most have few, and readers look through those.
 */
final class StepIndex {
    private final Journal.Head head;

    /** By step, while there are few entries. */
    private final Map<Integer, List<Integer>> few = new TreeMap<>();

    StepIndex(Journal.Head head) {
        this.head = head;
    }

    /** Takes in what is stored. */
    void read(int entry, Set<Integer> steps) {
        if (entry < ReadRows.FEW_ENTRIES) {
            steps.forEach(step -> few.computeIfAbsent(step, any -> new ArrayList<>()).add(entry));
        } else {
            few.clear();
        }
    }

    /** The rows to be written with the entry. */
    List<Journal.StepEntry> add(Journal.Entry entry) {
        if (entry.seq() < ReadRows.FEW_ENTRIES) {
            read(entry.seq(), entry.aside().steps());
            return List.of();
        }
        List<Journal.StepEntry> rows = new ArrayList<>();
        few.forEach((step, entries) ->
                entries.forEach(number -> rows.add(new Journal.StepEntry(head, step, number))));
        few.clear();
        entry.aside()
                .steps()
                .forEach(step -> rows.add(new Journal.StepEntry(head, step, entry.seq())));
        return rows;
    }
}
