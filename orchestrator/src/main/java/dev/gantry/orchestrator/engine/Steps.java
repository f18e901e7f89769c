package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.RetryPolicy;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.Template;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.definition.plan.WorkflowError.Standard;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.RuntimeClass;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Dispatches steps to adapters, and reads their endings. */
final class Steps {
    /** The adapter of the calls that Gantry makes itself. */
    static final String CALLS = "http";

    private static final int LONGEST_KEY = 255;

    private static final Set<String> SAFE_METHODS =
            Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

    private final Turn turn;
    private final ExecutionState state;

    Steps(Turn turn) {
        this.turn = turn;
        this.state = turn.state;
    }

    void begin(Frame frame, Data data) throws ExpressionException {
        Task task = frame.requireTask();
        boolean isSecret = Requests.isSecret(task);
        JsonNode request = NewData.request(Requests.plain(state, frame), frame.input);
        var _ = Requests.credentials(state, frame, state.secrets);
        String key = key(task, frame, data);
        JsonNode journaled = isSecret ? Requests.masked(state, frame) : request;
        switch (task) {
            case Task.CallHttp _, Task.CallOpenApi _, Task.CallGrpc _ ->
                    schedule(frame, CALLS, null, journaled, key);
            case Task.CallFunction call -> {
                FunctionPlan function = turn.circumstances.function(call.function());
                WorkflowError invalid =
                        Flow.check(
                                function.inputSchema(),
                                request,
                                frame.pointer(),
                                "the input of function " + function.ref());
                if (invalid != null) {
                    turn.faults.raise(frame, isSecret ? unexplained(frame, function) : invalid);
                } else {
                    place(frame, journaled, key);
                }
            }
            default -> place(frame, journaled, key);
        }
    }

    /** A finding may show the value that it is about. */
    private static WorkflowError unexplained(Frame frame, FunctionPlan function) {
        return Standard.VALIDATION.at(
                frame.pointer(),
                "SCHEMA_VIOLATION",
                "the input of function %s does not match its schema; why is not shown, since a secret is part of it"
                        .formatted(function.ref()));
    }

