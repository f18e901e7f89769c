package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.definition.plan.DataFlow;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.RetryPolicy;
import dev.gantry.orchestrator.definition.plan.Schema;
import dev.gantry.orchestrator.definition.plan.Scope;
import dev.gantry.orchestrator.definition.plan.SecretException;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.definition.plan.WorkflowError.Standard;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Enters and completes tasks: the order of control, and the stages of the data flow. */
final class Flow {
    private final Turn turn;
    private final ExecutionState state;

    Flow(Turn turn) {
        this.turn = turn;
        this.state = turn.state;
    }

    /** Stages 1 and 2 of the data flow: the workflow's input. */
    void acceptInput() {
        DataFlow flow = state.plan.flow();
        JsonNode raw = state.started().input();
        // Needed as the place of the expressions before the real root exists.
        Frame provisional =
                new Frame(0, 0, 0, "", null, turn.now, raw, raw, null, new Work.Sequence(raw));
        Data data = Data.ofWorkflow(state, provisional, raw);
        try {
            WorkflowError invalid = check(flow.inputSchema(), raw, "", "the workflow's input");
            if (invalid == null) {
                JsonNode input =
                        flow.inputFrom() == null ? raw : flow.inputFrom().evaluate(raw, data);
                Instant timeoutAt = turn.after(state.plan.timeout(), data);
                turn.emit(new Event.InputAccepted(NewData.unlessSame(input, raw), timeoutAt));
                return;
            }
            faultWorkflow(invalid);
        } catch (ExpressionException e) {
            faultWorkflow(expressionError("", e));
        }
    }

    private void faultWorkflow(WorkflowError error) {
        turn.emit(new Event.InputAccepted(null, null));
        turn.faults.uncaught(state.root(), error);
    }

    /** Goes on with a scope whose last task is done. */
    void sequence(Frame frame, Work.Sequence work) {
        if (work.child != 0) {
            return;
        }
        if (work.retryAt != null) {
            if (!turn.now.isBefore(work.retryAt)) {
                turn.emit(new Event.TryRestarted(frame.id));
            }
            return;
        }
        if (frame.task instanceof Task.Try attempt && limitsAttempt(attempt, frame, work)) {
            return;
        }
        if (frame.task instanceof Task.For loop && !inRound(loop, frame, work)) {
            return;
        }
        if (frame.task instanceof Task.Listen listen
                && !turn.listens.inRound(listen, frame, work)) {
            return;
        }
        Scope scope = frame.scope(state.mainScope());
        if (scope != null && work.position < scope.tasks().size()) {
            enter(frame, work.position, work.value);
        } else if (frame.id == Frame.ROOT) {
            finish(work.value);
        } else {
            complete(frame, work.value, directiveAfter(frame, work));
        }
    }

    /** Whether the limit of an attempt that begins was set just now. */
    private boolean limitsAttempt(Task.Try attempt, Frame frame, Work.Sequence work) {
        RetryPolicy policy = attempt.onError().retry();
        if (policy == null
                || policy.attemptDuration() == null
                || work.attemptUntil != null
                || work.handling) {
            return false;
        }
        try {
            Duration limit = policy.attemptDuration().evaluate(frame.input, Data.of(state, frame));
            turn.emit(new Event.TryAttemptStarted(frame.id, turn.now.plus(limit)));
        } catch (ExpressionException e) {
            turn.faults.raise(frame, expressionError(frame.pointer(), e));
        }
        return true;
    }

    private Directive directiveAfter(Frame frame, Work.Sequence work) {
        if (frame.task instanceof Task.Try attempt && work.handling) {
            Directive then = attempt.onError().then();
            if (then != null) {
                return then;
            }
        }
        if (frame.task instanceof Task.Extended && !work.isReplaced) {
            return switch (work.then) {
                case Directive.Exit _, Directive.End _ -> Directive.EXIT;
                case Directive.Continue _, Directive.GoTo _ -> work.then;
            };
        }
        if (isBefore(frame)) {
            return work.position == Integer.MAX_VALUE ? Directive.EXIT : Directive.CONTINUE;
        }
        return frame.requireTask().common().then();
    }

    /** Whether the frame is what an extension does before the task that it extends. */
    private boolean isBefore(Frame frame) {
        return state.frame(frame.parent).task instanceof Task.Extended extended
                && frame.index < extended.at();
    }

