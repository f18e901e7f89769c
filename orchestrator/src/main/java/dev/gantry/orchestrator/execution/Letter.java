package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.engine.Post;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.runner.LogIds;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to its execution.
 *
 * @param fresh for starts: the new execution
 * @param maybeThere for starts: whether the execution may have been started before
 * @param recorded what the journal held when the execution was read ahead
 * @param answered completes when the message's events are durable
 * @param posted its number, if another node has sent it; 0 otherwise
 * @param sentAt as {@link System#nanoTime} has it
 */
record Letter(
        ExecutionId id,
        Message message,
        @Nullable LiveExecution fresh,
        boolean maybeThere,
        Journal.@Nullable Recorded recorded,
        @Nullable CompletableFuture<Void> answered,
        long posted,
        long sentAt) {

    static Letter of(ExecutionId id, Message message) {
        return new Letter(id, message, null, true, null, null, 0, System.nanoTime());
    }

    /** One that somebody waits for. */
    static Letter asked(ExecutionId id, Message message, CompletableFuture<Void> answered) {
        return new Letter(id, message, null, true, null, answered, 0, System.nanoTime());
    }

    static Letter start(
            LiveExecution fresh,
            Message.Start message,
            boolean maybeThere,
            @Nullable CompletableFuture<Void> answered) {
        return new Letter(
                fresh.head.id(), message, fresh, maybeThere, null, answered, 0, System.nanoTime());
    }

    /** For an execution to go on that was read ahead. */
    static Letter goOn(Journal.Recorded recorded) {
        return new Letter(
                recorded.head().id(),
                new Message.Proceed(),
                null,
                true,
                recorded,
                null,
                0,
                System.nanoTime());
    }

    /**
     * One that another node has sent.
     *
     * @param fresh for starts: the new execution
     */
    static Letter posted(Post.Arrived arrived, @Nullable LiveExecution fresh) {
        return new Letter(
                arrived.id(),
                arrived.message(),
                fresh,
                true,
                null,
                null,
                arrived.number(),
                System.nanoTime());
    }

    /** Whether the execution's owner has to have it, whoever that is; the rest it finds out. */
    boolean isForOwner() {
        return posted == 0 && !isOfStep() && !(message instanceof Message.Proceed);
    }

    /** Whether it tells of a step that this node has in hand. */
    boolean isOfStep() {
        return switch (message) {
            case Message.Provisioned _,
                    Message.Held _,
                    Message.Uncollected _,
                    Message.Ended _,
                    Message.Released _ ->
                    true;
            case Message.Proceed _,
                    Message.Start _,
                    Message.ChildEnded _,
                    Message.EventArrived _,
                    Message.Cancel _,
                    Message.Suspend _,
                    Message.Resume _,
                    Message.Retry _,
                    Message.Decide _ ->
                    false;
        };
    }

    /** The same start with a state that nothing has been folded into. */
    Letter with(LiveExecution again) {
        return new Letter(id, message, again, maybeThere, null, answered, posted, sentAt);
    }

    /**
     * As far as they are known: one that cannot be read has told its id alone.
     *
     * @param resident null if it is not in memory
     */
    LogIds ids(@Nullable LiveExecution resident) {
        LiveExecution known = resident == null ? fresh : resident;
        if (known != null) {
            return known.ids(0, 0);
        }
        String tenant = recorded == null ? "" : recorded.head().tenant().value();
        return new LogIds(tenant, id.toString(), id.toString(), null, 0, 0);
    }

    /** A caller that waits is told; everything else is in the journal, or comes again. */
    void refuse(Executions.Refused refusal) {
        if (answered != null) {
            answered.completeExceptionally(refusal);
        }
    }
}
