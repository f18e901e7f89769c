package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import org.jspecify.annotations.Nullable;

/** Why everything below a frame ends before its time, and what becomes of the frame. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface Ending {
    /** The frame fails with the error: a branch faulted, or its time is up. */
    record Fault(WorkflowError error, boolean mayHaveCommitted) implements Ending {}

    /** A try takes the error over, once what its body has done is undone. */
    record Caught(WorkflowError error, boolean mayHaveCommitted) implements Ending {}

    /** One branch of a competing fork won. */
    record Win(JsonNode output) implements Ending {}

    /** The execution is cancelled. */
    record Cancel() implements Ending {}

    /** A task said {@code then: end}. */
    record Finish(@Nullable JsonNode output) implements Ending {}
}
