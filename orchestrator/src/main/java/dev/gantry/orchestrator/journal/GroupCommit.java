package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.Journal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes together what several lanes have ready: while one commit is at the disk, others gather for
 * the next one. The lane whose turn it is writes for all that wait, so that one that is alone hands
 * nothing to another thread. What is fenced, or at fault, is told to its own lane alone.
 */
final class GroupCommit {
    /** More than this go into a commit of their own: they would hold the others up. */
    private static final int MOST_ENTRIES = 4_000;

    private final Writer writer;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Ticket> waiting = new ArrayDeque<>();
    private int writing;

    interface Writer {
        /** What is lost of the shards; if any is, nothing is written. */
        Set<Integer> write(JdbiBatch batch) throws Journal.Unavailable;
    }

    private sealed interface Answer {
        record Done() implements Answer {}

        record Lost(Set<Integer> shards) implements Answer {}

        record Failed(Journal.Unavailable why) implements Answer {}
    }

    private static final class Ticket {
        final JdbiBatch batch;
        final Condition turn;
        @Nullable Answer answer;

        Ticket(JdbiBatch batch, Condition turn) {
            this.batch = batch;
            this.turn = turn;
        }
    }

    /**
     * @param most commits at the same time
     */
    GroupCommit(Writer writer, int most) {
        this.writer = writer;
        this.most = most;
    }

    void commit(JdbiBatch batch) throws Journal.Fenced, Journal.Unavailable {
        switch (answer(batch)) {
            case Answer.Done _ -> {}
            case Answer.Lost(Set<Integer> shards) -> throw new Journal.Fenced(shards);
            case Answer.Failed(Journal.Unavailable why) ->
                    throw new Journal.Unavailable(
                            String.valueOf(why.getMessage()), why, why.isTransient());
        }
    }

    /** How many gather for the next ones. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private Answer answer(JdbiBatch batch) {
        Ticket own = new Ticket(batch, lock.newCondition());
        List<Ticket> group;
        lock.lock();
        try {
            waiting.add(own);
            while (own.answer == null && (writing == most || waiting.peek() != own)) {
                // A commit ends, whatever comes of it: there is no other way out.
                own.turn.awaitUninterruptibly();
            }
            if (own.answer != null) {
                return own.answer;
            }
            group = next();
            writing++;
            if (writing < most) {
                wakeNext();
            }
        } finally {
            lock.unlock();
        }
        List<Answer> answers = List.of();
        try {
            answers = write(group);
        } finally {
            lock.lock();
            try {
                writing--;
                tell(group, answers);
                wakeNext();
            } finally {
                lock.unlock();
            }
        }
        return Objects.requireNonNull(own.answer);
    }

    private List<Ticket> next() {
        List<Ticket> group = new ArrayList<>();
        int entries = 0;
        while (!waiting.isEmpty()) {
            entries += waiting.element().batch.batch().entries().size();
            if (!group.isEmpty() && entries > MOST_ENTRIES) {
                break;
            }
            group.add(waiting.remove());
        }
        return group;
    }

    private void wakeNext() {
        Ticket next = waiting.peek();
        if (next != null) {
            next.turn.signal();
        }
    }

    private static void tell(List<Ticket> group, List<Answer> answers) {
        for (int i = 0; i < group.size(); i++) {
            Ticket ticket = group.get(i);
            // A defect here is thrown to the one who wrote: the others find out what there is.
            ticket.answer =
                    i < answers.size()
                            ? answers.get(i)
                            : new Answer.Failed(
                                    new Journal.Unavailable(
                                            "the commit was cut short",
                                            new IllegalStateException(),
                                            true));
            ticket.turn.signal();
        }
    }

    private List<Answer> write(List<Ticket> group) {
        List<Answer> answers = new ArrayList<>();
        try {
            Set<Integer> lost =
                    writer.write(
                            group.size() == 1
                                    ? group.getFirst().batch
                                    : JdbiBatch.merged(
                                            group.stream().map(ticket -> ticket.batch).toList()));
            if (lost.isEmpty()) {
                group.forEach(ticket -> answers.add(new Answer.Done()));
                return answers;
            }
            return withoutLost(group, lost);
        } catch (Journal.Unavailable e) {
            if (group.size() == 1 || e.isTransient()) {
                group.forEach(ticket -> answers.add(new Answer.Failed(e)));
                return answers;
            }
            // One of them is at fault.
            group.forEach(ticket -> answers.addAll(write(List.of(ticket))));
            return answers;
        }
    }

    /** Who lost something is told what; the others are written without it. */
    private List<Answer> withoutLost(List<Ticket> group, Set<Integer> lost) {
        List<Ticket> rest = new ArrayList<>();
        for (Ticket ticket : group) {
            if (lostOf(ticket, lost).isEmpty()) {
                rest.add(ticket);
            }
        }
        List<Answer> ofRest = rest.isEmpty() ? List.of() : write(rest);
        List<Answer> answers = new ArrayList<>();
        int next = 0;
        for (Ticket ticket : group) {
            Set<Integer> own = lostOf(ticket, lost);
            answers.add(own.isEmpty() ? ofRest.get(next++) : new Answer.Lost(own));
        }
        return answers;
    }

    private static Set<Integer> lostOf(Ticket ticket, Set<Integer> lost) {
        Set<Integer> own = new HashSet<>(ticket.batch.batch().epochs().keySet());
        own.retainAll(lost);
        return own;
    }
}