    /** Whether a round is under way whose tasks are to be run; otherwise it began one or ended. */
    private boolean inRound(Task.For loop, Frame frame, Work.Sequence work) {
        try {
            if (work.items == null) {
                begin(loop, frame);
                return false;
            }
            if (work.round >= 0 && work.position < loop.body().tasks().size()) {
                return true;
            }
            int next = work.round + 1;
            if (next >= work.items.size() || !mayGoOn(loop, frame, work, next)) {
                complete(frame, work.value, loop.common().then());
            } else {
                turn.emit(new Event.RoundStarted(frame.id, next));
            }
        } catch (ExpressionException e) {
            turn.faults.raise(frame, expressionError(frame.pointer(), e));
        }
        return false;
    }

    /** Works out what is walked. */
    private void begin(Task.For loop, Frame frame) {
        try {
            JsonNode items =
                    NewData.checked(loop.in().evaluate(frame.input, Data.of(state, frame)));
            if (items.isArray()) {
                turn.emit(new Event.LoopStarted(frame.id, items));
                return;
            }
            turn.faults.raise(
                    frame,
                    Standard.EXPRESSION.at(
                            frame.pointer(),
                            "NOT_AN_ARRAY",
                            "for 'in' gave %s, expected an array"
                                    .formatted(
                                            items.getNodeType()
                                                    .name()
                                                    .toLowerCase(java.util.Locale.ROOT))));
        } catch (ExpressionException e) {
            turn.faults.raise(frame, expressionError(frame.pointer(), e));
        }
    }

    private boolean mayGoOn(Task.For loop, Frame frame, Work.Sequence work, int next)
            throws ExpressionException {
        if (loop.whileTrue() == null) {
            return true;
        }
        Data data = Data.of(state, frame);
        JsonNode items = java.util.Objects.requireNonNull(work.items);
        return loop.whileTrue()
                .test(
                        work.value,
                        name -> {
                            if (name.equals(loop.each())) {
                                return items.get(next);
                            }
                            return name.equals(loop.at())
                                    ? JsonNodeFactory.instance.numberNode(next)
                                    : data.get(name);
                        });
    }

