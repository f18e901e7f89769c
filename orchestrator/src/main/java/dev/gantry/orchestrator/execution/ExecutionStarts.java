package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.definition.plan.Schema;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.execution.Executions.Refused;
import dev.gantry.orchestrator.execution.Executions.StartRequest;
import dev.gantry.orchestrator.execution.Executions.Started;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Health;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Admits new executions. */
final class ExecutionStarts {
    /** How long a repeated start waits for the first one before it counts as cut off. */
    private static final Duration FIRST_START = Duration.ofSeconds(1);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final ExecutionNode node;
    private final ExecutionIndex index;
    private final Catalog catalog;
    private final Runners runners;

    ExecutionStarts(ExecutionNode node, ExecutionIndex index, Catalog catalog, Runners runners) {
        this.node = node;
        this.index = index;
        this.catalog = catalog;
        this.runners = runners;
    }

    /** Completes when the start is durable. */
    CompletableFuture<Started> start(StartRequest request, ExecutionId proposed) {
        // An event is acknowledged already, and has its own limit.
        if (!request.isByEvent()
                && Json.isLonger(request.input(), node.properties().maxInputBytes())) {
            throw new Refused(
                    Refused.Code.INPUT_TOO_LARGE,
                    "the input has more than %d characters; pass what is large by a reference"
                            .formatted(node.properties().maxInputBytes()),
                    Map.of("limit", node.properties().maxInputBytes()),
                    List.of());
        }
        requireRoom(proposed);
        String key = request.idempotencyKey();
        return key == null
                ? enqueue(request, proposed, false)
                : once(request, claim(request, key), proposed);
    }

    /** With a key: the first start with it is made, and the others are given what it made. */
    private CompletableFuture<Started> once(
            StartRequest request, ExecutionIndex.Claim claim, ExecutionId proposed) {
        long until = System.nanoTime() + FIRST_START.toNanos();
        while (true) {
            ExecutionIndex.Reservation reservation = reserve(claim, proposed);
            if (reservation.isNew()) {
                return first(request, claim, proposed);
            }
            if (!MessageDigest.isEqual(claim.request(), reservation.request())) {
                throw new Refused(
                        Refused.Code.IDEMPOTENCY_KEY_REUSED,
                        "idempotency key '%s' stands for another request: use a new key, or repeat the first request unchanged"
                                .formatted(claim.key()));
            }
            if (index.find(claim.tenant(), reservation.id()).isPresent()) {
                return CompletableFuture.completedFuture(new Started(reservation.id(), false));
            }
            if (System.nanoTime() - until > 0) {
                // The first start was cut off before it was stored.
                requireRoom(reservation.id());
                return enqueue(request, reservation.id(), true);
            }
            // The first start is on its way.
            pause();
        }
    }

    /** Before the database is asked anything: it may be what is slow. */
    private void requireRoom(ExecutionId id) {
        Refused refusal = node.refusal(id);
        if (refusal != null) {
            throw refusal;
        }
    }

    private ExecutionIndex.Reservation reserve(ExecutionIndex.Claim claim, ExecutionId proposed) {
        Instant now = node.clock().instant();
        return index.reserve(
                claim, proposed, now, now.minus(node.properties().idempotencyWindow()));
    }

    /** What is refused does not use the key up. */
    private CompletableFuture<Started> first(
            StartRequest request, ExecutionIndex.Claim claim, ExecutionId id) {
        try {
            return enqueue(request, id, false);
        } catch (RuntimeException refusal) {
            try {
                index.release(claim, id);
            } catch (RuntimeException e) {
                // Whoever repeats the request waits a moment longer, and is then the first.
                refusal.addSuppressed(e);
            }
            throw refusal;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(Refused.Code.UNAVAILABLE, "the server stops; try again");
        }
    }

