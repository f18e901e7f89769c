package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.engine.Post;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings letters to executions of other nodes, and theirs to executions here. A letter that nobody
 * waits for is never lost once it is posted; one that somebody waits for is answered by the node
 * that has the execution.
 */
final class PostOffice {
    private static final Logger log = LoggerFactory.getLogger(PostOffice.class);
    private static final int AT_ONCE = 500;

    /** An answer that nobody came for: whoever asked is gone, or has given up. */
    static final Duration KEPT = Duration.ofMinutes(10);

    /** In a lane at the same time. */
    private static final int IN_HAND = 2_000;

    /** Before one that could not be written is tried again. */
    private static final Duration LATER = Duration.ofSeconds(1);

    private final ExecutionNode node;
    private final Post post;
    private final UUID process;
    private final Duration patience;

    /** Arrived, and not yet taken by a commit. */
    private final Set<Long> inHand = ConcurrentHashMap.newKeySet();

    private final Map<Long, CompletableFuture<Void>> asked = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();

    /**
     * @param patience how long a caller waits for another node's answer
     */
    PostOffice(ExecutionNode node, Post post, UUID process, Duration patience) {
        this.node = node;
        this.post = post;
        this.process = process;
        this.patience = patience;
    }

    /** Not on a lane's thread: the database is asked. */
    void send(Letter letter) {
        CompletableFuture<Void> answered = letter.answered();
        try {
            Optional<Long> number =
                    post.send(
                            letter.id(),
                            letter.id().shard(node.properties().shards()),
                            letter.message(),
                            answered == null ? null : process);
            if (answered == null) {
                return;
            }
            if (number.isEmpty()) {
                letter.refuse(Executions.Refused.notFound(letter.id()));
                return;
            }
            asked.put(number.get(), answered);
            node.later(patience, () -> giveUp(number.get()));
        } catch (Post.Full e) {
            letter.refuse(
                    new Executions.Refused(
                            Executions.Refused.Code.OVERLOADED,
                            "the node that has the execution is behind: %s; try again later"
                                    .formatted(e.getMessage())));
        } catch (RuntimeException e) {
            log.warn("a letter to execution {} could not be posted: {}", letter.id(), e.toString());
            if (answered == null) {
                node.later(LATER, () -> node.send(letter));
            } else {
                letter.refuse(
                        new Executions.Refused(
                                Executions.Refused.Code.UNAVAILABLE,
                                "the database does not answer; whether this is stored is not known:"
                                        + " ask again, with the same idempotency key"));
            }
        }
    }

    private void giveUp(long number) {
        CompletableFuture<Void> waiting = asked.remove(number);
        if (waiting != null) {
            waiting.completeExceptionally(
                    new Executions.Refused(
                            Executions.Refused.Code.UNAVAILABLE,
                            "no node has answered for the execution in %d s; it may still be done"
                                    .formatted(patience.toSeconds())));
        }
    }

    /** Takes what has arrived to the lanes, and answers to those who wait. */
    void look() {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        try {
            if (!asked.isEmpty()) {
                post.answers(asked.keySet()).forEach(this::answer);
            }
            Set<Integer> shards = node.held().keySet();
            if (!shards.isEmpty() && inHand.size() < IN_HAND) {
                for (Post.Arrived arrived : post.arrived(shards, inHand, AT_ONCE)) {
                    inHand.add(arrived.number());
                    node.send(Letter.posted(arrived, fresh(arrived)));
                }
            }
        } finally {
            looking.set(false);
        }
    }

    private void answer(long number, Post.Answer answer) {
        CompletableFuture<Void> waiting = asked.remove(number);
        if (waiting == null) {
            return;
        }
        Post.Refusal refusal = answer.refusal();
        if (refusal == null) {
            waiting.complete(null);
        } else {
            waiting.completeExceptionally(Executions.Refused.of(refusal));
        }
    }

    private @Nullable LiveExecution fresh(Post.Arrived arrived) {
        if (!(arrived.message() instanceof Message.Start(Event.ExecutionStarted started))) {
            return null;
        }
        ExecutionId id = arrived.id();
        DefinitionRef definition = started.definition();
        boolean isNamed = !started.correlationId().equals(id.toString());
        return node.fresh(
                new Journal.Head(
                        id,
                        new TenantId(started.tenant()),
                        Initiator.parse(started.initiator()),
                        id.shard(node.properties().shards()),
                        definition,
                        isNamed ? started.correlationId() : null,
                        started.parent(),
                        arrived.sentAt()));
    }

    /** It is taken, or is not this node's any more. */
    void done(long number) {
        inHand.remove(number);
    }

    /** Removes answers that nobody comes for any more. */
    void clear() {
        post.forget(KEPT);
    }

    /** As if nothing had arrived. */
    void forget() {
        inHand.clear();
    }
}
