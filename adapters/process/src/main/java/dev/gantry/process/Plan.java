package dev.gantry.process;

import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.List;

/** What one adapter reads out of a workload: a process, and what its own backend has besides. */
public interface Plan {
    /** A registered function is one too, once its block is read. */
    Workload.Process process();

    /** What is wrong with the block's form; empty for what is no registered function. */
    List<WorkloadProblem> mistakes();
}
