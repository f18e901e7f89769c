package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import java.time.Duration;
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
        }
    }
}
