package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.execution.Executions.Refused;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.payload.PlainPayloads;
import dev.gantry.spi.LogSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** A node that loses shards, or does not know whether it has them. */
class LostShardTest {
    private static final TestNode.Settings SHORT =
            TestNode.Settings.DEFAULT.withLease(Duration.ofSeconds(1));
    private static final int SHARDS = SHORT.properties().shards();
    private static final int LANES = SHORT.properties().lanes();

    /** Executions whose step waits for the test, by the name of the step on the stage. */
    private static Map<String, ExecutionId> waiting(TestNode node, int count) throws Exception {
        node.define("one", call("a", "echo"));
        node.stage.held.add("a");
        Map<String, ExecutionId> ids = new HashMap<>();
        for (int i = 0; i < count; i++) {
            ExecutionId id = node.start("one", "{}");
            ids.put(AttemptFactory.externalName(id.value(), 1), id);
        }
        await().until(() -> node.stage.waiting().size() == count);
        assertThat(node.stage.waiting()).isEqualTo(ids.keySet());
        return ids;
    }

    private static void give(TestNode node, int shard, String to) {
        node.jdbi.useHandle(handle ->
                handle.execute(
                        """
                        update shard set epoch = epoch + 1, node = ?,
                               expires_at = now() + interval '1 hour' where id = ?
                        """,
                        to,
                        shard));
    }

    @Test
    void goesOnWithWhatIsOfOtherShardsInTheSameCommit() throws Exception {
        try (TestNode node = TestNode.open()) {
            Map<String, ExecutionId> ids = waiting(node, 60);
            ExecutionId one = ids.values().iterator().next();
            int lost = one.shard(SHARDS);
            Set<String> first = new HashSet<>();
            Set<Integer> lanes = new HashSet<>();
            ids.forEach((name, id) -> {
                if (!id.equals(one) && lanes.add(id.shard(SHARDS) % LANES)) {
                    first.add(name);
                }
            });
            try (Handle slow = node.jdbi.open()) {
                // Each lane waits with its first commit, so that its second one has all the rest.
                slow.begin();
                slow.execute("select id from shard for update");
                first.forEach(name -> node.stage.finish(name, Stage.succeeded("{}")));
                await().until(() -> backlog(node) == 0);
                node.stage
                        .waiting()
                        .forEach(name -> node.stage.finish(name, Stage.succeeded("{}")));
                await().until(() -> backlog(node) == 60 - LANES);
                slow.execute(
                        "update shard set epoch = epoch + 1, node = 'thief', expires_at = now() + interval '1 hour' where id = ?",
                        lost);
                slow.commit();
            }

            Set<ExecutionId> others = new HashSet<>(ids.values());
            others.removeIf(id -> id.shard(SHARDS) == lost);
            assertThat(others).isNotEmpty();
            for (ExecutionId id : others) {
                assertThat(node.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(node.view(one).summary().status()).isEqualTo(ExecutionStatus.RUNNING);
            // What is asked of it waits for its new owner.
            var _ = CompletableFuture.runAsync(() -> cancel(node, one));
            await().until(() -> node.count("select count(*) from letter") == 1);
        }
    }

    private static int backlog(TestNode node) {
        return node.node().lanes().stream().mapToInt(Lanes.LaneView::backlog).sum();
    }

    private static void cancel(TestNode node, ExecutionId id) {
        node.executions().cancel(TestNode.TENANT, id, TestNode.ANN, null);
    }

    @Test
    void cancelsNothingWhileItDoesNotKnowWhoseItIs() throws Exception {
        try (TestNode node = TestNode.open(SHORT)) {
            ExecutionId id = waiting(node, 1).values().iterator().next();
            node.cutOff(true);
            // Longer than the lease, in which another node could have taken it over.
            Thread.sleep(1_500);

            cancel(node, id);
            Thread.sleep(500);
            assertThat(node.stage.waiting()).as("it runs on").hasSize(1);

            node.cutOff(false);
            assertThat(node.await(id).summary().status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(node.stage.waiting()).isEmpty();
        }
    }

    @Test
    void letsGoOfWhatItLostAndLeavesItRunning() throws Exception {
        try (TestNode first = TestNode.open(SHORT.named("first"))) {
            Map<String, ExecutionId> ids = waiting(first, 20);
            first.cutOff(true);
            try (TestNode heir = first.another(SHORT.named("heir"))) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> heir.stage.reattached.size() == 20);
                assertThat(first.stage.holders).hasSize(20);
                Set<Integer> both = Set.copyOf(first.stage.holders.values());
                first.cutOff(false);
                await().until(() ->
                        first.stage.holders.values().stream().noneMatch(both::contains));
                assertThat(heir.stage.waiting()).as("nothing was cancelled").hasSize(20);

                ids.keySet().forEach(name -> heir.stage.finish(name, Stage.succeeded("{}")));
                for (ExecutionId id : ids.values()) {
                    assertThat(heir.await(id).summary().status())
                            .isEqualTo(ExecutionStatus.COMPLETED);
                }
                assertThat(heir.stage.begun).hasSize(20).doesNotContainValue(2);
            }
        }
    }

    /** A hold that was lost and gained again is another one: what was in memory is not believed. */
    @Test
    void readsAgainWhatMayHaveGoneOnElsewhere() throws Exception {
        try (TestNode first = TestNode.open(SHORT.named("first"))) {
            Map<String, ExecutionId> ids = waiting(first, 8);
            Map<Integer, Long> before = first.node().held();
            first.cutOff(true);
            try (TestNode heir = first.another(SHORT.named("heir"))) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> heir.stage.reattached.size() == 8);
                for (ExecutionId id : ids.values()) {
                    heir.executions().suspend(TestNode.TENANT, id, TestNode.ANN, null);
                }
            }
            ExecutionId one = ids.values().iterator().next();
            assertThatThrownBy(() -> first.executions().resume(TestNode.TENANT, one, TestNode.ANN))
                    .as("what it has in memory is of before")
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("another node");
            first.cutOff(false);
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            Collections.disjoint(
                                    first.node().held().entrySet(), before.entrySet()));
            for (ExecutionId id : ids.values()) {
                assertThat(first.view(id).summary().status()).isEqualTo(ExecutionStatus.SUSPENDED);
            }
            ids.keySet().forEach(name -> first.stage.finish(name, Stage.succeeded("{}")));
            for (ExecutionId id : ids.values()) {
                first.executions().resume(TestNode.TENANT, id, TestNode.ANN);
                assertThat(first.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(first.stage.begun).hasSize(8).doesNotContainValue(2);
        }
    }

