package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.execution.Executions.Refused;
import dev.gantry.orchestrator.execution.Executions.StartRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** A database that is there and takes nothing. */
class JournalAwayTest {
    @Test
    void refusesStartsWhileNothingIsWrittenAndStoresWhatItTookLater() throws Exception {
        StartRequest request = TestNode.request("one", "{}", "order-1");
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            try (Handle lock = node.database.jdbi().open()) {
                lock.begin();
                lock.execute("lock table journal in exclusive mode");

                CompletableFuture<Executions.Started> waiting = node.executions().start(request);
                assertRefused(waiting, Refused.Code.UNAVAILABLE);
                await().untilAsserted(() ->
                        assertThat(node.node().lanes())
                                .anyMatch(lane -> lane.waitsForJournalSince() != null));
                assertRefused(node.executions().start(request), Refused.Code.UNAVAILABLE);

                lock.rollback();
            }
            await().untilAsserted(() ->
                    assertThat(node.node().lanes())
                            .allMatch(lane -> lane.waitsForJournalSince() == null));

            // Nobody knew whether it was stored; the key tells.
            var id = node.executions().start(request).get(20, TimeUnit.SECONDS).id();
            assertThat(node.await(id).summary().status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(node.count("select count(*) from execution")).isEqualTo(1);
            assertThat(node.stage.begun).hasSize(1).doesNotContainValue(2);
        }
    }

    private static void assertRefused(
            CompletableFuture<Executions.Started> start, Refused.Code code) {
        assertThatThrownBy(() -> start.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