    private CompletableFuture<Started> enqueue(
            StartRequest request, ExecutionId id, boolean maybeThere) {
        DefinitionRef ref =
                catalog.resolve(
                        request.tenant(),
                        request.kind(),
                        request.namespace(),
                        request.name(),
                        request.version());
        WorkflowPlan plan = catalog.plan(request.tenant(), ref);
        if (request.isByEvent()) {
            requireRoom();
        } else {
            requireFit(request, plan);
            requireAdapters(request, plan);
        }
        Instant now = node.clock().instant();
        Journal.Head head =
                new Journal.Head(
                        id,
                        request.tenant(),
                        request.initiator(),
                        id.shard(node.properties().shards()),
                        ref,
                        request.correlationId(),
                        null,
                        now);
        Event.ExecutionStarted started =
                new Event.ExecutionStarted(
                        request.tenant().value(),
                        ref,
                        request.input(),
                        request.correlationId() != null ? request.correlationId() : id.toString(),
                        request.initiator().toString(),
                        request.traceparent(),
                        now.plus(node.properties().maxDuration()),
                        null,
                        0,
                        request.chain());
        CompletableFuture<Void> durable = new CompletableFuture<>();
        LiveExecution fresh = node.fresh(head);
        node.send(Letter.start(fresh, new Message.Start(started), maybeThere, durable));
        // What is stored by now and was not begun with it was there already.
        return durable.thenApply(nothing -> new Started(id, !maybeThere || !fresh.created));
    }

    /**
     * Who asks by hand can mend the input at once. What the platform starts itself begins, and
     * faults, so that it is seen.
     */
    private void requireFit(StartRequest request, WorkflowPlan plan) {
        Schema schema =
                plan.ref().kind() == DefinitionKind.FUNCTION
                        ? catalog.function(request.tenant(), plan.ref()).inputSchema()
                        : plan.flow().inputSchema();
        List<Schema.Finding> findings =
                schema == null ? List.of() : schema.validate(request.input());
        if (!findings.isEmpty()) {
            throw new Refused(
                    Refused.Code.INPUT_INVALID,
                    "the input does not fit the schema of %s; nothing was started: %s"
                            .formatted(plan.ref(), findings.getFirst()),
                    Map.of("definition", plan.ref().toString()),
                    findings);
        }
    }

    /** What an event starts waits for its adapters; without bound it must not. */
    private void requireRoom() {
        int most = node.properties().maxHeld();
        if (node.heldSteps() >= most) {
            throw new Refused(
                    Refused.Code.OVERLOADED,
                    "%d steps wait for adapters that are away (gantry.execution.max-held); events start nothing until one is back"
                            .formatted(most));
        }
    }

    private void requireAdapters(StartRequest request, WorkflowPlan plan) {
        Set<Need> needs = catalog.needs(request.tenant(), plan);
        for (Need need : needs) {
            Runners.Placement placed = runners.place(request.tenant(), need);
            if (placed == null) {
                throw new Refused(
                        Refused.Code.ADAPTER_DISCONNECTED,
                        "%s cannot run: %s"
                                .formatted(plan.ref(), runners.unserved(request.tenant(), need)),
                        Map.of("runtimeClass", need.classes().getFirst().label()),
                        List.of());
            }
            String kind = placed.adapter();
            Health health = runners.health(kind);
            if (!health.isConnected()) {
                throw new Refused(
                        Refused.Code.ADAPTER_DISCONNECTED,
                        "%s needs adapter '%s', which is disconnected: %s"
                                .formatted(plan.ref(), kind, health.detail()),
                        Map.of("adapter", kind),
                        List.of());
            }
        }
    }

    /** The same request is the same by its meaning, however its JSON was written. */
    private static ExecutionIndex.Claim claim(StartRequest request, String key) {
        ArrayNode asked = JsonNodeFactory.instance.arrayNode();
        asked.add(request.kind().label())
                .add(request.namespace())
                .add(request.name())
                .add(request.version())
                .add(request.correlationId())
                .add(request.input());
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(Json.canonical(asked).getBytes(StandardCharsets.UTF_8));
            return new ExecutionIndex.Claim(request.tenant(), request.initiator(), key, digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
