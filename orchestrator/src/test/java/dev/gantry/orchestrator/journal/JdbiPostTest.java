package dev.gantry.orchestrator.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.database.TestPostgres;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.engine.Post;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JdbiPostTest {
    private static final UUID ASKER = new UUID(0, 1);
    private static final Message START =
            new Message.Start(
                    new Event.ExecutionStarted(
                            "acme",
                            new DefinitionRef(DefinitionKind.WORKFLOW, "test", "one", "1.0.0"),
                            JsonNodeFactory.instance.textNode("x".repeat(100_000)),
                            "order-7",
                            "user:ann",
                            null,
                            Instant.EPOCH,
                            null,
                            0));

    private final Jdbi jdbi = TestPostgres.migrated().jdbi();
    private final Post post = Journals.post(jdbi);
    private final ExecutionId id = new ExecutionId(UUID.randomUUID());

    private long send(@Nullable UUID asker) throws Post.Full {
        return post.send(id, 3, START, asker).orElseThrow();
    }

    private void take(long number, Post.@Nullable Refusal refusal) {
        jdbi.useTransaction(handle -> {
            try {
                JdbiPost.take(
                        handle.getConnection(), List.of(new Journal.Taken(id, number, refusal)));
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
    }

    private int letters() {
        return jdbi.withHandle(handle ->
                handle.createQuery("select count(*) from letter").mapTo(Integer.class).one());
    }

    @Test
    void bringsAMessageAsItWasUntilItIsTaken() throws Exception {
        long number = send(null);

        assertThat(post.arrived(List.of(2), List.of(), 10)).isEmpty();
        assertThat(post.arrived(List.of(3), List.of(number), 10)).isEmpty();
        List<Post.Arrived> arrived = post.arrived(List.of(3), List.of(), 10);
        assertThat(arrived).hasSize(1);
        assertThat(arrived.getFirst().message()).isEqualTo(START);
        assertThat(arrived.getFirst().id()).isEqualTo(id);

        take(number, null);
        assertThat(letters()).isZero();
    }

    @Test
    void bringsTheAnswerToWhoAsked() throws Exception {
        long done = send(ASKER);
        long refused = send(ASKER);
        take(done, null);
        take(refused, new Post.Refusal("WRONG_STATUS", "it has ended"));

        long open = send(ASKER);

        assertThat(post.answers(List.of(open))).isEmpty();
        assertThat(post.answers(List.of(done, refused, open)))
                .containsOnlyKeys(done, refused)
                .containsEntry(done, new Post.Answer(null))
                .containsEntry(
                        refused, new Post.Answer(new Post.Refusal("WRONG_STATUS", "it has ended")));
        assertThat(letters()).isEqualTo(1);
    }

    @Test
    void forgetsAnswersThatNobodyComesFor() throws Exception {
        take(send(ASKER), null);
        long waiting = send(ASKER);

        post.forget(Duration.ofHours(1));
        assertThat(letters()).isEqualTo(2);
        post.forget(Duration.ZERO);
        assertThat(post.arrived(List.of(3), List.of(), 10))
                .extracting(Post.Arrived::number)
                .containsExactly(waiting);
        assertThat(letters()).isEqualTo(1);
    }

    @Test
    void knowsNoExecutionThatIsNotThere() throws Exception {
        assertThat(post.send(id, 3, new Message.Cancel("user:ann", null), ASKER)).isEmpty();
    }
}
