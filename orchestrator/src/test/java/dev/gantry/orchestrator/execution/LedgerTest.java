package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.engine.Lease;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is held on a backend has a lease, and what has none does not stay there. */
class LedgerTest {
    private static final TestNode.Settings SWEEPING =
            TestNode.Settings.DEFAULT.withReaper(Duration.ofMillis(100));
    private static final Failure AWAY =
            new Failure("BACKEND_UNAVAILABLE", "away", Actor.BACKEND, true, Progress.ENDED);
    private static final Failure LOST =
            new Failure("LOST", "its files are gone", Actor.BACKEND, false, Progress.ENDED);

    private static List<LeaseView> leases(TestNode node) {
        return node.executions()
                .leases(TestNode.TENANT, new Executions.LeaseFilter(null, null, null), null, 200)
                .items();
    }

    private static LeaseView only(TestNode node) {
        List<LeaseView> leases = leases(node);
        assertThat(leases).hasSize(1);
        return leases.getFirst();
    }

    private static void awaitState(TestNode node, Lease.State state) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(leases(node))
                                .extracting(LeaseView::state)
                                .containsExactly(state));
    }

    /** One execution whose step runs until the test ends it. */
    private static ExecutionId running(TestNode node) throws Exception {
        node.define("one", call("a", "echo"));
        node.stage.held.add("a");
        ExecutionId id = node.start("one", "{}");
        await().until(() -> node.stage.waiting().size() == 1);
        return id;
    }

    private static void finish(TestNode node) {
        node.stage.finish(node.stage.waiting().iterator().next(), Stage.succeeded("{}"));
    }

    private static void put(TestNode node, String name, Map<String, String> labels) {
        node.stage.resources.put(
                name,
                new OwnedResource(new Handle("stage", 1, name, Map.of()), labels, Instant.EPOCH));
    }

    private static Map<String, String> labels(String installation, UUID execution, int step) {
        Map<String, String> labels = new HashMap<>();
        labels.put(StepContext.LABEL_PREFIX + "installation", installation);
        labels.put(StepContext.LABEL_PREFIX + "execution", execution.toString());
        labels.put(StepContext.LABEL_PREFIX + "step", "" + step);
        labels.put(StepContext.LABEL_PREFIX + "attempt", "1");
        return labels;
    }

    @Test
    void isThereBeforeAnythingIsOnTheBackend() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            node.stage.line = new Runners.Line(null, 1, 0);
            ExecutionId id = node.start("one", "{}");
            awaitState(node, Lease.State.HELD);

            LeaseView lease = only(node);
            assertThat(node.stage.resources).isEmpty();
            assertThat(lease.execution()).isEqualTo(id);
            assertThat(lease.tenant()).isEqualTo(TestNode.TENANT);
            assertThat(lease.initiator()).isEqualTo("user:ann");
            assertThat(lease.adapter()).isEqualTo("stage");
            assertThat(String.valueOf(lease.definition())).isEqualTo("test/one:1.0.0");
            assertThat(String.valueOf(lease.function())).endsWith("/echo:1.0.0");
            assertThat(lease.externalName()).isEqualTo("g" + id.toString().replace("-", "") + "-1");

            // As after a crash between the intent and the call.
            node.stage.line = null;
            try (TestNode again = node.restarted()) {
                assertThat(again.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
                await().untilAsserted(() -> assertThat(leases(again)).isEmpty());
                assertThat(again.stage.begun).hasSize(1).doesNotContainValue(2);
            }
        }
    }

    @Test
    void followsTheStepUntilNothingIsLeft() throws Exception {
        try (TestNode node = TestNode.open()) {
            ExecutionId id = running(node);
            awaitState(node, Lease.State.PROVISIONED);
            Instant since = only(node).since();

            finish(node);
            node.await(id);
            await().untilAsserted(() -> assertThat(leases(node)).isEmpty());
            assertThat(since).isBefore(Instant.now());
            assertThat(node.stage.resources).isEmpty();
        }
    }

    @Test
    void hasNoneForWhatHoldsNothing() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.stage.forgetful = true;
            ExecutionId id = running(node);
            assertThat(leases(node)).isEmpty();
            finish(node);
            node.await(id);
            assertThat(node.count("select count(*) from lease")).isZero();
        }
    }

    @Test
    void leavesAloneWhatIsThereAndOnlyIntended() throws Exception {
        try (TestNode node = TestNode.open(SWEEPING)) {
            node.define("one", call("a", "echo"));
            node.stage.line = new Runners.Line(null, 1, 0);
            ExecutionId id = node.start("one", "{}");
            awaitState(node, Lease.State.HELD);
            String name = only(node).externalName();
            put(node, name, labels("test", id.value(), 1));

            await().until(() -> node.stage.holders.containsKey(new Runners.Holder(id, 1)));
            sweeps(node);
            assertThat(node.stage.resources).containsKey(name);
            assertThat(only(node).state()).isEqualTo(Lease.State.HELD);
        }
    }

    /** Waits until the reaper has looked some times more, and long enough. */
    private static void sweeps(TestNode node) throws InterruptedException {
        int before = node.stage.looks.get();
        await().until(() -> node.stage.looks.get() > before + 8);
    }

    @Test
    void removesAnOrphanOnceAndTellsWhy() throws Exception {
        try (TestNode node = TestNode.open(SWEEPING)) {
            node.define("done", call("b", "echo"));
            ExecutionId done = node.run("done", "{}").summary().id();
            UUID unknown = UUID.randomUUID();
            await().until(() -> node.stage.resources.isEmpty());
            put(node, "ofdone", labels("test", done.value(), 1));
            put(node, "ofnobody", labels("test", unknown, 1));
            put(node, "unreadable", Map.of(StepContext.LABEL_PREFIX + "installation", "test"));

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(node.stage.resources).isEmpty());
            sweeps(node);
            assertThat(node.stage.teardowns)
                    .containsEntry("ofdone", 1)
                    .containsEntry("ofnobody", 1)
                    .containsEntry("unreadable", 1);
            LeaseView own = only(node);
            assertThat(own.state()).isEqualTo(Lease.State.REMOVED);
            assertThat(own.reason()).isEqualTo("no step wants it");
            assertThat(String.valueOf(own.definition())).isEqualTo("test/done:1.0.0");
            assertThat(
                            node.executions()
                                    .leases(
                                            null,
                                            new Executions.LeaseFilter(
                                                    "stage", Lease.State.REMOVED, null),
                                            null,
                                            200)
                                    .items())
                    .as("what is no tenant's is seen by those who see all")
                    .hasSize(3);
            assertThat(
                            node.meters
                                    .get("gantry.leases.reaped")
                                    .tag("adapter", "stage")
                                    .counter()
                                    .count())
                    .isEqualTo(3);
            assertThat(node.stage.holders).as("its place is free again").isEmpty();
        }
    }

    /** Such as a stored input of a function that holds nothing else. */
    @Test
    void removesWhatAStepThatProvisionsNothingLeftOnceItHasEnded() throws Exception {
        try (TestNode node = TestNode.open(SWEEPING)) {
            node.stage.forgetfulOf.add("test/echo");
            ExecutionId id = running(node);
            awaitState(node, Lease.State.HELD);
            put(node, "input", labels("test", id.value(), 1));
            sweeps(node);
            assertThat(node.stage.resources).as("while the step runs").containsKey("input");

            finish(node);
            node.await(id);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(node.stage.resources).isEmpty());
            assertThat(node.stage.teardowns).containsEntry("input", 1);
            assertThat(only(node).reason()).isEqualTo("no step wants it");
        }
    }

    @Test
    void touchesNothingOfAnotherInstallation() throws Exception {
        try (TestNode node = TestNode.open(SWEEPING)) {
            put(node, "foreign", labels("other", UUID.randomUUID(), 1));
            put(node, "unmarked", Map.of());
            sweeps(node);

            assertThat(node.stage.resources).containsOnlyKeys("foreign", "unmarked");
            assertThat(node.count("select count(*) from lease")).isZero();
        }
    }

    @Test
    void takesNoErrorForAbsence() throws Exception {
        try (TestNode node = TestNode.open(SWEEPING)) {
            ExecutionId id = running(node);
            awaitState(node, Lease.State.PROVISIONED);
            node.stage.blind = AWAY;
            Map<String, OwnedResource> kept = Map.copyOf(node.stage.resources);
            node.stage.resources.clear();
            sweeps(node);
            assertThat(only(node).state()).isEqualTo(Lease.State.PROVISIONED);

            node.stage.blind = null;
            awaitState(node, Lease.State.VANISHED);
            assertThat(only(node).reason()).contains("not on its backend");
            assertThat(
                            node.meters
                                    .get("gantry.leases.vanished")
                                    .tag("adapter", "stage")
                                    .counter()
                                    .count())
                    .isEqualTo(1);

            node.stage.resources.putAll(kept);
            awaitState(node, Lease.State.PROVISIONED);
            finish(node);
            assertThat(node.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            await().untilAsserted(() -> assertThat(leases(node)).isEmpty());
        }
    }

    @Test
    void showsWhatCannotBeTornDownUntilItIs() throws Exception {
        try (TestNode node = TestNode.open(SWEEPING)) {
            node.stage.stuck = LOST;
            node.define("one", call("a", "echo"));
            ExecutionId id = node.run("one", "{}").summary().id();
            awaitState(node, Lease.State.RELEASE_FAILED);
            assertThat(only(node).reason()).isEqualTo("LOST");
            assertThat(node.stage.holders)
                    .as("it takes its place as long as it is there")
                    .containsKey(new Runners.Holder(id, 1));

            try (TestNode again = node.restarted()) {
                assertThat(again.stage.holders).containsKey(new Runners.Holder(id, 1));
                again.stage.stuck = null;
                awaitState(again, Lease.State.REMOVED);
                assertThat(again.stage.resources).isEmpty();
                await().untilAsserted(() ->
                        assertThat(again.stage.holders)
                                .doesNotContainKey(new Runners.Holder(id, 1)));
            }
        }
    }

    @Test
    void keepsWhatCannotBeCollectedForNow() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.stage.uncollectable = AWAY;
            ExecutionId id = running(node);
            finish(node);
            awaitState(node, Lease.State.UNCOLLECTED);
            assertThat(only(node).reason()).isEqualTo("BACKEND_UNAVAILABLE");
            assertThat(node.view(id).summary().status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(node.stage.teardowns).isEmpty();

            node.stage.uncollectable = null;
            assertThat(node.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            await().untilAsserted(() -> assertThat(leases(node)).isEmpty());
            assertThat(node.stage.teardowns).hasSize(1);
        }
    }

    @Test
    void keepsWhatCannotBeCollectedAtAll() throws Exception {
        try (TestNode node = TestNode.open(SWEEPING)) {
            node.stage.uncollectable = LOST;
            node.define("one", call("a", "echo"));
            ExecutionView view = node.run("one", "{}");

            assertThat(view.summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            awaitState(node, Lease.State.UNCOLLECTED);
            sweeps(node);
            assertThat(node.stage.teardowns).as("it is a person's to remove").isEmpty();
            assertThat(node.stage.holders).containsKey(new Runners.Holder(view.summary().id(), 1));

            node.stage.resources.clear();
            awaitState(node, Lease.State.REMOVED);
            assertThat(only(node).reason()).isEqualTo("LOST; it is not on its backend any more");
        }
    }

    @Test
    void isMadeAgainFromTheJournal() throws Exception {
        try (TestNode node = TestNode.open(SWEEPING)) {
            ExecutionId id = running(node);
            awaitState(node, Lease.State.PROVISIONED);
            node.jdbi.useHandle(handle -> handle.execute("delete from lease"));
            try (TestNode again = node.restarted()) {
                awaitState(again, Lease.State.PROVISIONED);
                sweeps(again);
                assertThat(again.stage.tornDown).isEmpty();
                finish(again);
                assertThat(again.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }

    @Test
    void comesInPagesAndByTenant() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            node.stage.held.add("a");
            for (int i = 0; i < 5; i++) {
                node.start("one", "{}");
            }
            await().until(() -> node.stage.waiting().size() == 5);
            await().until(() -> leases(node).size() == 5);
            Executions.LeaseFilter all = new Executions.LeaseFilter(null, null, null);
            Executions.Page<LeaseView> first =
                    node.executions().leases(TestNode.TENANT, all, null, 3);
            Executions.Page<LeaseView> second =
                    node.executions().leases(TestNode.TENANT, all, first.next(), 3);

            assertThat(first.items()).hasSize(3);
            assertThat(second.items()).hasSize(2).doesNotContainAnyElementsOf(first.items());
            assertThat(second.next()).isNull();
            assertThat(node.executions().leases(new TenantId("beta"), all, null, 3).items())
                    .isEmpty();
            ExecutionId one = first.items().getFirst().execution();
            assertThat(
                            node.executions()
                                    .leases(
                                            TestNode.TENANT,
                                            new Executions.LeaseFilter("stage", null, one),
                                            null,
                                            3)
                                    .items())
                    .extracting(LeaseView::execution)
                    .containsExactly(one);
            node.gauges().refresh();
            assertThat(
                            node.meters
                                    .get("gantry.leases")
                                    .tags("adapter", "stage", "state", "provisioned")
                                    .gauge()
                                    .value())
                    .isEqualTo(5);
        }
    }
}
