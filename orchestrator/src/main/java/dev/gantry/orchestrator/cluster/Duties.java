package dev.gantry.orchestrator.cluster;

/**
 * What one node does for all of them, each by a lease with a name: the first node that asks has it,
 * and another one when that is over. Two may have it for a moment, after a process was stopped for
 * a while, so that what is done by it must be harmless if it is done twice.
 */
public interface Duties {
    /** Whether this node has the duty now; to be asked again each time, which renews it. */
    boolean has(String name);
}
