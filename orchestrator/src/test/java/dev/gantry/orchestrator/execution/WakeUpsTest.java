package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static dev.gantry.orchestrator.engine.PlanBuilder.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Executions that wait outside of memory until their time comes. */
class WakeUpsTest {
    private static final TestNode.Settings FEW_IN_MEMORY = TestNode.Settings.DEFAULT.withParked(10);

    @Test
    void bringsEachBackOnceHoweverManyAreDue() throws Exception {
        try (TestNode node = TestNode.open(FEW_IN_MEMORY)) {
            node.define("nap", pause("nap", Duration.ofDays(1)));
            List<ExecutionId> ids = start(node, "nap", 3_000);

            node.after(Duration.ofDays(2));

            await().atMost(Duration.ofMinutes(1)).until(() -> open(node) == 0);
            assertThat(node.read.keySet()).isSubsetOf(ids);
            assertThat(node.read).hasSizeGreaterThan(2_900);
            assertThat(node.read.values()).containsOnly(1);
        }
    }

    @Test
    void letsOthersStartMeanwhile() throws Exception {
        try (TestNode node = TestNode.open(FEW_IN_MEMORY)) {
            node.define("nap", pause("nap", Duration.ofDays(1)));
            node.define("one", call("a", "echo"));
            start(node, "nap", 3_000);

            node.after(Duration.ofDays(2));
            await().until(() -> open(node) < 3_000);
            node.run("one", "{}");

            // None of the queues ever holds more than two pages.
            assertThat(node.node().lanes())
                    .allSatisfy(lane -> assertThat(lane.backlog()).isLessThan(600));
            await().atMost(Duration.ofMinutes(1)).until(() -> open(node) == 0);
        }
    }

    @Test
    void isNotHeldUpByOneThatCannotBeRead() throws Exception {
        try (TestNode node = TestNode.open(FEW_IN_MEMORY)) {
            node.define("nap", pause("nap", Duration.ofDays(1)));
            List<ExecutionId> ids = start(node, "nap", 100);
            ExecutionId broken = ids.getFirst();
            node.jdbi.useHandle(handle ->
                    handle.execute(
                            "update journal set body = '\\x00' where execution_id = ?",
                            broken.value()));
            node.isSpoilt = true;

            node.after(Duration.ofDays(2));

            await().atMost(Duration.ofMinutes(1)).until(() -> open(node) == 1);
        }
    }

    @Test
    void takesACommandForOneThatIsBroughtBack() throws Exception {
        try (TestNode node = TestNode.open(FEW_IN_MEMORY)) {
            node.define(
                    "naps",
                    pause("first", Duration.ofDays(1)),
                    pause("second", Duration.ofDays(1)));
            List<ExecutionId> ids = start(node, "naps", 200);

            node.after(Duration.ofDays(1));
            for (ExecutionId id : ids) {
                node.executions().suspend(TestNode.TENANT, id, TestNode.ANN, null);
            }
            for (ExecutionId id : ids) {
                node.executions().resume(TestNode.TENANT, id, TestNode.ANN);
            }
            node.after(Duration.ofDays(2));

            await().atMost(Duration.ofMinutes(1)).until(() -> open(node) == 0);
            for (ExecutionId id : ids) {
                assertThat(node.view(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }

    private static List<ExecutionId> start(TestNode node, String name, int count) throws Exception {
        List<Future<ExecutionId>> starts = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(32)) {
            for (int i = 0; i < count; i++) {
                starts.add(callers.submit(() -> node.start(name, "{}")));
            }
        }
        List<ExecutionId> ids = new ArrayList<>();
        for (Future<ExecutionId> start : starts) {
            ids.add(start.get());
        }
        node.read.clear();
        return ids;
    }

    private static int open(TestNode node) {
        return node.count("select count(*) from execution where residence <> 2");
    }
}
