package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.Journal;
import org.jdbi.v3.core.Jdbi;

/** The real stores, for tests of other packages. */
public final class Journals {
    private Journals() {}

    public static Journal journal(Jdbi jdbi) {
        return new JdbiJournal(jdbi, PayloadCodec.PLAIN);
    }

    public static ExecutionIndex index(Jdbi jdbi) {
        return new JdbiExecutionIndex(jdbi);
    }
}