    void branches(Frame frame, Work.Branches work) {
        int most = work.size;
        if (frame.task instanceof Task.For loop) {
            most = loop.concurrency();
            if (work.items == null) {
                begin(loop, frame);
                return;
            }
        }
        if (frame.task instanceof Task.Fork fork && fork.compete() && !work.outputs.isEmpty()) {
            JsonNode winner = work.outputs.values().iterator().next();
            turn.emit(new Event.EndingRequested(frame.id, new Ending.Win(winner)));
            return;
        }
        if (work.size == 0 && frame.task instanceof Task.Fork fork && fork.compete()) {
            // Nobody competes, so nobody's output takes the place of the data.
            complete(frame, frame.input, fork.common().then());
            return;
        }
        if (work.outputs.size() == work.size) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            all.addAll(work.outputs.values());
            complete(frame, all, frame.requireTask().common().then());
            return;
        }
        for (int i = work.firstToEnter();
                i < work.size && frame.ending == null && work.children.size() < most;
                i++) {
            if (!work.outputs.containsKey(i) && !work.children.containsKey(i)) {
                enter(frame, i, frame.input);
            }
        }
    }

    /** Stages 3 and 4: {@code if}, the task's input. */
    private void enter(Frame parent, int index, JsonNode raw) {
        Task task = state.taskAt(parent, index);
        Data data = Data.entering(state, parent, task, raw);
        int id = state.lastFrame + 1;
        String iteration = iteration(parent, index);
        int most = turn.circumstances.limits().tasksPerExecution();
        if (id == Circumstances.Limits.warnedOf(most)) {
            turn.warn(
                    "it enters task %d of at most %d (gantry.execution.max-tasks)"
                            .formatted(id, most));
        }
        if (id > most) {
            turn.emit(
                    new Event.EndingRequested(
                            Frame.ROOT,
                            new Ending.Fault(
                                    Standard.RUNTIME.at(
                                            task.pointer(),
                                            "TASK_LIMIT_EXCEEDED",
                                            "the execution entered %d tasks, more are not allowed (gantry.execution.max-tasks): an endless loop?"
                                                    .formatted(id - 1)),
                                    false)));
            return;
        }
        WorkflowError error;
        try {
            // Whether an extension applies is asked of what its task gets.
            JsonNode on = parent.task instanceof Task.Extended ? parent.input : raw;
            if (task.common().condition() != null && !task.common().condition().test(on, data)) {
                skip(parent, index, raw, id, iteration);
                return;
            }
            DataFlow flow = task.common().flow();
            error = check(flow.inputSchema(), raw, task.pointer(), "the task's input");
            if (error == null) {
                JsonNode input =
                        flow.inputFrom() == null ? raw : flow.inputFrom().evaluate(raw, data);
                Data within = Data.entering(state, parent, task, input);
                Instant timeoutAt = turn.after(task.common().timeout(), within);
                boolean isSealed = Requests.hasSealedInput(task);
                turn.emit(
                        new Event.TaskEntered(
                                id,
                                parent.id,
                                index,
                                iteration,
                                isSealed ? Requests.MASK : NewData.unlessSame(input, raw),
                                timeoutAt));
                return;
            }
        } catch (ExpressionException e) {
            error = expressionError(task.pointer(), e);
        }
        turn.emit(new Event.TaskEntered(id, parent.id, index, iteration, null, null));
        turn.faults.raise(state.frame(id), error);
    }

    private void skip(Frame parent, int index, JsonNode raw, int id, String iteration) {
        if (parent.work instanceof Work.Sequence) {
            turn.emit(new Event.TaskSkipped(parent.id, index));
        } else {
            // A branch that is skipped still has an output: its input.
            turn.emit(new Event.TaskEntered(id, parent.id, index, iteration, null, null));
            turn.emit(new Event.TaskCompleted(id, raw, null, Directive.EXIT));
        }
    }

    /** The loop position of what is below a frame: the rounds of the loops around it. */
    private static String iteration(Frame parent, int index) {
        boolean rounds = parent.task instanceof Task.For || parent.task instanceof Task.Listen;
        if (!rounds) {
            return parent.iteration;
        }
        int number = parent.work instanceof Work.Sequence loop ? loop.round : index;
        return parent.iteration.isEmpty()
                ? Integer.toString(number)
                : parent.iteration + "." + number;
    }

    /** Begins a task without tasks of its own, or completes it once its output is there. */
    void simple(Frame frame, Work.Simple work) {
        Task task = frame.requireTask();
        if (work.output != null) {
            complete(frame, work.output, task.common().then());
            return;
        }
        Data data = Data.of(state, frame);
        try {
            switch (task) {
                case Task.Set set ->
                        complete(
                                frame,
                                set.value().evaluate(frame.input, data),
                                task.common().then());
                case Task.Switch choice ->
                        complete(frame, frame.input, choose(choice, frame, data));
                case Task.Raise raise -> turn.faults.raise(frame, raised(raise, frame, data));
                case Task.Wait wait -> {
                    Duration duration = wait.duration().evaluate(frame.input, data);
                    turn.emit(new Event.WaitStarted(frame.id, turn.now.plus(duration)));
                }
                case Task.RunProcess run when !run.await() -> turn.children.begin(frame, run, data);
                case Task.CallFunction _,
                        Task.CallHttp _,
                        Task.CallOpenApi _,
                        Task.CallGrpc _,
                        Task.RunProcess _ ->
                        turn.steps.begin(frame, data);
                case Task.RunWorkflow run -> turn.children.begin(frame, run, data);
                case Task.Emit emit -> turn.listens.emit(frame, emit, data);
                case Task.Do _,
                        Task.Extended _,
                        Task.For _,
                        Task.Fork _,
                        Task.Try _,
                        Task.Listen _ ->
                        throw new IllegalStateException(
                                "frame %d is not simple".formatted(frame.id));
            }
        } catch (ExpressionException e) {
            turn.faults.raise(frame, expressionError(frame.pointer(), e));
        }
    }

    private static Directive choose(Task.Switch choice, Frame frame, Data data)
            throws ExpressionException {
        Directive otherwise = choice.common().then();
        for (Task.Switch.Case option : choice.cases()) {
            if (option.when() == null) {
                otherwise = option.then();
            } else if (option.when().test(frame.input, data)) {
                return option.then();
            }
        }
        return otherwise;
    }

    private static WorkflowError raised(Task.Raise raise, Frame frame, Data data)
            throws ExpressionException {
        JsonNode on = frame.input;
        JsonNode title = raise.title() == null ? null : raise.title().evaluate(on, data);
        JsonNode detail = raise.detail() == null ? null : raise.detail().evaluate(on, data);
        JsonNode instance = raise.instance() == null ? null : raise.instance().evaluate(on, data);
        return new WorkflowError(
                Standard.emitted(raise.type().evaluate(on, data).asText()),
                raise.status().evaluate(on, data).asInt(),
                title == null ? null : title.asText(),
                detail == null ? null : detail.asText(),
                instance == null ? frame.pointer() : instance.asText(),
                null);
    }

    /** Stages 5 to 9: the task's output, the context, and where control goes. */
    void complete(Frame frame, JsonNode raw, Directive directive) {
        if (frame.compensates != 0) {
            turn.compensations.succeeded(frame);
            return;
        }
        Task task = frame.requireTask();
        DataFlow flow = task.common().flow();
        Data data = Data.of(state, frame).withRaw(raw);
        WorkflowError error;
        try {
            JsonNode output = flow.outputAs() == null ? raw : flow.outputAs().evaluate(raw, data);
            JsonNode changed = NewData.unlessSame(output, EventFold.rawOutput(frame));
            error = check(flow.outputSchema(), output, task.pointer(), "the task's output");
            JsonNode context = null;
            if (error == null && flow.exportAs() != null) {
                context =
                        NewData.checked(flow.exportAs().evaluate(output, data.withOutput(output)));
                error = check(flow.exportSchema(), context, task.pointer(), "the exported context");
            }
            if (error == null) {
                turn.emit(
                        new Event.TaskCompleted(
                                frame.id, changed, context, next(frame, directive)));
                if (directive instanceof Directive.End) {
                    turn.emit(new Event.EndingRequested(Frame.ROOT, new Ending.Finish(output)));
                }
                return;
            }
        } catch (ExpressionException e) {
            error = expressionError(task.pointer(), e);
        }
        turn.faults.raise(frame, error);
    }

    private Directive next(Frame frame, Directive directive) {
        return directive instanceof Directive.Continue
                        && !(state.frame(frame.parent).task instanceof Task.Extended)
                ? new Directive.GoTo(frame.index + 1)
                : directive;
    }

    /** Stages 10 and 11: the workflow's output. */
    void finish(JsonNode last) {
        DataFlow flow = state.plan.flow();
        Frame root = state.root();
        Data data = Data.ofWorkflow(state, root, last);
        WorkflowError error;
        try {
            JsonNode output = flow.outputAs() == null ? last : flow.outputAs().evaluate(last, data);
            JsonNode known = root.work(Work.Sequence.class).value;
            JsonNode changed = NewData.unlessSame(output, known);
            error = check(flow.outputSchema(), output, "", "the workflow's output");
            if (error == null) {
                turn.emit(new Event.ExecutionCompleted(changed));
                turn.children.notifyParent();
                return;
            }
        } catch (ExpressionException e) {
            error = expressionError("", e);
        }
        turn.faults.unhandled(root, error, false);
    }

    void cancelled() {
        turn.emit(new Event.ExecutionCancelled());
        turn.children.notifyParent();
    }

    static @Nullable WorkflowError check(
            @Nullable Schema schema, JsonNode value, String pointer, String what) {
        List<Schema.Finding> findings = schema == null ? List.of() : schema.validate(value);
        return findings.isEmpty()
                ? null
                : Standard.VALIDATION.at(
                        pointer,
                        "SCHEMA_VIOLATION",
                        "%s does not match its schema: %s"
                                .formatted(
                                        what,
                                        findings.stream()
                                                .map(Schema.Finding::toString)
                                                .collect(Collectors.joining("; "))));
    }

    static WorkflowError expressionError(String pointer, ExpressionException e) {
        if (e instanceof SecretException) {
            return Standard.AUTHORIZATION.at(
                    pointer, "SECRET_UNAVAILABLE", String.valueOf(e.getMessage()));
        }
        if (e instanceof NewData.TooMuch) {
            return Standard.EXPRESSION.at(
                    pointer, "DATA_LIMIT_EXCEEDED", String.valueOf(e.getMessage()));
        }
        return Standard.EXPRESSION.at(pointer, "EXPRESSION_FAILED", String.valueOf(e.getMessage()));
    }
}
