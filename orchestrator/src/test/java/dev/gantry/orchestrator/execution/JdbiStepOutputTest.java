package dev.gantry.orchestrator.execution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.database.TestPostgres;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PayloadCodec;
import dev.gantry.orchestrator.payload.PlainPayloads;
import dev.gantry.orchestrator.payload.Turned;
import dev.gantry.spi.LogSink.Stream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What steps leave behind, in whatever form it is stored. */
class JdbiStepOutputTest {
    private static final TenantId ACME = new TenantId("acme");

    private final StepOutput.Owner owner =
            new StepOutput.Owner(
                    new ExecutionId(UUID.randomUUID()),
                    ACME,
                    new Initiator(Initiator.Kind.USER, "ann"),
                    1,
                    1,
                    new StepOutput.Fence(0, 0));
    private Jdbi jdbi;

    @BeforeEach
    void begin() {
        jdbi = TestPostgres.migrated().jdbi();
        jdbi.useHandle(handle ->
                handle.execute("insert into shard (id) values (0) on conflict do nothing"));
    }

    private StepOutput output(PayloadCodec payloads) {
        return new JdbiStepOutput(jdbi, payloads);
    }

    private static StepOutput.Piece piece(long offset, int... bytes) {
        byte[] content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            content[i] = (byte) bytes[i];
        }
        return new StepOutput.Piece(Stream.STDOUT, offset, Instant.EPOCH, content);
    }

    @Test
    void readsWhatWasStoredInEveryForm() {
        assertThat(output(new PlainPayloads()).append(owner, 1, List.of(piece(0, 0xF9, 1))))
                .isTrue();
        assertThat(output(new Turned()).append(owner, 2, List.of(piece(2, 'a', 'b', 'c'))))
                .isTrue();

        List<LogChunk> chunks =
                output(new Turned()).logs(ACME, owner.execution(), owner.step(), 0, 10);

        assertThat(chunks)
                .extracting(LogChunk::bytes)
                .containsExactly(new byte[] {(byte) 0xF9, 1}, "abc".getBytes(UTF_8));
        assertThat(output(new PlainPayloads()).position(owner).stored())
                .isEqualTo(Map.of(Stream.STDOUT, 5L));
    }

    /** As nodes before forms wrote it: without a size, and nothing but the bytes. */
    @Test
    void readsWhatEarlierVersionsStored() {
        jdbi.useHandle(handle ->
                handle.execute(
                        "insert into step_log values (?, 1, 1, 'acme', 'user:ann', 1, 1, 0, now(), ?)",
                        owner.execution().value(),
                        new byte[] {0, 1, 'x'}));

        assertThat(output(new Turned()).position(owner).stored())
                .isEqualTo(Map.of(Stream.STDOUT, 3L));
        assertThat(output(new Turned()).logs(ACME, owner.execution(), 1, 0, 10))
                .extracting(LogChunk::bytes)
                .containsExactly(new byte[] {0, 1, 'x'});
    }

    @Test
    void readsWhatLookedLikeAFormBeforeThereWereForms() throws IOException {
        TestPostgres.Database database = TestPostgres.empty();
        Flyway.configure().dataSource(database.dataSource()).target("80").load().migrate();
        jdbi = database.jdbi();
        byte[] old = {(byte) 0xFF, (byte) 0xD8, 1};
        jdbi.useHandle(handle -> {
            handle.execute(
                    "insert into step_log values (?, 1, 1, 'acme', 'user:ann', 1, 1, 0, now(), ?)",
                    owner.execution().value(),
                    old);
            handle.execute(
                    "insert into artifact values (?, 1, 1, 'f', 'acme', 'user:ann', 3, now())",
                    owner.execution().value());
            handle.execute(
                    "insert into artifact_part values (?, 1, 1, 'f', 0, 'acme', 'user:ann', ?)",
                    owner.execution().value(),
                    old);
        });

        Flyway.configure().dataSource(database.dataSource()).load().migrate();

        StepOutput output = output(new PlainPayloads());
        assertThat(output.position(owner).stored()).isEqualTo(Map.of(Stream.STDOUT, 3L));
        assertThat(output.logs(ACME, owner.execution(), 1, 0, 10).getFirst().bytes())
                .isEqualTo(old);
        assertThat(output.open(ACME, owner.execution(), 1, "f").orElseThrow().readAllBytes())
                .isEqualTo(old);
    }

    @Test
    void storesFilesInTheFormThatIsChosen() throws IOException {
        byte[] file = new byte[3_000_000];
        new Random(1).nextBytes(file);
        file[0] = (byte) 0xFF;

        for (PayloadCodec payloads : List.of(new PlainPayloads(), new Turned())) {
            output(payloads).artifact(owner, "f", file.length, new ByteArrayInputStream(file));

            byte[] stored =
                    jdbi.withHandle(handle ->
                            handle.createQuery(
                                            "select body from artifact_part where part = 0 and execution_id = ?")
                                    .bind(0, owner.execution().value())
                                    .mapTo(byte[].class)
                                    .one());
            assertThat(PayloadCodec.hasForm(stored)).isTrue();
            assertThat(Arrays.equals(payloads.decode(ACME, stored), 0, 1_000, file, 0, 1_000))
                    .isTrue();
            assertThat(
                            output(new Turned())
                                    .open(ACME, owner.execution(), 1, "f")
                                    .orElseThrow()
                                    .readAllBytes())
                    .isEqualTo(file);
        }
    }
}
