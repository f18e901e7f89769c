package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.JSON;
import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static dev.gantry.orchestrator.engine.PlanBuilder.common;
import static dev.gantry.orchestrator.engine.PlanBuilder.fork;
import static dev.gantry.orchestrator.engine.PlanBuilder.pause;
import static dev.gantry.orchestrator.engine.PlanBuilder.set;
import static dev.gantry.orchestrator.engine.PlanBuilder.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.execution.Executions.Refused;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Health;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** One node, its lanes and its database. */
class NodeTest {
    private static final Initiator ANN = new Initiator(Initiator.Kind.USER, "ann");

    @Test
    void runsThreeStepsAndRemembersThem() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("three", call("a", "echo"), call("b", "echo"), call("c", "echo"));

            ExecutionView view = node.run("three", "{\"x\":1}");

            assertThat(view.summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(view.output()).hasToString("{\"x\":1}");
            assertThat(node.stage.begun).hasSize(3).doesNotContainValue(2);
            ExecutionId id = view.summary().id();
            assertThat(node.executions().steps(TestNode.TENANT, id, 0, 200).items())
                    .extracting(StepView::status)
                    .containsExactly("succeeded", "succeeded", "succeeded");
            assertThat(node.executions().history(TestNode.TENANT, id, null, 200).items())
                    .extracting(HistoryEvent::type)
                    .startsWith(
                            "ExecutionStarted",
                            "InputAccepted",
                            "TaskEntered",
                            "StepScheduled",
                            "StepProvisioned",
                            "StepEnded")
                    .contains("ExecutionCompleted");
            await().untilAsserted(() -> assertThat(node.stage.tornDown).hasSize(3));
        }
    }

    @Test
    void startsOnceForAKeyHoweverManyAskAndAlsoAfterARestart() throws Exception {
        Executions.StartRequest request = TestNode.request("one", "{\"n\":1}", "order-1");
        Set<ExecutionId> ids = new HashSet<>();
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            List<Future<ExecutionId>> starts = new ArrayList<>();
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 50; i++) {
                    starts.add(callers.submit(() -> node.executions().start(request).get().id()));
                }
            }
            for (Future<ExecutionId> start : starts) {
                ids.add(start.get());
            }
            assertThat(ids).hasSize(1);
            node.await(ids.iterator().next());
            assertThat(node.stage.begun).hasSize(1);

            assertThatThrownBy(() ->
                            node.executions()
                                    .start(TestNode.request("one", "{\"n\":2}", "order-1"))
                                    .get())
                    .hasRootCauseInstanceOf(Refused.class)
                    .hasMessageContaining("stands for another request");

            try (TestNode again = node.restarted()) {
                assertThat(again.executions().start(request).get().id())
                        .isEqualTo(ids.iterator().next());
                assertThat(again.stage.begun).hasSize(1);
            }
        }
    }

    @Test
    void endsWhatMakesDataThatCannotBeStored() throws Exception {
        String deepest = "{\"a\":".repeat(499) + "{}" + "}".repeat(499);
        Task wrap =
                new Task.Set(
                        common("wrap", new Directive.GoTo(0)),
                        value((input, arguments) -> JSON.objectNode().set("a", input)));
        try (TestNode node = TestNode.open()) {
            node.define("wrap", wrap);
            node.define("call", call("a", "echo"), pause("nap", Duration.ofMillis(10)));
            node.stage.held.add("deep");
            node.define("deep", call("deep", "echo"));

            WorkflowError error = Objects.requireNonNull(node.run("wrap", "{}").error());
            assertThat(error.code()).isEqualTo("DATA_LIMIT_EXCEEDED");
            assertThat(error.detail()).contains("nested deeper than 500 levels");
            assertThat(node.run("call", deepest).output()).hasToString(deepest);
            for (int levels : List.of(501, 1_001)) {
                ExecutionId id = node.start("deep", "{}");
                await().until(() -> !node.stage.waiting().isEmpty());
                node.stage.finish(
                        node.stage.waiting().iterator().next(),
                        Stage.succeeded("[".repeat(levels) + "]".repeat(levels)));
                node.await(id);
                WorkflowError tooDeep = Objects.requireNonNull(node.view(id).error());
                assertThat(tooDeep.code()).isEqualTo(Failure.Code.OUTPUT_TOO_LARGE);
                assertThat(tooDeep.detail())
                        .startsWith("the result ")
                        .doesNotContain("Constraints");
            }
        }
    }

    @Test
    void keepsLargeValuesByReference() throws Exception {
        String large = "{\"text\":\"%s\",\"price\":1.10}".formatted("ä".repeat(100_000));
        try (TestNode node = TestNode.open()) {
            node.define("large", call("a", "echo"), pause("nap", Duration.ofMillis(20)));
            ExecutionId id = node.run("large", large).summary().id();

            try (TestNode again = node.restarted()) {
                assertThat(again.view(id).output()).hasToString(large);
                assertThat(again.view(id).input()).hasToString(large);
                assertThat(again.count("select max(length(body)) from journal")).isLessThan(2_000);
            }
        }
    }

    @Test
    void leavesMemoryAndComesBackTheSame() throws Exception {
        Task[] tasks = new Task[160];
        for (int i = 0; i < tasks.length; i++) {
            tasks[i] =
                    i % 40 == 39
                            ? pause("nap" + i, Duration.ofMillis(1))
                            : call("step" + i, "echo");
        }
        try (TestNode node = TestNode.open(TestNode.Settings.DEFAULT.withParked(0))) {
            node.define("naps", tasks);
            ExecutionView view = node.run("naps", "{\"x\":[1.50,null]}");

            assertThat(view.output()).hasToString("{\"x\":[1.50,null]}");
            assertThat(node.stage.begun).hasSize(156).doesNotContainValue(2);
            assertThat(node.count("select count(*) from snapshot"))
                    .as("it was read from a snapshot and what follows it")
                    .isEqualTo(1);
            assertThat(view.summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    void refusesAStartWhoseAdapterIsAway() {
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            node.stage.health = Health.disconnected("the engine does not answer");

            assertThatThrownBy(() -> node.start("one", "{}"))
                    .hasRootCauseInstanceOf(Refused.class)
                    .hasMessageContaining("adapter 'stage', which is disconnected")
                    .hasMessageContaining("the engine does not answer");
        }
    }

    @Test
    void removesOnlyWhatNobodyWants() throws Exception {
        try (TestNode node =
                TestNode.open(TestNode.Settings.DEFAULT.withReaper(Duration.ofMillis(100)))) {
            node.define("one", call("a", "echo"));
            node.stage.held.add("a");
            ExecutionId id = node.start("one", "{}");
            await().until(() -> node.stage.waiting().size() == 1);
            String wanted = node.stage.waiting().iterator().next();
            Map<String, String> labels =
                    Map.of(
                            StepContext.LABEL_PREFIX + "installation",
                            "test",
                            StepContext.LABEL_PREFIX + "execution",
                            UUID.randomUUID().toString(),
                            StepContext.LABEL_PREFIX + "step",
                            "1",
                            StepContext.LABEL_PREFIX + "attempt",
                            "1");
            node.stage.resources.put(
                    "lost",
                    new OwnedResource(
                            new Handle("stage", 1, "lost", Map.of()), labels, Instant.EPOCH));

            await().until(() -> node.stage.tornDown.contains("lost"));
            Thread.sleep(500);
            assertThat(node.stage.resources).containsOnlyKeys(wanted);

            node.stage.finish(wanted, Stage.succeeded("{}"));
            node.await(id);
            await().until(node.stage.resources::isEmpty);
        }
    }

    @Test
    void waitsForADecisionAboutWhatMayHaveCommitted() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("risky", call("a", "echo"), call("b", "echo"));
            node.stage.failing.put(
                    "a",
                    new Failure(
                            "LOST",
                            "the reply was lost",
                            Failure.Actor.BACKEND,
                            true,
                            Failure.Progress.MAY_HAVE_COMMITTED));
            ExecutionId accepted = node.start("risky", "{}");
            ExecutionId failed = node.start("risky", "{}");
            ExecutionId rerun = node.start("risky", "{}");
            await().until(() ->
                    node.executions().deadLetters(TestNode.TENANT, null, 10).items().size() == 3);
            assertThat(node.stage.begun).as("nothing was retried unasked").hasSize(3);

            decide(
                    node,
                    accepted,
                    new Executions.Decision.Accept(
                            TestNode.request("risky", "{\"done\":1}", null).input(),
                            "the bank shows it"));
            decide(node, failed, new Executions.Decision.Fail("it did not happen"));
            node.stage.failing.clear();
            decide(node, rerun, new Executions.Decision.Rerun("the bank has no such payment"));

            assertThat(node.await(accepted).output()).hasToString("{\"done\":1}");
            assertThat(node.await(failed).summary().status()).isEqualTo(ExecutionStatus.FAULTED);
            assertThat(node.await(rerun).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(node.executions().deadLetters(TestNode.TENANT, null, 10).items()).isEmpty();
            assertThat(
                            node.executions()
                                    .steps(TestNode.TENANT, rerun, 0, 200)
                                    .items()
                                    .getFirst()
                                    .attempts())
                    .hasSize(2);
        }
    }

    private static void decide(TestNode node, ExecutionId id, Executions.Decision decision) {
        node.executions().decide(TestNode.TENANT, id, ANN, 1, decision);
    }

    @Test
    void endsWhatLastsLongerThanAnyDocumentMayAsk() throws Exception {
        try (TestNode node =
                TestNode.open(TestNode.Settings.DEFAULT.withMaxDuration(Duration.ofMillis(400)))) {
            node.define("long", call("a", "echo"));
            node.stage.held.add("a");
            ExecutionView view = node.run("long", "{}");

            assertThat(view.summary().status()).isEqualTo(ExecutionStatus.FAULTED);
            assertThat(view.error()).isNotNull();
            assertThat(view.error().code()).isEqualTo("MAX_DURATION_EXCEEDED");
            assertThat(node.stage.waiting()).as("the step was stopped first").isEmpty();
        }
    }

    @Test
    void cancelsEveryBranchBeforeItSaysSo() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("both", fork("both", false, call("a", "echo"), call("b", "echo")));
            node.stage.held.addAll(Set.of("a", "b"));
            ExecutionId id = node.start("both", "{}");
            await().until(() -> node.stage.waiting().size() == 2);

            node.executions().cancel(TestNode.TENANT, id, ANN, "enough");

            assertThat(node.await(id).summary().status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(node.stage.waiting()).isEmpty();
            await().until(node.stage.resources::isEmpty);
        }
    }

    @Test
    void isNotHeldUpByAMessageThatCannotBeProcessed() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("good", call("a", "echo"));
            node.define(
                    "bad",
                    set(
                            "a",
                            (input, arguments) -> {
                                throw new IllegalStateException("a defect");
                            }));
            List<Future<ExecutionId>> starts = new ArrayList<>();
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 200; i++) {
                    String name = i % 10 == 0 ? "bad" : "good";
                    starts.add(callers.submit(() -> node.start(name, "{}")));
                }
            }
            for (int i = 0; i < 200; i++) {
                Future<ExecutionId> start = starts.get(i);
                if (i % 10 == 0) {
                    assertThatThrownBy(start::get)
                            .hasRootCauseInstanceOf(Refused.class)
                            .hasMessageContaining("cannot be stored");
                } else {
                    assertThat(node.await(start.get()).summary().status())
                            .isEqualTo(ExecutionStatus.COMPLETED);
                }
            }
            assertThat(node.stage.begun).hasSize(180).doesNotContainValue(2);
        }
    }

    @Test
    void keepsCharactersThatNoColumnTakes() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("risky", call("a", "echo"));
            node.stage.failing.put(
                    "a",
                    new Failure(
                            "LOST",
                            "the reply was \u0000",
                            Failure.Actor.BACKEND,
                            true,
                            Failure.Progress.MAY_HAVE_COMMITTED));
            node.start("risky", "{\"x\":\"\\u0000\"}");
            await().until(() ->
                    node.executions().deadLetters(TestNode.TENANT, null, 10).items().size() == 1);
        }
    }

    @Test
    void takesUpTheOthersWhenOneExecutionCannotBeRead() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            node.stage.held.add("a");
            ExecutionId broken = node.start("one", "{}");
            ExecutionId whole = node.start("one", "{}");
            await().until(() -> node.stage.waiting().size() == 2);
            node.jdbi.useHandle(handle ->
                    handle.execute(
                            "update journal set body = '\\x00' where execution_id = ?",
                            broken.value()));
            node.isSpoilt = true;
            try (TestNode again = node.restarted()) {
                again.isSpoilt = true;
                await().until(() -> again.stage.reattached.size() == 1);
                for (String name : Set.copyOf(again.stage.waiting())) {
                    again.stage.finish(name, Stage.succeeded("{}"));
                }
                assertThat(again.await(whole).summary().status())
                        .isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }

    @Test
    void refusesAnInputThatIsTooLarge() {
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            assertThatThrownBy(() ->
                            node.start("one", "{\"x\":\"%s\"}".formatted("x".repeat(5 << 20))))
                    .hasRootCauseInstanceOf(Refused.class)
                    .hasMessageContaining("more than 4194304 characters");
        }
    }

    @Test
    void refusesWhatComesWhileItStops() throws Exception {
        TestNode node = TestNode.open();
        node.define("one", call("a", "echo"));
        node.run("one", "{}");
        node.close();

        assertThatThrownBy(() -> node.start("one", "{}"))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(Refused.class);
    }
}
