package dev.gantry.orchestrator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.database.TestPostgres;
import dev.gantry.orchestrator.engine.Aside;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PlainPayloads;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** What is durable and what is not, where it could be mistaken. */
class JdbiJournalTest {
    private static final Initiator ANN = Initiator.parse("user:ann");

    private final Jdbi jdbi = TestPostgres.migrated().jdbi();
    private final Journal journal = Journals.journal(jdbi);
    private final ExecutionId id = new ExecutionId(UUID.randomUUID());

    private Journal.Batch batch(long epoch) {
        return new Journal.Batch(
                Map.of(0, epoch),
                List.of(
                        new Journal.Entry(
                                id,
                                new TenantId("acme"),
                                ANN,
                                1,
                                Instant.EPOCH,
                                List.of(new Event.StepReleased(1, 1)),
                                Aside.NONE)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private void hold(long epoch) {
        jdbi.useHandle(handle ->
                handle.execute(
                        "insert into shard (id, epoch) values (0, ?) on conflict (id) do update set epoch = excluded.epoch",
                        epoch));
    }

    private int entries() {
        return jdbi.withHandle(handle ->
                handle.createQuery("select count(*) from journal").mapTo(Integer.class).one());
    }

    @Test
    void writesNothingOfAShardThatIsNotHeld() throws Exception {
        hold(2);

        assertThatThrownBy(() -> journal.commit(batch(1))).isInstanceOf(Journal.Fenced.class);
        assertThatThrownBy(() -> journal.isCommitted(batch(1))).isInstanceOf(Journal.Fenced.class);
        assertThat(entries()).isZero();

        journal.commit(batch(2));
        assertThat(entries()).isEqualTo(1);
    }

    /** A commit whose client is gone may still be at the disk. */
    @Test
    void saysWhetherABatchIsCommittedOnlyWhenItsCommitHasEnded() throws Exception {
        hold(1);
        try (Handle lost = jdbi.open()) {
            lost.begin();
            assertThat(
                            JdbiDecisions.write(
                                    lost.getConnection(),
                                    JdbiBatch.of(batch(1), new EntryCodec(), new PlainPayloads())))
                    .isTrue();

            CompletableFuture<Boolean> asked = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            asked.complete(journal.isCommitted(batch(1)));
                        } catch (Journal.Fenced | Journal.Unavailable | RuntimeException e) {
                            asked.completeExceptionally(e);
                        }
                    });
            await().until(() -> asked.isDone() || isSomebodyWaiting());
            assertThat(asked).isNotDone();
            lost.commit();

            assertThat(asked.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private boolean isSomebodyWaiting() {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select exists (select from pg_stat_activity
                                 where wait_event_type = 'Lock' and datname = current_database())
                                """)
                        .mapTo(Boolean.class)
                        .one());
    }
}
