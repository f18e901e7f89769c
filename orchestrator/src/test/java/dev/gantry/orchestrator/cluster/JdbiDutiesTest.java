package dev.gantry.orchestrator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.database.TestPostgres;
import java.time.Duration;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class JdbiDutiesTest {
    private static final Duration LEASE = Duration.ofSeconds(1);

    private final Jdbi jdbi = TestPostgres.migrated().jdbi();

    private JdbiDuties of(String node, Duration lease) {
        UUID id = UUID.randomUUID();
        return new JdbiDuties(jdbi, new Node(node, id, id, "1"), lease);
    }

    @Test
    void oneNodeHasADutyUntilItGivesItUp() {
        JdbiDuties a = of("a", Duration.ofHours(1));
        JdbiDuties b = of("b", LEASE);

        assertThat(a.has("sweep")).isTrue();
        assertThat(b.has("sweep")).isFalse();
        assertThat(b.has("scrub")).isTrue();
        assertThat(a.has("sweep")).isTrue();

        a.close();
        await().until(() -> b.has("sweep"));
    }

    @Test
    void anotherOneHasItWhenItsLeaseIsOver() {
        JdbiDuties dead = of("dead", LEASE);
        JdbiDuties heir = of("heir", LEASE);
        assertThat(dead.has("sweep")).isTrue();

        await().until(() -> heir.has("sweep"));
    }
}
