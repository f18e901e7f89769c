package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Scope;
import dev.gantry.orchestrator.definition.plan.Task;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A task in progress; its work is what it is at. Belongs to one {@link ExecutionState}. */
final class Frame {
    static final int ROOT = 0;

    final int id;
    final int parent;
    final int index;
    final String iteration;

    /** Null for the root frame only. */
    final @Nullable Task task;

    final Instant startedAt;
    final JsonNode rawInput;
    final JsonNode input;

    /** The frame of the task that this one undoes; 0 if it is no compensation. */
    int compensates;

    @Nullable Instant timeoutAt;
    Work work;
    @Nullable Ending ending;

    /** Where its input stands in the journal, if that was asked for. */
    Aside.@Nullable At inputAt;

    Frame(
            int id,
            int parent,
            int index,
            String iteration,
            @Nullable Task task,
            Instant startedAt,
            JsonNode rawInput,
            JsonNode input,
            @Nullable Instant timeoutAt,
            Work work) {
        this.id = id;
        this.parent = parent;
        this.index = index;
        this.iteration = iteration;
        this.task = task;
        this.startedAt = startedAt;
        this.rawInput = rawInput;
        this.input = input;
        this.timeoutAt = timeoutAt;
        this.work = work;
    }

    /** The task's place in the document; empty for the execution itself. */
    String pointer() {
        return task == null ? "" : task.pointer();
    }

    Task requireTask() {
        if (task == null) {
            throw new IllegalStateException("the root frame has no task");
        }
        return task;
    }

    /** The tasks that this frame runs in sequence, or null if it does not. */
    @Nullable Scope scope(Scope main) {
        return switch (task) {
            case null -> main;
            case Task.Do doTask -> doTask.body();
            case Task.Extended extended -> extended.body();
            case Task.For forTask -> forTask.body();
            case Task.Try tryTask ->
                    work instanceof Work.Sequence sequence && sequence.handling
                            ? tryTask.onError().handler()
                            : tryTask.body();
            case Task.Listen listen -> listen.each() == null ? null : listen.each().body();
            case Task.Set _,
                    Task.Emit _,
                    Task.Switch _,
                    Task.Fork _,
                    Task.Raise _,
                    Task.Wait _,
                    Task.CallFunction _,
                    Task.CallHttp _,
                    Task.CallOpenApi _,
                    Task.CallGrpc _,
                    Task.RunProcess _,
                    Task.RunWorkflow _ ->
                    null;
        };
    }

    /** The frame's work as the given kind; anything else is a broken journal. */
    <W extends Work> W work(Class<W> kind) {
        if (!kind.isInstance(work)) {
            throw new IllegalStateException(
                    "frame %d (%s) is at %s, expected %s"
                            .formatted(
                                    id,
                                    pointer(),
                                    work.getClass().getSimpleName(),
                                    kind.getSimpleName()));
        }
        return kind.cast(work);
    }
}
