package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class NodeTest {
    @Test
    void runsThreeStepsAndRemembersThem() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("three", call("a", "echo"), call("b", "echo"), call("c", "echo"));

            Executions.Ran ran =
                    node.executions()
                            .run(node.start("three", "{\"x\":1}"), Duration.ofSeconds(10))
                            .get();

            assertThat(ran.view().summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(ran.view().output()).hasToString("{\"x\":1}");
            assertThat(node.runners().runs.sum()).isEqualTo(3);
            assertThat(node.executions().steps(TestNode.TENANT, ran.started().id()))
                    .extracting(StepView::status)
                    .containsExactly("succeeded", "succeeded", "succeeded");
            assertThat(
                            node.executions()
                                    .history(TestNode.TENANT, ran.started().id(), null, 200)
                                    .items())
                    .extracting(HistoryEvent::type)
                    .startsWith(
                            "ExecutionStarted",
                            "InputAccepted",
                            "TaskEntered",
                            "StepScheduled",
                            "StepEnded")
                    .endsWith("ExecutionCompleted");
            if (System.getProperty("load") != null) {
                load(node);
            }
        }
    }

    private static void load(TestNode node) throws Exception {
        LongAdder done = new LongAdder();
        Semaphore free = new Semaphore(512);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        long half = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        long at8 = 0;
        while (System.nanoTime() < end) {
            free.acquire();
            if (at8 == 0 && System.nanoTime() > half) {
                at8 = done.sum();
            }
            var _ =
                    node.executions()
                            .run(node.start("three", "{\"x\":1}"), Duration.ofSeconds(30))
                            .whenComplete((r, f) -> {
                                if (f == null) {
                                    done.increment();
                                }
                                free.release();
                            });
        }
        throw new AssertionError(
                "LOAD wf/s " + (done.sum() - at8) / 12.0 + " " + node.node().counters());
    }
}
