package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static dev.gantry.orchestrator.engine.PlanBuilder.pause;
import static dev.gantry.orchestrator.engine.PlanBuilder.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.engine.PlanBuilder;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Health;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is due while its adapter is away. */
class AwayTest {
    private static final Health AWAY = Health.disconnected("cable out");
    private TestNode node = TestNode.open();

    @AfterEach
    void close() {
        node.close();
    }

    private String waitingFor(ExecutionId id) {
        await().until(() -> !node.view(id).currentTasks().isEmpty());
        return String.valueOf(node.view(id).currentTasks().getFirst().waitingFor());
    }

    private ExecutionId held(String name) throws Exception {
        node.stage.health = AWAY;
        ExecutionId id = node.startByEvent(name, "{\"n\":1}");
        await().until(() -> node.node().heldSteps() == 1);
        await().until(() -> node.view(id).summary().status() == ExecutionStatus.WAITING);
        assertThat(waitingFor(id)).startsWith("adapter stage, away since").endsWith("cable out");
        return id;
    }

    private void comesBack(ExecutionId id) throws Exception {
        node.stage.health = Health.connected("stage");
        assertThat(node.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(node.stage.begun.values()).containsExactly(1);
        assertThat(node.stage.begun.keySet()).allMatch(begun -> begun.endsWith(" 1"));
        await().until(() -> node.node().heldSteps() == 0);
    }

    @Test
    void waitsForTheAdapterOfWhatAnEventStarted() throws Exception {
        node.define("one", call("x", "f"));

        ExecutionId id = held("one");

        comesBack(id);
    }

    @Test
    void waitsInTheMiddleOfAnExecution() throws Exception {
        node.define("later", pause("p", Duration.ofMillis(300)), call("x", "f"));
        ExecutionId id = node.start("later", "{}");
        node.stage.health = AWAY;
        await().until(() -> node.node().heldSteps() == 1);

        comesBack(id);
    }

    @Test
    void waitsAcrossRestarts() throws Exception {
        node.define("one", call("x", "f"));
        ExecutionId id = held("one");

        node = node.restarted();
        await().until(() -> node.node().heldSteps() == 1);
        assertThat(waitingFor(id)).contains("away since");
        node = node.restarted();

        comesBack(id);
    }

    @Test
    void waitsAcrossRestartsAlsoWhereNothingIsProvisioned() throws Exception {
        node.stage.capabilities = Stage.capabilities(Capability.CANCEL);
        node.define("one", call("x", "f"));
        ExecutionId id = held("one");

        node = node.restarted();

        comesBack(id);
    }

    @Test
    void triesAgainWhatTheAdapterDidNotBegin() throws Exception {
        node.define("one", call("x", "f"));
        node.stage.refusals.set(3);

        ExecutionId id = node.start("one", "{}");
        await().until(() -> waitingFor(id).contains("the stage is dark"));

        comesBack(id);
    }

    @Test
    void failsWithWhatAnAdapterSaysThatIsThereAndRefusesAgainAndAgain() throws Exception {
        node.define("one", call("x", "f"));
        node.stage.refusals.set(1_000);

        ExecutionId id = node.start("one", "{}");
        ExecutionView view =
                node.executions().await(TestNode.TENANT, id, Duration.ofMinutes(2)).get();

        assertThat(view.summary().status()).isEqualTo(ExecutionStatus.FAULTED);
        assertThat(String.valueOf(view.error())).contains("the stage is dark");
        assertThat(node.stage.begun).isEmpty();
    }

    @Test
    void isCancelledMeanwhile() throws Exception {
        node.define("one", call("x", "f"));
        ExecutionId id = held("one");

        node.executions()
                .cancel(TestNode.TENANT, id, new Initiator(Initiator.Kind.USER, "ann"), null);

        assertThat(node.await(id).summary().status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(node.stage.begun).isEmpty();
        await().until(() -> node.node().heldSteps() == 0);
    }

    @Test
    void isEndedByItsTimeoutMeanwhile() throws Exception {
        node.define(
                "one",
                new Task.CallFunction(
                        PlanBuilder.withTimeout("x", Duration.ofSeconds(2)),
                        ref("f"),
                        null,
                        Task.Placement.DEFAULT));
        ExecutionId id = held("one");

        ExecutionView ended = node.await(id);

        assertThat(Objects.requireNonNull(ended.error()).code()).isEqualTo("TIMEOUT");
        assertThat(node.stage.begun).isEmpty();
    }

    @Test
    void failsWhenItHasWaitedLongEnough() throws Exception {
        node.close();
        node = TestNode.open(TestNode.Settings.DEFAULT.withPatience(Duration.ofSeconds(2)));
        node.define("one", call("x", "f"));
        ExecutionId id = held("one");

        ExecutionView ended = node.await(id);

        assertThat(Objects.requireNonNull(ended.error()).code()).isEqualTo("ADAPTER_AWAY");
        assertThat(ended.error().detail())
                .contains("gantry.execution.adapter-patience")
                .contains("adapter stage, away since")
                .contains("cable out");
    }

    @Test
    void goesToAnotherAdapterThatIsThere() throws Exception {
        node.define("one", call("x", "f"));
        ExecutionId id = held("one");

        node.stage.standIn = "other";

        assertThat(node.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(
                        node.executions()
                                .steps(TestNode.TENANT, id, 0, 200)
                                .items()
                                .getFirst()
                                .attempts())
                .extracting(StepView.AttemptView::adapter)
                .containsExactly("stage", "other");
    }

    @Test
    void refusesOnlyStartsThatSomebodyWaitsFor() throws Exception {
        node.define("one", call("x", "f"));
        ExecutionId id = held("one");

        assertThatThrownBy(
                        () -> node.executions().start(TestNode.request("one", "{}", null)).join())
                .hasMessageContaining("cable out");

        comesBack(id);
    }

    @Test
    void tellsTheLimitThatAStepWaitsFor() throws Exception {
        node.define("one", call("x", "f"));
        node.stage.line = new Runners.Line(new Runners.Limit("a", "function test/f", 2), 2, 3);

        ExecutionId limited = node.start("one", "{}");
        await().untilAsserted(() ->
                assertThat(waitingFor(limited))
                        .isEqualTo(
                                "a free place: function test/f runs 2 at a time, and 3 wait before it"));
        node.stage.line = new Runners.Line(null, 8, 0);
        ExecutionId full = node.start("one", "{}");
        await().untilAsserted(() ->
                assertThat(waitingFor(full))
                        .isEqualTo(
                                "a free place: adapter stage runs 8 at a time, and 0 wait before it"));
    }

    @Test
    void tellsThatTheAdapterOfWhatRunsIsAway() throws Exception {
        node.define("one", call("x", "f"));
        node.stage.held.add("x");
        ExecutionId id = node.start("one", "{}");
        await().until(() -> !node.stage.waiting().isEmpty());

        node.stage.health = AWAY;

        assertThat(waitingFor(id)).startsWith("adapter stage, away since");
        node.stage.health = Health.connected("stage");
        assertThat(waitingFor(id)).isEqualTo("null");
    }
}
