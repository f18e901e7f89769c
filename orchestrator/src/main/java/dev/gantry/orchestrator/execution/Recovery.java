package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.runner.LogIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up what the earlier owner of shards had in hand. */
final class Recovery {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);
    private static final int RECOVERY_PAGE = 500;

    private final ExecutionNode node;
    private final ExecutionIndex index;

    Recovery(ExecutionNode node, ExecutionIndex index) {
        this.node = node;
        this.index = index;
    }

    /** Brings what the shards' earlier owner had in hand back to life. */
    void run(Set<Integer> shards) {
        int found = 0;
        ExecutionId last = null;
        try {
            while (!node.isClosing()) {
                List<ExecutionId> page = index.active(shards, last, RECOVERY_PAGE);
                if (page.isEmpty()) {
                    break;
                }
                node.readAhead(page);
                read(node.journal(), page).forEach(recorded -> node.send(Letter.goOn(recorded)));
                found += page.size();
                last = page.getLast();
            }
            if (found > 0) {
                log.info("took {} executions up again", found);
            }
        } catch (Journal.Unavailable | RuntimeException e) {
            log.warn("recovery of shards {} stopped and is tried again: {}", shards, e.toString());
            node.later(Duration.ofSeconds(1), () -> run(shards));
        }
    }

    /** One that cannot be read does not hold up the others. */
    static Collection<Journal.Recorded> read(Journal journal, List<ExecutionId> page)
            throws Journal.Unavailable {
        try {
            return journal.read(page).values();
        } catch (RuntimeException e) {
            List<Journal.Recorded> readable = new ArrayList<>();
            for (ExecutionId id : page) {
                try {
                    readable.addAll(journal.read(List.of(id)).values());
                } catch (RuntimeException unreadable) {
                    new LogIds("", id.toString(), id.toString(), null, 0, 0)
                            .in(() ->
                                    log.error(
                                            "execution {} cannot be read and is left alone",
                                            id,
                                            unreadable));
                }
            }
            return readable;
        }
    }
}
