package dev.gantry.orchestrator.engine;

import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.spi.RuntimeClass;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a decision depends on beside the state and the message; comes in as an argument. */
public interface Circumstances {
    Instant now();

    /** From 0 to below 1, for jitter. */
    double random();

    /** A new id, for a child execution. */
    ExecutionId newId();

    FunctionPlan function(DefinitionRef ref);

    /**
     * The adapter that takes a step now: the first connected one of the policy for the first class
     * that has one. If none is connected the first one that could take it, or null if no adapter
     * could.
     */
    @Nullable Placement place(Need need);

    /** Why no adapter could, for people. */
    default String unserved(Need need) {
        return "no adapter serves " + need.described();
    }

    /** Where a step goes, and as what. */
    record Placement(RuntimeClass runtimeClass, String adapter) {}

    Limits limits();

    /**
     * @param eventsPerDecision after about this many a decision is cut, so that one execution
     *     cannot hold up its shard
     * @param tasksPerExecution an execution that enters more is faulted: an endless loop
     * @param platformAttempts how often an attempt that never started is tried without being asked
     *     to
     * @param maxRetries ceiling of every retry policy
     */
    record Limits(
            int eventsPerDecision, int tasksPerExecution, int platformAttempts, int maxRetries) {
        public static final Limits DEFAULT = new Limits(500, 1_000_000, 5, 1_000);

        /** From here on operators are warned. */
        static int warnedOf(int limit) {
            return (int) (limit * 4L / 5);
        }
    }

    /** The context of what an execution does, in the trace that it belongs to. */
    default String within(ExecutionId id, String traceparent) {
        return traceparent;
    }
}
