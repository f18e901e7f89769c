package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What reaches an execution from outside; the decider turns it into events and commands. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Message {
    record Start(Event.ExecutionStarted started) implements Message {}

    /** Time has passed, or a decision was cut short: go on with what is due. */
    record Proceed() implements Message {}

    record Provisioned(int step, int attempt, byte[] handle) implements Message {}

    /**
     * The attempt waits for its adapter, or no longer.
     *
     * @param since null if it waits no longer
     */
    record Held(int step, int attempt, @Nullable Instant since, @Nullable String reason)
            implements Message {}

    /** Its logs or files cannot be brought in for now. */
    record Uncollected(int step, int attempt, String code) implements Message {}

    /**
     * @param uncollected see {@link Event.StepEnded}
     */
    record Ended(
            int step,
            int attempt,
            StepResult result,
            boolean released,
            @Nullable String uncollected)
            implements Message {
        public Ended(int step, int attempt, StepResult result, boolean released) {
            this(step, attempt, result, released, null);
        }
    }

    record Released(int step, int attempt, @Nullable String failureCode) implements Message {}

    record ChildEnded(
            int frame,
            ExecutionStatus status,
            @Nullable JsonNode output,
            @Nullable WorkflowError error)
            implements Message {}

    /**
     * @param position grows from event to event; one that was taken before is ignored
     * @param event its context attributes and {@code data}, as an object
     */
    record EventArrived(long position, JsonNode event) implements Message {}

    record Cancel(String by, @Nullable String reason) implements Message {}

    record Suspend(String by, @Nullable String reason) implements Message {}

    record Resume(String by) implements Message {}

    record Retry(String by) implements Message {}

    record Decide(
            int step,
            String by,
            Verdict verdict,
            @Nullable JsonNode output,
            @Nullable String reason)
            implements Message {}

    enum Verdict {
        RERUN,
        ACCEPT,
        FAIL
    }
}
