package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static dev.gantry.orchestrator.engine.PlanBuilder.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.installation.StartRefused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Nodes on one database that all do their share. */
class SeveralNodesTest {
    private static final Duration AMPLE = Duration.ofSeconds(30);
    private static final TestNode.Settings SHORT =
            TestNode.Settings.DEFAULT.withLease(Duration.ofSeconds(2));

    private static void awaitShards(TestNode node, int count) {
        await().atMost(AMPLE).until(() -> node.node().held().size() == count);
    }

    @Test
    void shareTheShardsAndTakeOverFromOneThatDies() throws Exception {
        try (TestNode a = TestNode.open(SHORT.named("a"))) {
            a.define("one", call("a", "echo"));
            assertThat(a.node().held()).hasSize(16);
            try (TestNode b = a.another(SHORT.named("b"))) {
                awaitShards(b, 8);
                awaitShards(a, 8);
                try (TestNode c = a.another(SHORT.named("c"))) {
                    awaitShards(c, 5);
                    awaitShards(b, 5);
                    awaitShards(a, 6);
                    c.stopRenewing();
                    awaitShards(a, 8);
                    awaitShards(b, 8);
                }
                assertThat(a.run("one", "{}").summary().status())
                        .isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }

    @Test
    void answerForEachOther() throws Exception {
        try (TestNode a = TestNode.open(SHORT.named("a"));
                TestNode b = a.another(SHORT.named("b"))) {
            awaitShards(b, 8);
            awaitShards(a, 8);
            a.define("nap", pause("nap", Duration.ofHours(1)));
            a.define("held", call("a", "echo"));
            a.stage.held.add("a");
            ExecutionId nap = a.start("nap", "{}");
            ExecutionId held = a.start("held", "{\"x\":1}");
            await().until(() -> a.stage.waiting().size() == 1);

            // Waits there for what ends here.
            CompletableFuture<ExecutionView> end =
                    b.executions().await(TestNode.TENANT, held, AMPLE);
            long since = b.view(nap).change();
            CompletableFuture<Long> change =
                    b.executions().changed(TestNode.TENANT, nap, since, AMPLE);
            assertThat(end).isNotDone();

            b.executions().suspend(TestNode.TENANT, nap, TestNode.ANN, "later");
            assertThat(change.get(30, TimeUnit.SECONDS)).isGreaterThan(since);
            assertThat(b.view(nap).summary().status()).isEqualTo(ExecutionStatus.SUSPENDED);
            assertThatThrownBy(() -> b.executions().suspend(TestNode.TENANT, nap, TestNode.ANN, ""))
                    .isInstanceOf(Executions.Refused.class)
                    .hasMessageContaining("suspended");
            assertThat(b.executions().cancel(TestNode.TENANT, nap, TestNode.ANN, "enough"))
                    .satisfies(view ->
                            assertThat(view.summary().status())
                                    .isEqualTo(ExecutionStatus.CANCELLED));

            a.stage.finish(a.stage.waiting().iterator().next(), Stage.succeeded("{\"x\":2}"));
            assertThat(end.get(30, TimeUnit.SECONDS).output()).hasToString("{\"x\":2}");
            assertThat(a.count("select count(*) from letter")).isZero();
        }
    }

    @Test
    void refusesNoStartAndInterruptsNothingWhenOneStops() throws Exception {
        try (TestNode a = TestNode.open(SHORT.named("a"))) {
            a.define("two", call("a", "echo"), call("b", "echo"));
            List<ExecutionId> ids = new ArrayList<>();
            try (TestNode b = a.another(SHORT.named("b"))) {
                awaitShards(b, 8);
                awaitShards(a, 8);
                a.stage.held.add("a");
                for (int i = 0; i < 20; i++) {
                    ids.add(b.start("two", "{\"n\":%d}".formatted(i)));
                }
                await().until(() -> b.stage.waiting().size() == 20);
                a.stage.held.clear();
                CompletableFuture<Void> drained =
                        CompletableFuture.runAsync(() -> b.node().drain(AMPLE));
                // One that was accepted while its node stops begins on the other one.
                for (int i = 20; i < 40; i++) {
                    ids.add(b.start("two", "{\"n\":%d}".formatted(i)));
                }
                drained.get(60, TimeUnit.SECONDS);
                assertThat(b.node().held()).isEmpty();
                awaitShards(a, 16);
            }
            await().until(() -> a.stage.reattached.size() == 20);
            List.copyOf(a.stage.waiting())
                    .forEach(name -> a.stage.finish(name, Stage.succeeded("{\"n\":1}")));
            for (ExecutionId id : ids) {
                assertThat(a.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(a.stage.begun).hasSize(80).doesNotContainValue(2);
        }
    }

    /** What no other node could take up is waited for; what has not begun begins there. */
    @Test
    void handsAShardOverOnlyWhenItsCallsHaveEnded() throws Exception {
        try (TestNode a = TestNode.open(SHORT.named("a"))) {
            a.stage.forgetful = true;
            a.define("two", call("a", "echo"), call("b", "echo"));
            a.stage.held.add("a");
            List<ExecutionId> ids = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                ids.add(a.start("two", "{\"n\":%d}".formatted(i)));
            }
            await().until(() -> a.stage.waiting().size() == 100);
            a.stage.held.clear();
            try (TestNode b = a.another(SHORT.named("b"))) {
                assertThat(b.node().held()).isEmpty();
                List.copyOf(a.stage.waiting())
                        .forEach(name -> a.stage.finish(name, Stage.succeeded("{\"n\":1}")));
                for (ExecutionId id : ids) {
                    assertThat(b.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
                }
                awaitShards(b, 8);
                assertThat(a.stage.begun).doesNotContainValue(2);
                assertThat(a.executions().deadLetters(TestNode.TENANT, null, 10).items()).isEmpty();
            }
        }
    }

    @Test
    void aNameThatIsAliveIsRefused() {
        try (TestNode a = TestNode.open(SHORT.named("a"))) {
            assertThatThrownBy(() -> a.another(SHORT.named("a").at("elsewhere")))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("A node with the name a is alive");
            a.stopRenewing();
            TestNode heir = a.another(SHORT.named("a").at("elsewhere"));
            assertThat(heir.node().held()).hasSize(16);
            heir.close();
        }
    }

    /** As where a data folder was copied: both would take the shards from each other. */
    @Test
    void holdsNothingOnceAnotherProcessHasItsName() throws Exception {
        try (TestNode a = TestNode.open(SHORT.named("a"))) {
            a.define("one", call("a", "echo"));
            a.jdbi.useHandle(
                    handle -> handle.execute("update node set process = gen_random_uuid()"));

            awaitShards(a, 0);
            assertThat(a.node().leasesInDoubtSince()).isNotNull();

            try (TestNode b = a.another(SHORT.named("b"))) {
                awaitShards(b, 16);
                assertThat(a.run("one", "{}").summary().status())
                        .isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }
}