    private static @Nullable String key(Task task, Frame frame, Data data)
            throws ExpressionException {
        Template template = task.common().idempotencyKey();
        if (template == null) {
            return null;
        }
        String key = template.evaluate(frame.input, data).asText("");
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            throw new ExpressionException(
                    "the idempotency key has %d characters, expected 1 to %d"
                            .formatted(key.length(), LONGEST_KEY));
        }
        return key;
    }

    private void place(Frame frame, JsonNode input, @Nullable String key) {
        Need need = need(frame);
        Circumstances.Placement placed = turn.circumstances.place(need);
        if (placed == null) {
            turn.faults.raise(
                    frame,
                    Standard.CONFIGURATION.at(
                            frame.pointer(), "NO_ADAPTER", turn.circumstances.unserved(need)));
        } else {
            schedule(frame, placed.adapter(), placed.runtimeClass(), input, key);
        }
    }

    private Need need(Frame frame) {
        FunctionPlan function = function(frame);
        Task.Placement placement = placement(frame);
        return function == null ? placement.need() : placement.need(function);
    }

    private void schedule(
            Frame frame,
            String adapter,
            @Nullable RuntimeClass runtimeClass,
            JsonNode input,
            @Nullable String key) {
        turn.emit(
                new Event.StepScheduled(
                        frame.id,
                        1,
                        adapter,
                        runtimeClass,
                        EventFold.unlessSame(input, frame.input),
                        key));
        Work.Step step = frame.work(Work.Step.class);
        turn.commands.add(new Command.RunStep(ticket(state, frame, step), null, false));
    }

    static Command.Ticket ticket(ExecutionState state, Frame frame, Work.Step step) {
        Task task = frame.requireTask();
        GivenSecrets given = new GivenSecrets(state.secrets);
        JsonNode request = step.input;
        JsonNode credentials;
        LateRequest late = null;
        Set<String> hidden = Set.of();
        try {
            if (Requests.isSecret(task)) {
                request = Requests.plain(state, frame, given);
            }
            late = LateRequest.of(state, frame, given);
            credentials = Requests.credentials(state, frame, given);
            hidden = HiddenTexts.of(state, frame, given, request, credentials);
        } catch (ExpressionException e) {
            // No call is made with it.
            credentials = NullNode.getInstance();
        }
        return new Command.Ticket(
                frame.id,
                step.attempt,
                task,
                frame.iteration,
                step.adapter,
                step.runtimeClass,
                step.key,
                request,
                step.scheduledAt,
                step.provisionedAt,
                state.timeoutAround(frame),
                step.heldSince,
                credentials,
                late,
                hidden);
    }

    void provisioned(Message.Provisioned message) {
        Frame frame = current(message.step(), message.attempt());
        if (frame == null) {
            return;
        }
        turn.emit(new Event.StepProvisioned(message.step(), message.attempt(), message.handle()));
        Work.Step step = frame.work(Work.Step.class);
        if (step.status == StepStatus.RUNNING) {
            turn.commands.add(new Command.RunStep(ticket(state, frame, step), step.handle, false));
        } else {
            // Asked to stop while it was being provisioned: now there is something to stop.
            turn.commands.add(
                    new Command.CancelStep(ticket(state, frame, step), step.handle, false));
        }
    }

    void held(Message.Held message) {
        Frame frame = current(message.step(), message.attempt());
        if (frame != null && frame.work(Work.Step.class).status == StepStatus.SCHEDULED) {
            turn.emit(
                    new Event.StepHeld(
                            message.step(), message.attempt(), message.since(), message.reason()));
            if (message.since() == null) {
                // Durable before it begins: what is held has not begun.
                Work.Step step = frame.work(Work.Step.class);
                turn.commands.add(new Command.RunStep(ticket(state, frame, step), null, false));
            }
        }
    }

    void uncollected(Message.Uncollected message) {
        if (current(message.step(), message.attempt()) != null) {
            turn.emit(new Event.StepUncollected(message.step(), message.attempt(), message.code()));
        }
    }

    void ended(Message.Ended message) {
        Frame frame = current(message.step(), message.attempt());
        if (frame == null) {
            return;
        }
        Work.Step step = frame.work(Work.Step.class);
        String adapter = step.adapter;
        byte[] handle = step.handle;
        turn.emit(
                new Event.StepEnded(
                        message.step(),
                        message.attempt(),
                        message.result(),
                        message.released() || handle == null,
                        message.uncollected()));
        if (!message.released() && message.uncollected() == null && handle != null) {
            turn.commands.add(
                    new Command.ReleaseStep(message.step(), message.attempt(), adapter, handle));
        }
    }

    void released(Message.Released message) {
        ExecutionState.Unreleased left = state.unreleased.get(message.step());
        if (left == null || left.attempt() != message.attempt()) {
            return;
        }
        turn.emit(
                message.failureCode() == null
                        ? new Event.StepReleased(message.step(), message.attempt())
                        : new Event.StepReleaseFailed(
                                message.step(), message.attempt(), message.failureCode()));
    }

    /** The frame of an attempt that is with an adapter; null for messages that come too late. */
    private @Nullable Frame current(int step, int attempt) {
        Frame frame = state.frames.get(step);
        boolean active =
                frame != null
                        && frame.work instanceof Work.Step work
                        && work.attempt == attempt
                        && ExecutionState.isActiveStep(frame);
        return active ? frame : null;
    }

    void progress(Frame frame, Work.Step step) {
        switch (step.status) {
            case SUCCEEDED -> succeeded(frame, step);
            case FAILED -> {
                if (step.result instanceof StepResult.Failed failed) {
                    failed(frame, step, failed.failure());
                }
            }
            case CANCELLED ->
                    turn.faults.raise(
                            frame,
                            Standard.RUNTIME.at(
                                    frame.pointer(), "STEP_CANCELLED", "the step was cancelled"));
            case BACKOFF -> {
                // Two attempts of one step never exist side by side.
                if (step.retryAt != null
                        && !turn.now.isBefore(step.retryAt)
                        && !state.unreleased.containsKey(frame.id)) {
                    again(frame, step);
                }
            }
            case SCHEDULED, RUNNING, CANCELLING, UNDECIDED -> {}
        }
    }

    private void again(Frame frame, Work.Step step) {
        RuntimeClass runtimeClass = step.runtimeClass;
        String adapter = step.adapter;
        Circumstances.Placement placed =
                runtimeClass == null ? null : turn.circumstances.place(need(frame));
        if (placed != null) {
            adapter = placed.adapter();
            runtimeClass = placed.runtimeClass();
        }
        turn.emit(new Event.StepScheduled(frame.id, step.attempt + 1, adapter, runtimeClass, null));
        turn.commands.add(new Command.RunStep(ticket(state, frame, step), null, false));
    }

    private void succeeded(Frame frame, Work.Step step) {
        StepResult.Succeeded result =
                (StepResult.Succeeded) java.util.Objects.requireNonNull(step.result);
        Task task = frame.requireTask();
        JsonNode output = result.output();
        JsonNode raw = output;
        switch (task) {
            case Task.CallFunction call -> {
                FunctionPlan function = turn.circumstances.function(call.function());
                WorkflowError invalid =
                        Flow.check(
                                function.outputSchema(),
                                raw,
                                frame.pointer(),
                                "the output of function " + function.ref());
                if (invalid != null) {
                    turn.faults.raise(frame, invalid);
                    return;
                }
            }
            case Task.RunProcess run when Processes.isFailure(run.returns(), output) -> {
                turn.faults.raise(
                        frame,
                        Standard.RUNTIME.at(
                                frame.pointer(),
                                Failure.Code.EXIT_NONZERO,
                                "the process ended with code %d: %s"
                                        .formatted(
                                                output.path("code").asInt(),
                                                tail(output.path("stderr").asText()))));
                return;
            }
            case Task.RunProcess run -> raw = Processes.returned(run.returns(), output);
            default -> {}
        }
        turn.flow.complete(frame, raw, task.common().then());
    }

    private static String tail(String text) {
        int most = 500;
        return text.length() <= most ? text : "…" + text.substring(text.length() - most);
    }

    private void failed(Frame frame, Work.Step step, Failure failure) {
        WorkflowError error = error(frame, failure);
        boolean risky = failure.progress() == Progress.MAY_HAVE_COMMITTED && !isIdempotent(frame);
        if (!risky && retryLater(frame, step, failure, error)) {
            return;
        }
        if (risky && !turn.faults.isCaught(frame, error, true)) {
            turn.emit(new Event.StepUndecided(frame.id, step.attempt));
        } else {
            turn.faults.raise(frame, error, risky);
        }
    }

    private boolean retryLater(Frame frame, Work.Step step, Failure failure, WorkflowError error) {
        if (failure.code().equals(StepResult.ADAPTER_CHANGED)) {
            turn.emit(new Event.StepRetryScheduled(frame.id, step.attempt, turn.now));
            return true;
        }
        FunctionPlan function = function(frame);
        RetryPolicy policy = function == null ? null : function.retry();
        int next = step.attempt;
        if (policy != null && !isHopeless(failure)) {
            JsonNode json = Data.json(error);
            Data data = Data.of(state, frame);
            Arguments arguments = name -> name.equals("error") ? json : data.get(name);
            try {
                if (Retries.allows(
                        turn, policy, next, step.firstScheduledAt, frame.input, arguments)) {
                    turn.emit(
                            new Event.StepRetryScheduled(
                                    frame.id,
                                    step.attempt,
                                    Retries.at(turn, policy, next, frame.input, arguments)));
                    return true;
                }
            } catch (ExpressionException e) {
                return false;
            }
        }
        boolean unasked =
                failure.retryable()
                        && failure.progress() != Progress.ENDED
                        && !failure.code().equals(StepResult.ADAPTER_AWAY);
        if (unasked && step.attempt < turn.circumstances.limits().platformAttempts()) {
            turn.emit(
                    new Event.StepRetryScheduled(
                            frame.id, step.attempt, Retries.platformAt(turn, step.attempt)));
            return true;
        }
        return false;
    }

    /**
     * What another try cannot mend, whatever a policy says. What a service answered is for the
     * author to judge.
     */
    private static boolean isHopeless(Failure failure) {
        return !failure.retryable() && failure.by() == Failure.By.STEP;
    }

    void decided(Message.Decide message) {
        Frame frame = state.frame(message.step());
        Work.Step step = frame.work(Work.Step.class);
        turn.emit(
                new Event.StepDecided(
                        message.step(),
                        message.by(),
                        message.verdict().name().toLowerCase(Locale.ROOT),
                        message.verdict() == Message.Verdict.ACCEPT
                                ? java.util.Objects.requireNonNullElse(
                                        message.output(), ExecutionState.nullNode())
                                : null,
                        message.reason()));
        switch (message.verdict()) {
            case ACCEPT -> {}
            case RERUN ->
                    turn.emit(new Event.StepRetryScheduled(message.step(), step.attempt, turn.now));
            case FAIL -> {
                if (step.result instanceof StepResult.Failed failed) {
                    turn.faults.raise(frame, error(frame, failed.failure()), true);
                }
            }
        }
    }

    /**
     * Whether stopping the frame's step now may leave an effect behind that a retry would repeat.
     */
    boolean isRisky(Frame frame) {
        return ExecutionState.isActiveStep(frame) && !isIdempotent(frame);
    }

    private boolean isIdempotent(Frame frame) {
        return switch (frame.requireTask()) {
            case Task.CallFunction call ->
                    turn.circumstances.function(call.function()).idempotent();
            case Task.RunProcess run -> run.placement().idempotent();
            case Task.CallHttp _ -> {
                String method = frame.work(Work.Step.class).input.path("method").asText();
                yield SAFE_METHODS.contains(method.toUpperCase(Locale.ROOT));
            }
            // What it does is known to the document alone.
            case Task.CallOpenApi _, Task.CallGrpc _ -> false;
            default -> true;
        };
    }

    private @Nullable FunctionPlan function(Frame frame) {
        return frame.task instanceof Task.CallFunction call
                ? turn.circumstances.function(call.function())
                : null;
    }

    private static Task.Placement placement(Frame frame) {
        return switch (frame.requireTask()) {
            case Task.CallFunction call -> call.placement();
            case Task.RunProcess run -> run.placement();
            default -> Task.Placement.DEFAULT;
        };
    }

    static WorkflowError error(Frame frame, Failure failure) {
        WorkflowError error = kind(frame, failure);
        return isHopeless(failure) ? error.asFinal() : error;
    }

    private static WorkflowError kind(Frame frame, Failure failure) {
        String pointer = frame.pointer();
        String code = failure.code();
        if (failure.status() != null) {
            return Standard.COMMUNICATION.at(pointer, code, failure.status(), failure.message());
        }
        if (code.equals("AUTHENTICATION_FAILED") || code.equals("GRPC_UNAUTHENTICATED")) {
            return Standard.AUTHENTICATION.at(pointer, code, failure.message());
        }
        if (code.equals("GRPC_PERMISSION_DENIED")) {
            return Standard.AUTHORIZATION.at(pointer, code, failure.message());
        }
        if (failure.by() == Failure.By.SERVICE) {
            return Standard.COMMUNICATION.at(pointer, code, failure.message());
        }
        if (code.equals("EXPRESSION_FAILED")) {
            return Standard.EXPRESSION.at(pointer, code, failure.message());
        }
        if (code.equals(Failure.Code.TIMEOUT)) {
            return Standard.TIMEOUT.at(pointer, code, failure.message());
        }
        if (code.equals(Failure.Code.INVALID_WORKLOAD)
                || code.equals(Failure.Code.NOT_ALLOWED)
                || code.equals(Failure.Code.IMAGE_NOT_FOUND)) {
            return Standard.CONFIGURATION.at(pointer, code, failure.message());
        }
        return switch (failure.actor()) {
            case AUTHOR, PLATFORM -> Standard.RUNTIME.at(pointer, code, failure.message());
            case BACKEND, THROTTLED -> Standard.COMMUNICATION.at(pointer, code, failure.message());
        };
    }
}