    @Test
    void keepsWhatStepsWriteToWhoHoldsTheShard() throws IOException {
        try (TestNode node = TestNode.open()) {
            StepOutput output = new JdbiStepOutput(node.jdbi, new PlainPayloads());
            long epoch = node.node().held().getOrDefault(3, -1L);
            StepOutput.Owner owner = owner(epoch);
            List<StepOutput.Piece> piece =
                    List.of(
                            new StepOutput.Piece(
                                    LogSink.Stream.STDOUT, 0, Instant.EPOCH, new byte[] {'a'}));
            byte[] file = "file".getBytes(StandardCharsets.UTF_8);
            give(node, 3, "thief");

            assertThat(output.append(owner, 1, piece)).isFalse();
            assertThat(output.artifact(owner, "f", 4, new ByteArrayInputStream(file))).isFalse();
            assertThat(output.position(owner).stored()).isEmpty();
            assertThat(output.stored(owner)).isEmpty();
            assertThat(node.count("select count(*) from artifact_part")).isZero();

            assertThat(output.append(owner(epoch + 1), 1, piece)).isTrue();
            assertThat(output.artifact(owner(epoch + 1), "f", 4, new ByteArrayInputStream(file)))
                    .isTrue();
            assertThat(output.stored(owner)).containsExactly(Map.entry("f", 4L));
        }
    }

    private static StepOutput.Owner owner(long epoch) {
        return new StepOutput.Owner(
                ExecutionId.of(1_000, 1, 2, 3, SHARDS),
                TestNode.TENANT,
                TestNode.ANN,
                1,
                1,
                new StepOutput.Fence(3, epoch));
    }
}
