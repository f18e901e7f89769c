package dev.gantry.orchestrator.trigger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.Listening;
import dev.gantry.orchestrator.definition.plan.Plans;
import dev.gantry.orchestrator.engine.Chain;
import dev.gantry.orchestrator.engine.CloudEvents;
import dev.gantry.orchestrator.engine.CloudEvents.Stored;
import dev.gantry.orchestrator.engine.Correlations;
import dev.gantry.orchestrator.engine.EventData;
import dev.gantry.orchestrator.engine.EventTrace;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.execution.Executions.Refused;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import io.micrometer.core.instrument.Counter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts workflows whose {@code schedule.on} an event fits. The start's idempotency key is made of
 * the event and the workflow, so that an event that is looked at twice starts once.
 */
final class EventStarts {
    private static final Logger log = LoggerFactory.getLogger(EventStarts.class);
    private static final Initiator STARTER = new Initiator(Initiator.Kind.SYSTEM, "event");

    /** What may be over in a moment: the event is looked at again. */
    private static final Set<Refused.Code> TRY_AGAIN =
            Set.of(Refused.Code.UNAVAILABLE, Refused.Code.OVERLOADED);

    private final CloudEvents store;
    private final Definitions definitions;
    private final Plans plans;
    private final Executions executions;
    private final int chainLimit;
    private final Counter refused;

    /**
     * @param chainLimit the longest {@link Chain} of what is started
     * @param refused counts what was not started because of it
     */
    EventStarts(
            CloudEvents store,
            Definitions definitions,
            Plans plans,
            Executions executions,
            int chainLimit,
            Counter refused) {
        this.store = store;
        this.definitions = definitions;
        this.plans = plans;
        this.executions = executions;
        this.chainLimit = chainLimit;
        this.refused = refused;
    }

    /** Whether there may be more. */
    boolean startFrom(int limit) {
        long position =
                Objects.requireNonNull(
                        store.cursors(List.of(CloudEvents.STARTS)).get(CloudEvents.STARTS));
        List<Stored> events = store.after(position, limit);
        if (events.isEmpty()) {
            return false;
        }
        Map<TenantId, List<DefinitionRef>> waiting = new HashMap<>();
        for (Stored event : events) {
            List<DefinitionRef> workflows =
                    waiting.computeIfAbsent(event.tenant(), definitions::startedByEvents);
            for (DefinitionRef workflow : workflows) {
                offer(event, workflow);
            }
        }
        store.advanceStarts(events.getLast().position());
        return true;
    }

    private void offer(Stored event, DefinitionRef workflow) {
        Listening on;
        try {
            on = plans.workflow(event.tenant(), workflow).startOn();
        } catch (IllegalStateException e) {
            // One definition that cannot be read does not hold up all the others.
            log.error("workflow {} of tenant {} cannot be read", workflow, event.tenant(), e);
            return;
        }
        List<Integer> filters = on == null ? List.of() : fitting(on, EventData.with(event.event()));
        if (on == null || filters.isEmpty()) {
            return;
        }
        if (on.mode() != Listening.Mode.ALL) {
            start(List.of(event), workflow);
            return;
        }
        String correlation = Correlations.ofStart(on.filter(filters.getFirst()), event.event());
        List<Stored> together =
                store.collect(
                        event,
                        workflow,
                        on.filters().size(),
                        filters,
                        correlation == null ? "" : correlation);
        if (!together.isEmpty()) {
            start(together, workflow);
            store.started(workflow, together);
        }
    }

    /** The filters that the event fits; where they correlate it says what is asked. */
    private static List<Integer> fitting(Listening on, JsonNode event) {
        List<Integer> fitting = new ArrayList<>();
        for (int i = 0; i < on.filters().size(); i++) {
            Listening.Filter filter = on.filter(i);
            if (filter.fits(event, Arguments.NONE) && Correlations.ofStart(filter, event) != null) {
                fitting.add(i);
            }
        }
        return fitting;
    }

    private void start(List<Stored> events, DefinitionRef workflow) {
        Stored event = events.getLast();
        int chain = events.stream().mapToInt(one -> Chain.after(one.event())).max().orElse(0);
        if (chain > chainLimit) {
            refused.increment();
            log.warn(
                    "event {} of tenant {} does not start {}: it is the end of a chain of {} lifecycle events, each of an execution that the one before started; at most {} may (gantry.events.chain-limit)",
                    event.event().path("id").asText(),
                    event.tenant(),
                    workflow,
                    chain,
                    chainLimit);
            return;
        }
        ArrayNode input = JsonNodeFactory.instance.arrayNode();
        events.forEach(one -> input.add(EventData.with(one.event())));
        try {
            executions
                    .start(
                            new Executions.StartRequest(
                                    event.tenant(),
                                    STARTER,
                                    workflow.kind(),
                                    workflow.namespace(),
                                    workflow.name(),
                                    workflow.version(),
                                    input,
                                    null,
                                    "event %d %s/%s"
                                            .formatted(
                                                    event.position(),
                                                    workflow.namespace(),
                                                    workflow.name()),
                                    EventTrace.of(event.event()),
                                    chain))
                    .join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof Refused refused) || TRY_AGAIN.contains(refused.code())) {
                throw e;
            }
            // Started by a version that was the latest then.
            if (refused.code() != Refused.Code.IDEMPOTENCY_KEY_REUSED) {
                log.error(
                        "event {} of tenant {} does not start {}: {}",
                        event.event().path("id").asText(),
                        event.tenant(),
                        workflow,
                        refused.getMessage());
            }
        }
    }
}
