package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A server that is asked to stop while steps are under way. */
class DrainTest {
    private static final Duration AMPLE = Duration.ofSeconds(30);

    @Test
    void letsACallEndThatNobodyElseCouldTakeUpAndBeginsNoOther() throws Exception {
        TestNode node = TestNode.open();
        node.stage.forgetful = true;
        node.define("two", call("a", "echo"), call("b", "echo"));
        node.stage.held.add("a");
        ExecutionId id = node.start("two", "{\"x\":1}");
        await().until(() -> node.stage.waiting().size() == 1);

        CompletableFuture<Void> drained =
                CompletableFuture.runAsync(() -> node.node().drain(AMPLE));
        assertThat(drained).isNotDone();
        node.stage.finish(node.stage.waiting().iterator().next(), Stage.succeeded("{\"x\":2}"));
        drained.get(20, TimeUnit.SECONDS);
        assertThat(node.stage.begun).hasSize(1);

        try (TestNode again = node.restarted()) {
            ExecutionView view = again.await(id);
            assertThat(view.summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(view.output()).hasToString("{\"x\":2}");
            assertThat(again.stage.begun).hasSize(2).doesNotContainValue(2);
        }
    }

    @Test
    void doesNotWaitForWhatAnotherProcessTakesUp() throws Exception {
        TestNode node = TestNode.open();
        node.define("one", call("a", "echo"));
        node.stage.held.add("a");
        ExecutionId id = node.start("one", "{}");
        await().until(() -> node.stage.waiting().size() == 1);

        CompletableFuture.runAsync(() -> node.node().drain(Duration.ofMinutes(10)))
                .get(20, TimeUnit.SECONDS);

        try (TestNode again = node.restarted()) {
            await().until(() -> again.stage.reattached.size() == 1);
            again.stage.finish(again.stage.waiting().iterator().next(), Stage.succeeded("{}"));
            assertThat(again.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(again.stage.begun).hasSize(1).doesNotContainValue(2);
        }
    }

    @Test
    void knowsWhatAnAdapterPromisesOfEachFunction() throws Exception {
        TestNode node = TestNode.open();
        node.stage.forgetfulOf.add("test/plain");
        node.define("asked", call("a", "echo"));
        node.define("plain", call("b", "plain"));
        node.stage.held.addAll(List.of("a", "b"));
        ExecutionId asked = node.start("asked", "{}");
        await().until(() -> node.stage.waiting().size() == 1);
        String first = node.stage.waiting().iterator().next();
        ExecutionId plain = node.start("plain", "{}");
        await().until(() -> node.stage.waiting().size() == 2);

        CompletableFuture<Void> drained =
                CompletableFuture.runAsync(() -> node.node().drain(AMPLE));
        assertThat(drained).isNotDone();
        node.stage.waiting().stream()
                .filter(name -> !name.equals(first))
                .toList()
                .forEach(name -> node.stage.finish(name, Stage.succeeded("{}")));
        drained.get(20, TimeUnit.SECONDS);

        try (TestNode again = node.restarted()) {
            assertThat(again.await(plain).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            await().until(() -> again.stage.reattached.containsKey(first));
            again.stage.finish(first, Stage.succeeded("{}"));
            assertThat(again.await(asked).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(again.stage.begun).hasSize(2).doesNotContainValue(2);
        }
    }

    @Test
    void leavesACallThatTakesTooLongToADecision() throws Exception {
        TestNode node = TestNode.open();
        node.stage.forgetful = true;
        node.define("one", call("a", "echo"));
        node.stage.held.add("a");
        node.start("one", "{}");
        await().until(() -> node.stage.waiting().size() == 1);

        node.node().drain(Duration.ofMillis(50));

        try (TestNode again = node.restarted()) {
            await().until(() ->
                    again.executions().deadLetters(TestNode.TENANT, null, 10).items().size() == 1);
            assertThat(again.stage.begun).hasSize(1).doesNotContainValue(2);
        }
    }
}
