package dev.gantry.orchestrator.database;

import org.jdbi.v3.core.Handle;

/** Connections for those that hold one for long, such as the lanes of the journal. */
public interface DedicatedHandles {
    /**
     * A new connection outside of the pool, without a statement timeout; its owner closes it.
     *
     * @param purpose shown to people who look at the database's connections
     */
    Handle open(String purpose);
}
