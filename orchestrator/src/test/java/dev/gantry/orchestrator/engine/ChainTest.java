package dev.gantry.orchestrator.engine;

import static dev.gantry.orchestrator.engine.PlanBuilder.JSON;
import static dev.gantry.orchestrator.engine.PlanBuilder.common;
import static dev.gantry.orchestrator.engine.PlanBuilder.constant;
import static dev.gantry.orchestrator.engine.PlanBuilder.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How far an event is from the first cause. */
class ChainTest {
    private static final ExecutionId ID = ExecutionId.of(1_000, 1, 2, 0, 1);

    private static List<Event> entry(WorkflowPlan plan, int chain) {
        Play play = Play.of(plan);
        play.send(
                new Message.Start(
                        new Event.ExecutionStarted(
                                "acme",
                                plan.ref(),
                                JSON.objectNode(),
                                "c-1",
                                "system:event",
                                null,
                                Instant.MAX,
                                null,
                                0,
                                chain)));
        return play.journal.getFirst();
    }

    private static WorkflowPlan plan() {
        JsonNode event = JSON.objectNode().put("type", "order.paid");
        return workflow("chained", new Task.Emit(common("tell"), constant(event)));
    }

    @Test
    void goesWithEveryEventOfAnExecution() {
        List<Event> entry = entry(plan(), 2);

        JsonNode emitted =
                entry.stream()
                        .filter(Event.EventEmitted.class::isInstance)
                        .map(event -> ((Event.EventEmitted) event).event())
                        .findFirst()
                        .orElseThrow();
        List<JsonNode> told = new Lifecycle(ID, plan().ref(), plan()).read(journaled(entry));

        assertThat(Chain.after(emitted)).isEqualTo(2);
        assertThat(told).hasSizeGreaterThan(3).allMatch(event -> Chain.after(event) == 3);
    }

    @Test
    void beginsWithTheFirstLifecycleEvent() {
        List<Event> entry = entry(plan(), 0);

        assertThat(new Lifecycle(ID, plan().ref(), plan()).read(journaled(entry)))
                .allMatch(event -> !event.has("gantrychain") && Chain.after(event) == 1);
        assertThat(Chain.after(JSON.objectNode().put("type", "order.paid"))).isZero();
    }

    @Test
    void isNotNegativeOrWithoutEndWhateverAnEventSays() {
        JsonNode event = JSON.objectNode().put("type", "order.paid").put("gantrychain", -7);
        assertThat(Chain.after(event)).isZero();
        JsonNode deep =
                JSON.objectNode()
                        .put("type", "io.serverlessworkflow.workflow.faulted.v1")
                        .put("gantrychain", Integer.MAX_VALUE);
        assertThat(Chain.after(deep)).isEqualTo(Integer.MAX_VALUE);
    }

    private static Journal.Entry journaled(List<Event> events) {
        return new Journal.Entry(
                ID,
                new TenantId("acme"),
                new Initiator(Initiator.Kind.USER, "ann"),
                1,
                Instant.EPOCH,
                events,
                Aside.NONE);
    }
}
