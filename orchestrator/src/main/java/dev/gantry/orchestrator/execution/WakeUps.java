package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings back the executions of one lane that wait outside of memory, when their time comes. Asks
 * for no more than the lane can take soon, reads a page of them at once, and sends none again
 * before the lane is done with it: however many are due at the same time, the lane's queue stays
 * short for everything else.
 */
final class WakeUps {
    private static final Logger log = LoggerFactory.getLogger(WakeUps.class);

    /** How long before its time an execution is brought back: longer than between two ticks. */
    static final Duration AHEAD = Duration.ofMillis(500);

    /** Tens of milliseconds of a lane's work. */
    private static final int PAGE = 250;

    /** One that cannot be read is left alone for so long. */
    private static final Duration UNREADABLE = Duration.ofMinutes(1);

    private final Lane lane;
    private final ExecutionNode node;
    private final ExecutionIndex index;

    /** Brought back, and not yet committed or found to need nothing. */
    private final Set<ExecutionId> sent = ConcurrentHashMap.newKeySet();

    /** At fault, and asked for again later. */
    private final Set<ExecutionId> aside = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile boolean more;

    WakeUps(Lane lane, ExecutionNode node, ExecutionIndex index) {
        this.lane = lane;
        this.node = node;
        this.index = index;
    }

    /** Whether a full page was found the last time, and the lane is about to run out of it. */
    boolean wanted() {
        return more && sent.size() <= PAGE / 2;
    }

    /** Does nothing while the lane has enough of them, or a page is on its way. */
    void bring() {
        if (sent.size() > PAGE / 2 || !asking.compareAndSet(false, true)) {
            return;
        }
        try {
            List<ExecutionId> page = page();
            if (!page.isEmpty()) {
                lane.readAhead().begin(page);
                send(page);
            }
        } catch (Journal.Unavailable | RuntimeException e) {
            log.warn("what is due cannot be read and is asked for again: {}", e.toString());
        } finally {
            asking.set(false);
        }
    }

    private List<ExecutionId> page() {
        // Before the query: what leaves these sets meanwhile may still be due in its answer.
        Set<ExecutionId> known = new HashSet<>(sent);
        known.addAll(aside);
        int limit = PAGE + known.size();
        List<ExecutionId> due =
                index.due(node.shardsOf(lane), node.clock().instant().plus(AHEAD), limit);
        more = due.size() == limit;
        return due.stream()
                // What is in memory has a timer there.
                .filter(id -> !known.contains(id) && !lane.isResident(id))
                .limit(PAGE)
                .toList();
    }

    private void send(List<ExecutionId> page) throws Journal.Unavailable {
        Set<ExecutionId> unread = new HashSet<>(page);
        Collection<Journal.Recorded> read = Recovery.read(node.journal(), page);
        for (Journal.Recorded recorded : read) {
            unread.remove(recorded.head().id());
            sent.add(recorded.head().id());
            lane.send(Letter.goOn(recorded));
        }
        for (ExecutionId id : unread) {
            aside.add(id);
            node.later(UNREADABLE, () -> aside.remove(id));
        }
    }

    /** The lane is done with it: if it is still due, it may be sent again. */
    void done(ExecutionId id) {
        if (!sent.isEmpty() || !aside.isEmpty()) {
            sent.remove(id);
            aside.remove(id);
        }
    }

    /** The lane cannot process it and tries again by itself. */
    void setAside(ExecutionId id) {
        if (sent.remove(id)) {
            aside.add(id);
        }
    }

    void clear() {
        sent.clear();
        aside.clear();
    }
}
