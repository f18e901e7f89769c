package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.spi.RuntimeClass;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened in an execution; journaled, and the only thing that changes an {@link
 * ExecutionState}. Tasks in progress are <i>frames</i>, numbered from 1 in the order of entry;
 * frame 0 is the execution itself. A step carries the number of its frame.
 *
 * <p>Data that equals what the state knows already is left out as null: a task's input is the value
 * that reached it, its output the one that it worked out, unless the event says otherwise.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Event {

    /** The frame that it is about; 0 for the execution as a whole. */
    default int frame() {
        return 0;
    }

    /**
     * @param input as the caller sent it
     * @param deadline the hard maximum duration (BR-029)
     * @param parent the execution that runs this one, with its frame
     * @param chain see {@link Chain}
     */
    record ExecutionStarted(
            String tenant,
            DefinitionRef definition,
            JsonNode input,
            String correlationId,
            String initiator,
            @Nullable String traceparent,
            Instant deadline,
            @Nullable ExecutionId parent,
            int parentFrame,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) int chain)
            implements Event {
        public ExecutionStarted(
                String tenant,
                DefinitionRef definition,
                JsonNode input,
                String correlationId,
                String initiator,
                @Nullable String traceparent,
                Instant deadline,
                @Nullable ExecutionId parent,
                int parentFrame) {
            this(
                    tenant,
                    definition,
                    input,
                    correlationId,
                    initiator,
                    traceparent,
                    deadline,
                    parent,
                    parentFrame,
                    0);
        }

        /** The same, as part of a trace. */
        ExecutionStarted within(String trace) {
            return new ExecutionStarted(
                    tenant,
                    definition,
                    input,
                    correlationId,
                    initiator,
                    trace,
                    deadline,
                    parent,
                    parentFrame,
                    chain);
        }
    }

    /**
     * The input passed its schema.
     *
     * @param input transformed; null if it is the raw one
     * @param timeoutAt the document's own timeout, or null
     */
    record InputAccepted(@Nullable JsonNode input, @Nullable Instant timeoutAt) implements Event {}

    record ExecutionSuspended(String by, @Nullable String reason) implements Event {}

    record ExecutionResumed(String by) implements Event {}

    record CancelRequested(String by, @Nullable String reason) implements Event {}

    /** A faulted execution is taken up again at the task that faulted. */
    record ExecutionRetried(String by) implements Event {}

    /**
     * @param output transformed; null if it is the last task's
     */
    record ExecutionCompleted(@Nullable JsonNode output) implements Event {}

    record ExecutionFaulted(int frame, WorkflowError error) implements Event {}

    record ExecutionCancelled() implements Event {}

    /**
     * @param index position in the parent's scope, or number of the fork's branch
     * @param input transformed; null if it is the raw one
     * @param timeoutAt the task's own timeout, or null
     */
    record TaskEntered(
            int frame,
            int parent,
            int index,
            String iteration,
            @Nullable JsonNode input,
            @Nullable Instant timeoutAt)
            implements Event {}

    record TaskSkipped(int parent, int index) implements Event {}

    /**
     * @param output transformed; null if it is what the state holds as the task's raw output
     * @param context the new one if the task exported one
     * @param next where control goes; {@link Directive.Continue} for an extended task alone
     */
    record TaskCompleted(
            int frame,
            @Nullable JsonNode output,
            @Nullable JsonNode context,
            @JsonSerialize(converter = JournaledDirective.Write.class)
                    @JsonDeserialize(converter = JournaledDirective.Read.class)
                    Directive next)
            implements Event {}

    /** Where an error arose; what follows from it is another event. */
    record TaskFaulted(int frame, WorkflowError error, boolean mayHaveCommitted) implements Event {}

    /** A timer task waits. */
    record WaitStarted(int frame, Instant until) implements Event {}

    record WaitEnded(int frame) implements Event {}

    record LoopStarted(int frame, JsonNode items) implements Event {}

    record RoundStarted(int frame, int round) implements Event {}

    /** The try's handler takes over; everything below the try is gone. */
    record ErrorCaught(int frame, WorkflowError error) implements Event {}

    /** The try's body is run again at the given time; everything below the try is gone. */
    record TryRetryScheduled(int frame, WorkflowError error, Instant at) implements Event {}

    record TryRestarted(int frame) implements Event {}

    /** The retry policy limits each attempt of the try's body. */
    record TryAttemptStarted(int frame, Instant until) implements Event {}

    /** Everything below the frame is to end, then the ending takes effect there. */
    record EndingRequested(int frame, Ending ending) implements Event {}

    /**
     * The intent to run an attempt, before any adapter is called.
     *
     * @param adapter the kind that it is placed on
     * @param input of the step, worked out from the task; null if it is the task's input
     * @param key the document's idempotency key; null for Gantry's own, or that of the attempt
     *     before
     */
    record StepScheduled(
            int frame,
            int attempt,
            String adapter,
            @Nullable RuntimeClass runtimeClass,
            @Nullable JsonNode input,
            @Nullable String key)
            implements Event {
        public StepScheduled(
                int frame,
                int attempt,
                String adapter,
                @Nullable RuntimeClass runtimeClass,
                @Nullable JsonNode input) {
            this(frame, attempt, adapter, runtimeClass, input, null);
        }
    }

    /**
     * @param handle see {@link dev.gantry.spi.Handle#toBytes()}
     */
    record StepProvisioned(int frame, int attempt, byte[] handle) implements Event {}

    /** The attempt has ended on its backend; its logs or files cannot be brought in for now. */
    record StepUncollected(int frame, int attempt, String code) implements Event {}

    /**
     * @param released whether nothing is left on the backend
     * @param uncollected why what is left there is kept, since its logs or files are not all here;
     *     null if it can go
     */
    record StepEnded(
            int frame,
            int attempt,
            StepResult result,
            boolean released,
            @Nullable String uncollected)
            implements Event {
        public StepEnded(int frame, int attempt, StepResult result, boolean released) {
            this(frame, attempt, result, released, null);
        }
    }

    /**
     * The attempt waits for its adapter, or no longer.
     *
     * @param since null if it waits no longer
     * @param reason for people
     */
    record StepHeld(int frame, int attempt, @Nullable Instant since, @Nullable String reason)
            implements Event {}

    record StepRetryScheduled(int frame, int attempt, Instant at) implements Event {}

    record StepUndecided(int frame, int attempt) implements Event {}

    /**
     * @param verdict {@code rerun}, {@code accept} or {@code fail}
     */
    record StepDecided(
            int frame,
            String by,
            String verdict,
            @Nullable JsonNode output,
            @Nullable String reason)
            implements Event {}

    record StepCancelling(int frame, int attempt) implements Event {}

    /** Teardown is done; nothing of the attempt is left on the backend. */
    record StepReleased(int step, int attempt) implements Event {
        @Override
        public int frame() {
            return step;
        }
    }

    /** Teardown failed; its lease says so until the reaper, or a person, has removed it. */
    record StepReleaseFailed(int step, int attempt, String code) implements Event {
        @Override
        public int frame() {
            return step;
        }
    }

    /** The event is stored for whoever listens together with this entry. */
    record EventEmitted(int frame, JsonNode event) implements Event {}

    /**
     * @param expected values of correlations that the document gives, by {@code filter/name}
     */
    record ListenStarted(int frame, Map<String, JsonNode> expected) implements Event {}

    /**
     * @param filter the number of the filter that it fits
     * @param position of the event among all of the tenant's; it is not taken again
     * @param event as read; null for one that only ends the listening
     * @param correlated values that later events must have too, by name
     * @param done whether the task listens no longer
     * @param traceparent of the event; an execution that is in no trace goes on in this one
     */
    record EventConsumed(
            int frame,
            int filter,
            long position,
            @Nullable JsonNode event,
            Map<String, JsonNode> correlated,
            boolean done,
            @Nullable String traceparent)
            implements Event {}

    /** The tasks for one event are through. */
    record EventProcessed(int frame, JsonNode output, @Nullable JsonNode context)
            implements Event {}

    /**
     * What undoes a completed task begins.
     *
     * @param frame of the compensation
     * @param of the frame that the task had
     * @param parent the frame that ends, and waits for it
     */
    record CompensationStarted(int frame, int of, int parent) implements Event {}

    /**
     * @param error null if the task is undone; otherwise why it is not, for good
     */
    record CompensationEnded(int frame, @Nullable WorkflowError error) implements Event {}

    record ChildStarted(int frame, ExecutionId child, @Nullable JsonNode input) implements Event {}

    record ChildEnded(
            int frame,
            ExecutionStatus status,
            @Nullable JsonNode output,
            @Nullable WorkflowError error)
            implements Event {}
}
