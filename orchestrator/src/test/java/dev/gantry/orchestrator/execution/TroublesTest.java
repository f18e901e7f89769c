package dev.gantry.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.cluster.Node;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TroublesTest {
    @Test
    void tellsOfAnOutageOnceAndNotWithEachOfItsFailures() {
        Troubles troubles = new Troubles(new Node("a", new UUID(0, 1), new UUID(0, 2), "1"));
        int told = 0;
        long end = System.nanoTime() + 1_000_000;
        do {
            told += troubles.tell(new IllegalStateException("away")) ? 1 : 0;
        } while (System.nanoTime() < end);

        assertThat(told).isEqualTo(1);
    }
}
