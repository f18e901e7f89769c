package dev.gantry.contract;

/** Faults between an adapter and its backend that only a fixture can produce. */
public enum Fault {
    /**
     * The adapter's request to create the resource is carried out, and the reply never arrives.
     * Later requests of the same instance may work or fail.
     */
    REPLY_LOST_AFTER_CREATE,
    /**
     * The connection breaks shortly after the workload began, and does not come back for this
     * instance. The work goes on.
     */
    CONNECTION_LOST_WHILE_RUNNING,
    /** The backend cannot be reached from the beginning. */
    BACKEND_DOWN
}
