package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.Shard;
import dev.gantry.orchestrator.engine.Command;
import dev.gantry.orchestrator.engine.Decider;
import dev.gantry.orchestrator.engine.Decision;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer of some shards. Takes what has arrived, decides, writes all of it in one
 * commit, and only then answers callers and issues effects: nobody ever learns of something that a
 * crash could undo.
 */
final class Lane implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    private static final Duration LONGEST_IDLE = Duration.ofMillis(500);
    private static final int LAST_ROUNDS = 10;
    private static final String MOVED = "another node has taken the execution over; try again";
    private static final String MAYBE_STORED =
            "another node has taken the execution over; whether this is stored is not known:"
                    + " ask again, with the same idempotency key";

    /** Before a message that could not be processed is tried again. */
    private static final Duration SET_ASIDE = Duration.ofSeconds(5);

    /** Before one whose execution could not be read is. */
    private static final Duration UNREAD = Duration.ofSeconds(1);

    private final int number;
    private final LaneContext context;
    private final Clock clock;
    private final Inbox inbox;

    /** Other nodes are to have them. */
    private final Queue<Shard> leaving = new ConcurrentLinkedQueue<>();

    private final Residents residents = new Residents();

    /** With a message that could not be processed; others only ask how many there are. */
    private final Set<ExecutionId> stuck = ConcurrentHashMap.newKeySet();

    private final LaneCommit commits;
    private final WakeUps wakeUps;
    private int crashes;
    private volatile boolean hasLost;
    private volatile boolean draining;
    private volatile boolean stopping;

    Lane(int number, LaneContext context) {
        this.number = number;
        this.context = context;
        this.clock = context.clock();
        this.inbox = new Inbox(context.properties().shards());
        this.commits = new LaneCommit(number, context.journal(), clock);
        this.wakeUps = context.wakeUps(this);
    }

    void send(Letter letter) {
        inbox.add(letter);
    }

    int number() {
        return number;
    }

    ReadAhead readAhead() {
        return residents.readAhead();
    }

    WakeUps wakeUps() {
        return wakeUps;
    }

    /** To be asked by others: true and false may be over at once. */
    boolean isResident(ExecutionId id) {
        return residents.get(id) != null;
    }

    Lanes.LaneView view(Duration patience) {
        return new Lanes.LaneView(
                number, inbox.size(), inbox.age(), commits.waitsSince(patience), stuck.size());
    }

    /** Tells who has waited for too long while the journal does not answer. */
    void refuseLate(Duration patience) {
        if (commits.waitsSince(patience) != null) {
            commits.refuseLate(patience);
            inbox.refuse(
                    patience,
                    new Executions.Refused(
                            Executions.Refused.Code.UNAVAILABLE,
                            "the database does not answer; try again"));
        }
    }

    /** From now on nothing goes on by its time: what is under way is brought to its end. */
    void drain() {
        draining = true;
    }

    /** A shard is another node's now: what is here of it leaves memory. */
    void lost() {
        hasLost = true;
    }

    /**
     * Parts with a shard between two commits, unless something of its steps is still to be written.
     */
    void part(Shard shard) {
        leaving.add(shard);
    }

    void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        try {
            work();
        } finally {
            inbox.close();
        }
    }

    private void work() {
        List<Letter> letters = new ArrayList<>();
        // What had arrived before the stop is finished: among it are endings that are told once.
        for (int last = LAST_ROUNDS; !stopping || (inbox.size() > 0 && last > 0); ) {
            last -= stopping ? 1 : 0;
            try {
                letters.clear();
                collect(letters);
                if (hasLost) {
                    hasLost = false;
                    residents.evictAll(one -> one.shard != context.shard(one.head.id()));
                }
                if (!letters.isEmpty()) {
                    process(letters);
                    letters.forEach(inbox::done);
                }
                part();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                // After the commit: what is left of it is found in the journal.
                log.error("lane {} could not go on after a commit", number, e);
                letters.forEach(inbox::done);
                letters.forEach(letter -> context.postTaken(letter.posted()));
                letters.forEach(letter -> residents.evict(letter.id()));
                letters.forEach(letter ->
                        context.later(
                                SET_ASIDE,
                                () -> send(Letter.of(letter.id(), new Message.Proceed()))));
            }
        }
    }

    private void part() {
        Shard shard = leaving.poll();
        while (shard != null) {
            if (inbox.isQuiet(shard.number())) {
                context.part(shard);
            }
            shard = leaving.poll();
        }
    }

    private void collect(List<Letter> letters) throws InterruptedException {
        Duration atMost = draining ? LONGEST_IDLE : residents.idle(clock.instant(), LONGEST_IDLE);
        inbox.take(letters, context.properties().batchSize(), atMost);
        if (draining || stopping) {
            return;
        }
        Instant now = clock.instant();
        ExecutionId due = residents.due(now);
        while (due != null) {
            letters.add(Letter.of(due, new Message.Proceed()));
            due = residents.due(now);
        }
    }

    private void process(List<Letter> letters) throws InterruptedException {
        LaneWork work = new LaneWork();
        LaneWork durable;
        try {
            for (Letter letter : letters) {
                decide(letter, work);
            }
            durable = commit(work);
        } catch (Journal.Unavailable | RuntimeException atFault) {
            retryOneByOne(letters, work, atFault);
            return;
        }
        // A call of this process is lost with it, and whether it was made is not known then.
        if (durable != null
                && context.properties().crashes()
                && !durable.isEmpty()
                && residents.all().stream().noneMatch(one -> one.state.isCalling())) {
            crash(durable);
        } else if (durable != null) {
            afterwards(durable);
        }
    }

    /** Loses what a killed process loses: by turns before and after commands are carried out. */
    private void crash(LaneWork work) {
        work.touched.values().forEach(context::changed);
        work.answers.forEach(LaneWork.Answer::give);
        if (++crashes % 2 == 0) {
            work.effects.forEach(effect -> context.carryOut(effect.execution(), effect.command()));
        }
        residents.clear();
        wakeUps.clear();
        stuck.clear();
        inbox.loseWhatNobodyWaitsFor();
        context.crashed();
    }

    private void decide(Letter letter, LaneWork work) {
        Shard shard = context.shard(letter.id());
        if (shard == null) {
            residents.evict(letter.id());
            work.taken.add(letter.id());
            context.elsewhere(letter);
            return;
        }
        LiveExecution execution;
        try {
            execution = find(letter, shard, work);
        } catch (Journal.Unavailable | RuntimeException e) {
            letter.ids(residents.get(letter.id()))
                    .in(() -> log.warn("execution {} could not be read", letter.id(), e));
            retryLater(letter);
            return;
        }
        work.taken.add(letter.id());
        if (execution == null) {
            work.answer(letter, shard, Executions.Refused.notFound(letter.id()));
            return;
        }
        if (letter.message() instanceof Message.Start && execution != letter.fresh()) {
            // A start that was sent twice: the first one counts.
            work.answer(letter, shard, null);
            context.accepted(execution);
            return;
        }
        Instant now = clock.instant();
        Decision decision =
                Decider.decide(
                        execution.state,
                        letter.message(),
                        context.circumstances(execution.head.tenant(), now));
        if (decision.refused() != null) {
            work.answer(
                    letter,
                    shard,
                    // No commit asks whether it is so: what is refused may be long past.
                    shard.isSure()
                            ? new Executions.Refused(
                                    Executions.Refused.Code.WRONG_STATUS, decision.refused())
                            : moved());
            return;
        }
        work.touched.put(letter.id(), execution);
        if (!decision.events().isEmpty()) {
            write(letter.id(), execution, decision, now, work);
        }
        decision.commands()
                .forEach(command -> work.effects.add(new LaneWork.Effect(execution, command)));
        work.answer(letter, shard, null);
    }

    private void write(
            ExecutionId id,
            LiveExecution execution,
            Decision decision,
            Instant now,
            LaneWork work) {
        List<Event> events = decision.events();
        Journal.Entry entry =
                new Journal.Entry(
                        id,
                        execution.head.tenant(),
                        execution.head.initiator(),
                        execution.state.version(),
                        now,
                        events,
                        decision.aside());
        work.entries.add(entry);
        work.steps.addAll(execution.steps.add(entry));
        Undecideds.note(execution, events, now, work.undecided, work.decided);
        work.leases(
                execution,
                execution.leases.apply(events, execution.state::function, context::provisions),
                now);
        work.events.emitted(execution, entry, context.properties().lifecycleEvents());
    }

    private static Executions.Refused moved() {
        return new Executions.Refused(Executions.Refused.Code.UNAVAILABLE, MOVED);
    }

    private @Nullable LiveExecution find(Letter letter, Shard shard, LaneWork work)
            throws Journal.Unavailable {
        boolean asRead = letter.recorded() != null && residents.readAhead().holds(letter.id());
        LiveExecution known = residents.get(letter.id());
        if (known != null && known.shard == shard) {
            return known;
        }
        if (known != null) {
            // Held before, and by another node in between: it may have gone on there.
            residents.evict(letter.id());
        }
        if (letter.fresh() != null && !letter.maybeThere()) {
            return residents.take(letter.fresh(), shard);
        }
        Journal.Recorded recorded = asRead ? letter.recorded() : context.read(letter.id());
        if (recorded == null) {
            return letter.fresh() == null ? null : residents.take(letter.fresh(), shard);
        }
        LiveExecution loaded = residents.take(context.restore(recorded), shard);
        if (!loaded.state.isSettled()) {
            work.leases(loaded, loaded.leases.all(), clock.instant());
            Decider.recover(loaded.state)
                    .forEach(command -> work.effects.add(new LaneWork.Effect(loaded, command)));
            work.touched.put(letter.id(), loaded);
        }
        return loaded;
    }

    private void retryLater(Letter letter) {
        if (letter.answered() != null) {
            letter.refuse(
                    new Executions.Refused(
                            Executions.Refused.Code.UNAVAILABLE,
                            "the execution cannot be read now; try again"));
        } else {
            wakeUps.setAside(letter.id());
            context.later(UNREAD, () -> send(letter));
        }
    }

    /**
     * What of it is durable: all but what belongs to shards that are lost. Null if nobody knows.
     */
    private @Nullable LaneWork commit(LaneWork work)
            throws InterruptedException, Journal.Unavailable {
        if (work.isEmpty()) {
            return work;
        }
        LaneWork left = work;
        Journal.Batch batch = work.batch();
        boolean inDoubt = false;
        while (!batch.isEmpty()) {
            switch (commits.commit(left, batch, inDoubt, () -> stopping)) {
                case LaneCommit.Result.Durable _ -> {
                    return left;
                }
                case LaneCommit.Result.GivenUp _ -> {
                    left.refuse("this node stops; whether it is stored is not known");
                    return null;
                }
                case LaneCommit.Result.Fenced(Set<Integer> shards, boolean wasInDoubt) -> {
                    Predicate<ExecutionId> lost =
                            id -> shards.contains(id.shard(context.properties().shards()));
                    lose(left.only(lost), wasInDoubt ? MAYBE_STORED : MOVED);
                    left = left.only(lost.negate());
                    batch = batch.only(lost.negate(), left.epochs());
                    inDoubt = wasInDoubt;
                }
            }
        }
        return left;
    }

    /** After the commit: answers, watchers, effects, timers, memory. */
    private void afterwards(LaneWork work) {
        for (LiveExecution execution : work.touched.values()) {
            if (execution.created) {
                execution.created = false;
                context.accepted(execution);
            }
            context.changed(execution);
        }
        work.leases().forEach(context::changed);
        work.answers.forEach(LaneWork.Answer::give);
        if (!work.events.opened.isEmpty() || !work.events.emitted.isEmpty()) {
            context.eventsChanged();
        }
        for (LaneWork.Effect effect : work.effects) {
            if (effect.command() instanceof Command.Continue) {
                send(Letter.of(effect.execution().head.id(), new Message.Proceed()));
            } else {
                context.carryOut(effect.execution(), effect.command());
            }
        }
        for (LiveExecution execution : work.touched.values()) {
            residents.keep(execution);
            if (!execution.state.isSettled()) {
                context.snapshotIfLong(execution);
            }
        }
        residents.keepParked(context.properties().parkedInMemory());
        work.taken.forEach(wakeUps::done);
        work.taken.forEach(stuck::remove);
        work.posted().forEach(context::postTaken);
        if (wakeUps.wanted() && !draining) {
            context.bring(wakeUps);
        }
    }

    private void lose(LaneWork work, String why) {
        work.touched.keySet().forEach(residents::evict);
        work.taken.forEach(wakeUps::done);
        work.taken.forEach(stuck::remove);
        work.posted().forEach(context::postTaken);
        work.refuse(why);
        context.lostShards();
    }

    /** One of the messages is at fault: finds it, so that the others are not held up by it. */
    private void retryOneByOne(List<Letter> letters, LaneWork failed, Exception cause)
            throws InterruptedException {
        log.error(
                "lane {}: a batch of {} messages cannot be processed; one by one",
                number,
                letters.size(),
                cause);
        // Also what was begun for a message that could not be decided.
        failed.taken.forEach(residents::evict);
        for (Letter letter : letters) {
            LaneWork alone = new LaneWork();
            LaneWork durable;
            try {
                decide(
                        letter.fresh() == null
                                ? letter
                                : letter.with(context.again(letter.fresh())),
                        alone);
                durable = commit(alone);
            } catch (Journal.Unavailable | RuntimeException e) {
                setAside(letter, e);
                continue;
            }
            if (durable != null) {
                afterwards(durable);
            }
        }
    }

    /** A caller is told; what nobody waits for must not be lost, and comes again. */
    private void setAside(Letter letter, Exception cause) {
        letter.ids(residents.get(letter.id()))
                .in(() ->
                        log.error(
                                "execution {}: message {} cannot be processed",
                                letter.id(),
                                letter.message().getClass().getSimpleName(),
                                cause));
        residents.evict(letter.id());
        if (letter.answered() != null) {
            letter.refuse(
                    new Executions.Refused(
                            Executions.Refused.Code.UNAVAILABLE,
                            "it cannot be stored; the server's log says why"));
        } else {
            wakeUps.setAside(letter.id());
            stuck.add(letter.id());
            context.later(SET_ASIDE, () -> send(letter));
        }
    }
}
