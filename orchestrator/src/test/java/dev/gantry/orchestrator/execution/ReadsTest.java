package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static dev.gantry.orchestrator.engine.PlanBuilder.fork;
import static dev.gantry.orchestrator.engine.PlanBuilder.pause;
import static dev.gantry.orchestrator.engine.PlanBuilder.sequence;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.engine.ReadRows;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.spi.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What readers are told, and at what cost. Every test node holds it against a fold at its end. */
class ReadsTest {
    private static final int STEPS = 60;

    private static Task[] steps(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> call("t" + number, "echo"))
                .toArray(Task[]::new);
    }

    @Test
    void pagesTheStepsOfALongExecutionExactly() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("long", steps(STEPS));

            ExecutionView view = node.run("long", "{\"x\":1}");

            assertThat(view.change()).isGreaterThan(ReadRows.FEW_ENTRIES);
            ExecutionId id = view.summary().id();
            List<StepView> all = node.executions().steps(TestNode.TENANT, id, 0, 200).items();
            assertThat(all)
                    .hasSize(STEPS)
                    .allSatisfy(step -> {
                        assertThat(step.status()).isEqualTo("succeeded");
                        assertThat(step.input()).hasToString("{\"x\":1}");
                        assertThat(step.output()).hasToString("{\"x\":1}");
                        assertThat(step.attempts()).hasSize(1);
                    });
            Executions.Page<StepView> page = node.executions().steps(TestNode.TENANT, id, 0, 7);
            assertThat(page.items()).isEqualTo(all.subList(0, 7));
            int after = all.get(STEPS - 8).step();
            page = node.executions().steps(TestNode.TENANT, id, after, 7);
            assertThat(page.items()).isEqualTo(all.subList(STEPS - 7, STEPS));
            assertThat(page.next()).isNull();
            page = node.executions().steps(TestNode.TENANT, id, after, 6);
            assertThat(page.items()).isEqualTo(all.subList(STEPS - 7, STEPS - 1));
            assertThat(page.next()).isEqualTo(Integer.toString(all.get(STEPS - 2).step()));
            assertThat(node.executions().step(TestNode.TENANT, id, all.getLast().step()))
                    .contains(all.getLast());
            assertThat(node.executions().step(TestNode.TENANT, id, 10_000)).isEmpty();
        }
    }

    @Test
    void readsNoMoreEntriesForALatePageThanForTheFirst() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("long", steps(STEPS));
            ExecutionId id = node.run("long", "{}").summary().id();
            List<StepView> all = node.executions().steps(TestNode.TENANT, id, 0, 200).items();
            String after = null;

            for (int shown = 0; shown < 200; shown += 10) {
                node.entriesRead.set(0);
                Executions.Page<HistoryEvent> page =
                        node.executions().history(TestNode.TENANT, id, after, 10);
                assertThat(page.items()).hasSize(10);
                assertThat(node.entriesRead).hasValueLessThanOrEqualTo(11);
                after = page.next();
            }

            for (StepView step : all) {
                node.entriesRead.set(0);
                node.executions().steps(TestNode.TENANT, id, step.step() - 1, 1);
                // Of two steps: the one that is shown, and whether there is another.
                assertThat(node.entriesRead).hasValueLessThanOrEqualTo(10);
            }

            node.entriesRead.set(0);
            node.view(id);
            assertThat(node.entriesRead).hasValueLessThanOrEqualTo(2);
        }
    }

    /** As a node of an earlier release leaves it, or one that still runs beside this one. */
    private static void forget(TestNode node) {
        node.jdbi.useHandle(handle -> {
            handle.execute("update journal set aside = null");
            handle.execute("delete from step_entry");
            handle.execute(
                    "update execution set readable = 0, current_tasks = null, ended_by = null");
        });
    }

    @Test
    void makesUpForWhatAnEarlierReleaseHasWritten() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("long", steps(STEPS));
            node.define(
                    "held", fork("f", false, call("x", "echo"), call("y", "echo")), pauseLong());
            node.stage.held.add("x");
            ExecutionId ended = node.run("long", "{\"x\":1}").summary().id();
            ExecutionId running = node.start("held", "{\"x\":2}");
            await().until(() ->
                    node.stage.waiting().size() == 1
                            && node.view(running).currentTasks().size() == 1);
            ExecutionView before = node.view(running);
            ExecutionView end = node.view(ended);
            List<StepView> steps = node.executions().steps(TestNode.TENANT, ended, 0, 200).items();
            Object history = node.executions().history(TestNode.TENANT, ended, null, 200);

            forget(node);

            assertThat(node.executions().steps(TestNode.TENANT, ended, 0, 200).items())
                    .isEqualTo(steps);
            forget(node);
            assertThat(node.executions().history(TestNode.TENANT, ended, null, 200))
                    .isEqualTo(history);
            forget(node);
            assertThat(node.view(ended)).isEqualTo(end);
            assertThat(node.view(running)).isEqualTo(before);
            // Its rows are kept from now on, as those of any other.
            node.stage.finish(
                    node.stage.waiting().iterator().next(),
                    new Outcome.Succeeded("{}".getBytes(UTF_8), Outcome.Usage.UNKNOWN));
            await().until(() -> node.view(running).summary().status() == ExecutionStatus.WAITING);
            assertThat(node.view(running).currentTasks())
                    .singleElement()
                    .satisfies(task -> assertThat(task.pointer()).endsWith("/p"));
        }
    }

    @Test
    void rebuildsInPagesAndPassesOverWhatIsBroken() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            List<ExecutionId> ids = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ids.add(node.run("one", "{}").summary().id());
            }
            assertThat(node.executions().rebuild(false, null, 10).executions()).isZero();
            assertThat(node.executions().rebuild(true, null, 10).executions()).isEqualTo(5);
            ExecutionView whole = node.view(ids.getFirst());
            forget(node);
            node.isSpoilt = true;
            node.jdbi.useHandle(handle ->
                    handle.execute(
                            "update journal set body = '\\x00' where execution_id = ?",
                            ids.getLast().value()));

            Executions.Rebuilt page = node.executions().rebuild(false, null, 2);
            assertThat(page.executions() + page.failed().size()).isEqualTo(2);
            List<ExecutionId> failed = new ArrayList<>(page.failed());
            while (page.next() != null) {
                page = node.executions().rebuild(false, page.next(), 2);
                failed.addAll(page.failed());
            }

            assertThat(failed).containsExactly(ids.getLast());
            assertThat(node.count("select count(*) from execution where readable = entries"))
                    .isEqualTo(4);
            assertThat(node.view(ids.getFirst())).isEqualTo(whole);
        }
    }

    private static Task pauseLong() {
        return sequence("then", pause("p", Duration.ofHours(1)));
    }

    @Test
    void showsTheFirstOfManyCurrentTasks() throws Exception {
        try (TestNode node = TestNode.open()) {
            int many = ExecutionState.MOST_CURRENT_TASKS + 20;
            Task[] tasks = steps(many);
            for (int i = 0; i < many; i++) {
                node.stage.held.add("t" + i);
            }
            node.define("wide", fork("f", false, tasks));
            ExecutionId id = node.start("wide", "{\"x\":1}");
            await().until(() -> node.stage.waiting().size() == many);

            assertThat(node.view(id).currentTasks()).hasSize(ExecutionState.MOST_CURRENT_TASKS);
            assertThat(node.executions().steps(TestNode.TENANT, id, 0, 200).items())
                    .hasSize(many)
                    .allSatisfy(step -> assertThat(step.input()).hasToString("{\"x\":1}"));
        }
    }
}
