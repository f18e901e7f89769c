package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.execution.Executions.Refused;
import dev.gantry.orchestrator.execution.Executions.StartRequest;
import dev.gantry.orchestrator.execution.Executions.Started;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Health;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Admits new executions. */
final class ExecutionStarts {
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
        if (Json.isLonger(request.input(), node.properties().maxInputBytes())) {
            throw new Refused(
                    Refused.Code.INPUT_TOO_LARGE,
                    "the input has more than %d characters; pass what is large by a reference"
                            .formatted(node.properties().maxInputBytes()));
        }
        ExecutionId id = proposed;
        // Before the database is asked anything: it may be what is slow.
        Refused refusal = node.refusal(id);
        if (refusal != null) {
            throw refusal;
        }
        boolean maybeThere = false;
        String key = request.idempotencyKey();
        if (key != null) {
            byte[] digest = digest(request);
            ExecutionIndex.Reservation reservation =
                    index.reserve(request.tenant(), request.initiator(), key, digest, proposed);
            if (!MessageDigest.isEqual(digest, reservation.request())) {
                throw new Refused(
                        Refused.Code.IDEMPOTENCY_KEY_REUSED,
                        "idempotency key '%s' stands for another request: use a new key, or repeat the first request unchanged"
                                .formatted(key));
            }
            if (!reservation.isNew()
                    && index.find(request.tenant(), reservation.id()).isPresent()) {
                return CompletableFuture.completedFuture(new Started(reservation.id(), false));
            }
            // Known but not there: the first start was cut off before it was acknowledged.
            id = reservation.id();
            maybeThere = !reservation.isNew();
        }
        return enqueue(request, id, maybeThere);
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
        requireAdapters(request, catalog.plan(request.tenant(), ref));
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
                        0);
        CompletableFuture<Void> durable = new CompletableFuture<>();
        node.send(Letter.start(node.fresh(head), new Message.Start(started), maybeThere, durable));
        return durable.thenApply(nothing -> new Started(id, true));
    }

    private void requireAdapters(StartRequest request, WorkflowPlan plan) {
        Set<PlanNeeds.Need> needs = node.needs(request.tenant(), plan);
        for (PlanNeeds.Need need : needs) {
            Runners.Placement placed =
                    runners.place(request.tenant(), need.classes(), need.only(), need.order());
            if (placed == null) {
                throw new Refused(
                        Refused.Code.ADAPTER_DISCONNECTED,
                        "%s needs runtime class '%s', and no adapter serves it: add one, or change the placement policy"
                                .formatted(plan.ref(), need.classes().getFirst().label()));
            }
            String kind = placed.adapter();
            Health health = runners.health(kind);
            if (!health.isConnected()) {
                throw new Refused(
                        Refused.Code.ADAPTER_DISCONNECTED,
                        "%s needs adapter '%s', which is disconnected: %s"
                                .formatted(plan.ref(), kind, health.detail()));
            }
        }
    }

    private static byte[] digest(StartRequest request) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String text =
                    "%s|%s|%s|%s|%s|%s"
                            .formatted(
                                    request.kind(),
                                    request.namespace(),
                                    request.name(),
                                    request.version(),
                                    request.correlationId(),
                                    request.input());
            return digest.digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
