package dev.gantry.orchestrator.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.definition.plan.DataFlow;
import dev.gantry.orchestrator.definition.plan.Listening;
import dev.gantry.orchestrator.definition.plan.Plans;
import dev.gantry.orchestrator.definition.plan.Scope;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.engine.CloudEvents;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What events start, and where that ends. */
class EventStartsTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final DefinitionRef ALERT =
            new DefinitionRef(DefinitionKind.WORKFLOW, "ops", "alert", "1.0.0");
    private static final int LIMIT = 3;

    private final List<JsonNode> events = new ArrayList<>();
    private final List<Executions.StartRequest> started = new ArrayList<>();
    private final Counter refused = new SimpleMeterRegistry().counter("refused");
    private int offered;

    private interface Answer {
        @Nullable Object to(Method method, @Nullable Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> answer.to(method, arguments)));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the proxy gives it to who asks
    private EventStarts starts() {
        Listening.Filter any = new Listening.Filter(null, Map.of(), Map.of());
        WorkflowPlan plan =
                new WorkflowPlan(
                        ALERT,
                        DataFlow.IDENTITY,
                        null,
                        new Scope("/do", List.of()),
                        List.of(),
                        List.of(),
                        new Listening(Listening.Mode.ONE, List.of(any), null, null),
                        Set.of(),
                        JsonNodeFactory.instance.objectNode());
        return new EventStarts(
                fake(CloudEvents.class, this::store),
                fake(Definitions.class, (method, arguments) -> List.of(ALERT)),
                fake(Plans.class, (method, arguments) -> plan),
                fake(
                        Executions.class,
                        (method, arguments) -> {
                            started.add((Executions.StartRequest) arguments[0]);
                            return CompletableFuture.completedFuture(
                                    new Executions.Started(
                                            ExecutionId.of(1, started.size(), 2, 0, 1), true));
                        }),
                LIMIT,
                refused);
    }

    private @Nullable Object store(Method method, @Nullable Object[] arguments) {
        return switch (method.getName()) {
            case "cursors" -> Map.of(CloudEvents.STARTS, (long) offered);
            case "after" -> {
                List<CloudEvents.Stored> page = new ArrayList<>();
                for (int i = offered; i < events.size(); i++) {
                    page.add(new CloudEvents.Stored(i + 1, ACME, "t", events.get(i)));
                }
                yield page;
            }
            case "advanceStarts" -> {
                offered = events.size();
                yield null;
            }
            default -> throw new AssertionError(method);
        };
    }

    /** The faulted event of an execution, as its node tells it. */
    private static JsonNode faulted(int chain) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("id", "e-" + chain);
        event.put("type", "io.serverlessworkflow.workflow.faulted.v1");
        if (chain > 0) {
            event.put("gantrychain", chain);
        }
        return event;
    }

    @Test
    void endsTheChainOfAlertsThatRaiseAlerts() {
        EventStarts starts = starts();
        events.add(faulted(0));

        while (starts.startFrom(100)) {
            // Each alert that is started faults too.
            if (started.size() == events.size()) {
                events.add(faulted(started.getLast().chain()));
            }
        }

        assertThat(started).extracting(Executions.StartRequest::chain).containsExactly(1, 2, 3);
        assertThat(refused.count()).isEqualTo(1);
    }

    @Test
    void startsByOtherEventsWithoutEnd() {
        EventStarts starts = starts();
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        own.put("id", "o-1").put("type", "order.next").put("gantrychain", LIMIT);
        events.add(own);
        events.add(own.deepCopy().put("id", "o-2"));

        while (starts.startFrom(100)) {}

        assertThat(started)
                .extracting(Executions.StartRequest::chain)
                .containsExactly(LIMIT, LIMIT);
        assertThat(refused.count()).isZero();
    }
}
