package dev.gantry.orchestrator.engine;

import static dev.gantry.orchestrator.engine.PlanBuilder.JSON;
import static dev.gantry.orchestrator.engine.PlanBuilder.pause;
import static dev.gantry.orchestrator.engine.PlanBuilder.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.DataFlow;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.DurationTemplate;
import dev.gantry.orchestrator.definition.plan.Listening;
import dev.gantry.orchestrator.definition.plan.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What people read about what an execution waits for. */
class BlockersTest {
    private static String waitingFor(Play play) {
        return String.valueOf(play.state.currentTasks().getFirst().waitingFor());
    }

    @Test
    void tellsTheTimeThatAWaitWaitsFor() {
        Play play = Play.of(workflow("w", pause("p", Duration.ofDays(3)))).start();

        assertThat(waitingFor(play)).isEqualTo("the time 2026-01-04T00:00:00Z");
    }

    @Test
    void tellsThatTheGuardrailComesFirst() {
        Play play = Play.of(workflow("w", pause("p", Duration.ofDays(400)))).start();

        assertThat(waitingFor(play))
                .isEqualTo(
                        "the time 2027-02-05T00:00:00Z, but the execution's maximum duration ends it"
                                + " at 2026-01-31T00:00:00Z");
    }

    @Test
    void tellsThatATimeoutComesFirst() {
        Play play =
                Play.of(workflow("w", Duration.ofDays(2), pause("p", Duration.ofDays(400))))
                        .start();

        assertThat(waitingFor(play)).endsWith(", but a timeout ends it at 2026-01-03T00:00:00Z");
    }

    private static Task listen(String definition, Listening to, @Nullable Duration timeout) {
        JsonNode written = Play.json(definition);
        return new Task.Listen(
                new Task.Common(
                        "l",
                        "/l",
                        null,
                        DataFlow.IDENTITY,
                        timeout == null ? null : DurationTemplate.of(timeout),
                        Directive.CONTINUE,
                        written),
                to,
                Task.EventRead.DATA,
                null);
    }

    private static Listening.Filter filter(String type, String name) {
        return new Listening.Filter(
                type,
                Map.of("type", (value, arguments) -> value.asText().equals(type)),
                Map.of(
                        name,
                        new Listening.Correlation(
                                (event, arguments) -> event.path("data"),
                                (input, arguments) -> JSON.numberNode(17))));
    }

    @Test
    void tellsWhichEventIsWaitedFor() {
        Listening one =
                new Listening(
                        Listening.Mode.ONE, List.of(filter("order.paid", "order")), null, null);
        String written =
                """
                {"listen": {"to": {"one": {"with": {"type": "order.paid", "data": "${ .amount > 0 }"}}}}}
                """;

        Play play = Play.of(workflow("w", listen(written, one, Duration.ofDays(2)))).start();

        assertThat(waitingFor(play))
                .isEqualTo(
                        "an event with type order.paid, data ${ .amount > 0 }, order 17, until"
                                + " 2026-01-03T00:00:00Z");
    }

    @Test
    void tellsWhichOfSeveralEventsAreMissing() {
        Listening all =
                new Listening(
                        Listening.Mode.ALL,
                        List.of(filter("paid", "order"), filter("packed", "order")),
                        null,
                        null);
        String written =
                """
                {"listen": {"to": {"all": [{"with": {"type": "paid"}}, {"with": {"type": "packed"}}]}}}
                """;
        Play play = Play.of(workflow("w", listen(written, all, null))).start();
        assertThat(waitingFor(play))
                .isEqualTo(
                        "2 events: one with type paid, order 17, and one with type packed, order 17");

        play.send(
                new Message.EventArrived(1, JSON.objectNode().put("type", "paid").put("data", 17)));

        assertThat(waitingFor(play)).isEqualTo("an event with type packed, order 17");
    }
}
