package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static dev.gantry.orchestrator.engine.PlanBuilder.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.execution.Executions.Refused;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Nodes that come and go, and a database that does. */
class TakeOverTest {
    private static final TestNode.Settings SHORT =
            TestNode.Settings.DEFAULT.withLease(Duration.ofSeconds(1));

    @Test
    void goesOnWithWhatAPausedNodeHeldAndFencesIt() throws Exception {
        try (TestNode paused = TestNode.open(SHORT.named("paused"))) {
            paused.define("two", call("a", "echo"), call("b", "echo"));
            paused.stage.held.add("a");
            List<ExecutionId> ids = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                ids.add(paused.start("two", "{\"n\":%d}".formatted(i)));
            }
            await().until(() -> paused.stage.waiting().size() == 40);
            paused.stopRenewing();

            try (TestNode heir = paused.another(SHORT.named("heir"))) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> heir.stage.reattached.size() == 40);
                // The paused node wakes up and goes on as if nothing had happened.
                assertThatThrownBy(() -> paused.start("two", "{}"))
                        .hasRootCauseInstanceOf(Refused.class)
                        .hasMessageContaining("another node has taken");
                Set<String> running = new TreeSet<>(heir.stage.waiting());
                running.forEach(name -> heir.stage.finish(name, Stage.succeeded("{\"a\":1}")));

                for (ExecutionId id : ids) {
                    ExecutionView view = heir.await(id);
                    assertThat(view.summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
                    assertThat(view.output()).hasToString("{\"a\":1}");
                }
                assertThat(heir.stage.begun).hasSize(80).doesNotContainValue(2);
                assertThat(heir.count("select count(*) from execution"))
                        .as("the fenced start left nothing")
                        .isEqualTo(40);
            }
        }
    }

    @Test
    void comesBackUnderItsNameAtOnce() throws Exception {
        TestNode.Settings hour = TestNode.Settings.DEFAULT.withLease(Duration.ofHours(1));
        TestNode first = TestNode.open(hour);
        first.define("nap", pause("nap", Duration.ofSeconds(1)), call("a", "echo"));
        ExecutionId id = first.start("nap", "{}");
        // As after SIGKILL: the lease is not given back, and the old process writes on.
        first.stopRenewing();
        try (TestNode second = first.another(hour)) {
            assertThat(second.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(second.stage.begun).hasSize(1).doesNotContainValue(2);
        }
        first.close();
    }

    @Test
    void outlivesADatabaseThatGoesAwayAgainAndAgain() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("three", call("a", "echo"), call("b", "echo"), call("c", "echo"));
            List<ExecutionId> acknowledged = new ArrayList<>();
            int refused = 0;
            for (int i = 0; i < 300; i++) {
                if (i % 60 == 30) {
                    cutOff(node);
                }
                try {
                    acknowledged.add(node.start("three", "{\"n\":%d}".formatted(i)));
                } catch (java.util.concurrent.ExecutionException e) {
                    assertThat(e).hasRootCauseInstanceOf(Refused.class);
                    refused++;
                }
            }
            assertThat(refused).isLessThan(20);
            for (ExecutionId id : acknowledged) {
                assertThat(node.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(node.stage.begun).doesNotContainValue(2);
            assertThat(node.stage.begun.size()).isGreaterThanOrEqualTo(3 * acknowledged.size());
        }
    }

    /** Every session of the database is gone, in the middle of whatever it does. */
    private static void cutOff(TestNode node) {
        node.database
                .jdbi()
                .useHandle(handle ->
                        handle.execute(
                                """
                                select pg_terminate_backend(pid) from pg_stat_activity
                                 where datname = current_database() and pid <> pg_backend_pid()
                                """));
    }
}
