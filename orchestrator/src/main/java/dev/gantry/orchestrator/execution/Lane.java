package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Command;
import dev.gantry.orchestrator.engine.Decider;
import dev.gantry.orchestrator.engine.Decision;
import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

    /** Before a message that could not be processed is tried again. */
    private static final Duration SET_ASIDE = Duration.ofSeconds(5);

    private final int number;
    private final LaneContext context;
    private final Clock clock;
    private final LinkedBlockingQueue<Letter> inbox = new LinkedBlockingQueue<>();
    private final Map<ExecutionId, LiveExecution> live = new HashMap<>();

    /** Waiting executions that could leave memory, the longest unused first. */
    private final LinkedHashSet<ExecutionId> parked = new LinkedHashSet<>();

    private final TreeSet<Timer> timers = new TreeSet<>();

    /** What left memory while executions were being read ahead for recovery. */
    private final Set<ExecutionId> leftWhileRecovering = new HashSet<>();

    private final AtomicInteger recoveries = new AtomicInteger();
    private int crashes;
    private volatile boolean stopping;
    private volatile boolean ended;

    /**
     * A message on its way to its execution.
     *
     * @param fresh for starts: the new execution
     * @param maybeThere for starts: whether the execution may have been started before
     * @param recorded for recovery: what the journal holds, read ahead
     * @param answered completes when the message's events are durable
     */
    record Letter(
            ExecutionId id,
            Message message,
            @Nullable LiveExecution fresh,
            boolean maybeThere,
            Journal.@Nullable Recorded recorded,
            @Nullable CompletableFuture<Void> answered) {
        static Letter of(ExecutionId id, Message message) {
            return new Letter(id, message, null, true, null, null);
        }
    }

    private record Timer(Instant due, ExecutionId id) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : id.compareTo(other.id);
        }
    }

    Lane(int number, LaneContext context) {
        this.number = number;
        this.context = context;
        this.clock = context.clock();
    }

    void send(Letter letter) {
        inbox.add(letter);
        if (ended) {
            refuseRest();
        }
    }

    /** From now on what leaves memory is remembered: what was read ahead of it is stale. */
    void recoveryBegins() {
        recoveries.incrementAndGet();
    }

    void recoveryEnds() {
        recoveries.decrementAndGet();
    }

    int backlog() {
        return inbox.size();
    }

    void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        try {
            work();
        } finally {
            ended = true;
            refuseRest();
        }
    }

    private void refuseRest() {
        Letter left = inbox.poll();
        while (left != null) {
            refuse(left);
            left = inbox.poll();
        }
    }

    /** A caller that waits is told; everything else is in the journal, or comes again. */
    private static void refuse(Letter letter) {
        if (letter.answered() != null) {
            letter.answered()
                    .completeExceptionally(
                            new Executions.Refused(
                                    Executions.Refused.Code.UNAVAILABLE,
                                    "this node stops; try again"));
        }
    }

    private void work() {
        List<Letter> letters = new ArrayList<>();
        while (!stopping) {
            try {
                letters.clear();
                collect(letters);
                if (!letters.isEmpty()) {
                    process(letters);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                // After the commit: what is left of it is found in the journal.
                log.error("lane {} could not go on after a commit", number, e);
                letters.forEach(letter -> evict(letter.id()));
                letters.forEach(letter ->
                        context.later(
                                SET_ASIDE,
                                () -> send(Letter.of(letter.id(), new Message.Proceed()))));
            }
        }
    }

    private void collect(List<Letter> letters) throws InterruptedException {
        Letter first = inbox.poll(untilNextTimer().toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            letters.add(first);
            inbox.drainTo(letters, context.properties().batchSize() - 1);
        }
        Instant now = clock.instant();
        while (!timers.isEmpty() && !timers.first().due().isAfter(now)) {
            Timer due = timers.pollFirst();
            LiveExecution execution = live.get(due.id());
            if (execution != null) {
                execution.timer = null;
                letters.add(Letter.of(due.id(), new Message.Proceed()));
            }
        }
    }

    private Duration untilNextTimer() {
        if (timers.isEmpty()) {
            return LONGEST_IDLE;
        }
        Duration left = Duration.between(clock.instant(), timers.first().due());
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        // Rounded up, so that the lane does not spin through the last millisecond.
        return left.compareTo(LONGEST_IDLE) < 0 ? left.plusMillis(1) : LONGEST_IDLE;
    }

    private void process(List<Letter> letters) throws InterruptedException {
        LaneWork work = new LaneWork();
        boolean durable;
        try {
            for (Letter letter : letters) {
                decide(letter, work);
            }
            durable = work.isEmpty() || commit(work);
        } catch (Journal.Unavailable | RuntimeException atFault) {
            retryOneByOne(letters, work, atFault);
            return;
        }
        // A call of this process is lost with it, and whether it was made is not known then.
        if (durable
                && context.properties().crashes()
                && !work.isEmpty()
                && live.values().stream().noneMatch(one -> one.state.isCalling())) {
            crash(work);
        } else if (durable) {
            afterwards(work);
        }
    }

    /** Loses what a killed process loses: by turns before and after commands are carried out. */
    private void crash(LaneWork work) {
        work.touched.values().forEach(context::changed);
        work.answers.forEach(LaneWork.Answer::give);
        if (++crashes % 2 == 0) {
            work.effects.forEach(effect -> context.carryOut(effect.execution(), effect.command()));
        }
        live.clear();
        parked.clear();
        timers.clear();
        inbox.removeIf(letter -> letter.answered() == null);
        context.crashed();
    }

    private void decide(Letter letter, LaneWork work) {
        LiveExecution execution;
        try {
            execution = find(letter, work);
        } catch (Journal.Unavailable | RuntimeException e) {
            log.warn("execution {} could not be read", letter.id(), e);
            retryLater(letter, e);
            return;
        }
        if (execution == null) {
            answer(
                    work,
                    letter,
                    new Executions.Refused(
                            Executions.Refused.Code.EXECUTION_NOT_FOUND,
                            "there is no execution " + letter.id()));
            return;
        }
        if (letter.message() instanceof Message.Start && !execution.created) {
            // A start that was sent twice: the first one counts.
            answer(work, letter, null);
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
            answer(
                    work,
                    letter,
                    new Executions.Refused(
                            Executions.Refused.Code.WRONG_STATUS, decision.refused()));
            return;
        }
        work.touched.put(letter.id(), execution);
        if (!decision.events().isEmpty()) {
            Journal.Entry entry =
                    new Journal.Entry(
                            letter.id(),
                            execution.head.tenant(),
                            execution.head.initiator(),
                            execution.state.version(),
                            now,
                            decision.events());
            work.entries.add(entry);
            Undecideds.note(execution, decision.events(), now, work.undecided, work.decided);
            work.events.emitted(execution, entry, context.properties().lifecycleEvents());
        }
        decision.commands()
                .forEach(command -> work.effects.add(new LaneWork.Effect(execution, command)));
        answer(work, letter, null);
    }

    private static void answer(LaneWork work, Letter letter, @Nullable RuntimeException refusal) {
        if (letter.answered() != null) {
            work.answers.add(new LaneWork.Answer(letter.answered(), refusal));
        }
    }

    private @Nullable LiveExecution find(Letter letter, LaneWork work) throws Journal.Unavailable {
        LiveExecution known = live.get(letter.id());
        if (known != null) {
            return known;
        }
        if (letter.fresh() != null && !letter.maybeThere()) {
            live.put(letter.id(), letter.fresh());
            return letter.fresh();
        }
        boolean stale = leftWhileRecovering.contains(letter.id());
        Journal.Recorded recorded =
                letter.recorded() != null && !stale ? letter.recorded() : context.read(letter.id());
        if (recorded == null) {
            if (letter.fresh() != null) {
                live.put(letter.id(), letter.fresh());
            }
            return letter.fresh();
        }
        LiveExecution loaded = context.restore(recorded);
        live.put(letter.id(), loaded);
        if (!loaded.state.isSettled()) {
            Decider.recover(loaded.state)
                    .forEach(command -> work.effects.add(new LaneWork.Effect(loaded, command)));
            work.touched.put(letter.id(), loaded);
        }
        return loaded;
    }

    private void retryLater(Letter letter, Exception e) {
        if (letter.answered() != null) {
            letter.answered()
                    .completeExceptionally(
                            new Executions.Refused(
                                    Executions.Refused.Code.UNAVAILABLE,
                                    "the execution cannot be read now: " + e.getMessage()));
        } else {
            context.later(Duration.ofSeconds(1), () -> send(letter));
        }
    }

    /** Whether the batch is durable; false if it never will be, because the shards are lost. */
    private boolean commit(LaneWork work) throws InterruptedException, Journal.Unavailable {
        Journal.Batch batch = work.batch(context);
        long pause = 20;
        boolean inDoubt = false;
        while (true) {
            try {
                if (inDoubt && context.journal().isCommitted(batch)) {
                    return true;
                }
                context.journal().commit(batch);
                return true;
            } catch (Journal.Fenced e) {
                log.warn("lane {}: {}", number, e.getMessage());
                lose(work);
                return false;
            } catch (Journal.Unavailable e) {
                if (!e.isTransient()) {
                    throw e;
                }
                inDoubt = true;
                log.warn("lane {} waits for the journal: {}", number, e.getMessage());
                if (stopping) {
                    work.refuse("this node stops; whether it is stored is not known");
                    return false;
                }
                Thread.sleep(pause);
                pause = Math.min(pause * 2, 2_000);
            }
        }
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
            keep(execution);
        }
        while (parked.size() > context.properties().parkedInMemory()) {
            evict(parked.getFirst());
        }
    }

    private void keep(LiveExecution execution) {
        ExecutionId id = execution.head.id();
        ExecutionState state = execution.state;
        parked.remove(id);
        setTimer(execution, state.isSettled() ? null : state.nextDue());
        if (state.isSettled()) {
            leave(id);
        } else {
            if (!state.isBusy()) {
                parked.add(id);
            }
            context.snapshotIfLong(execution);
        }
    }

    private void setTimer(LiveExecution execution, @Nullable Instant due) {
        if (Objects.equals(execution.timer, due)) {
            return;
        }
        if (execution.timer != null) {
            timers.remove(new Timer(execution.timer, execution.head.id()));
        }
        execution.timer = due;
        if (due != null) {
            timers.add(new Timer(due, execution.head.id()));
        }
    }

    /** Its wake-up time is in its row: the node's watch brings it back. */
    private void evict(ExecutionId id) {
        parked.remove(id);
        LiveExecution execution = leave(id);
        if (execution != null) {
            setTimer(execution, null);
        }
    }

    private @Nullable LiveExecution leave(ExecutionId id) {
        if (recoveries.get() > 0) {
            leftWhileRecovering.add(id);
        } else if (!leftWhileRecovering.isEmpty() && inbox.isEmpty()) {
            leftWhileRecovering.clear();
        }
        return live.remove(id);
    }

    private void lose(LaneWork work) {
        for (ExecutionId id : List.copyOf(work.touched.keySet())) {
            evict(id);
        }
        work.refuse("another node has taken the execution over; try again");
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
        failed.touched.keySet().forEach(this::evict);
        for (Letter letter : letters) {
            LaneWork alone = new LaneWork();
            boolean durable;
            try {
                decide(letter.fresh() == null ? letter : context.again(letter), alone);
                durable = alone.isEmpty() || commit(alone);
            } catch (Journal.Unavailable | RuntimeException e) {
                setAside(letter, e);
                continue;
            }
            if (durable) {
                afterwards(alone);
            }
        }
    }

    /** A caller is told; what nobody waits for must not be lost, and comes again. */
    private void setAside(Letter letter, Exception cause) {
        log.error(
                "execution {}: message {} cannot be processed",
                letter.id(),
                letter.message().getClass().getSimpleName(),
                cause);
        evict(letter.id());
        if (letter.answered() != null) {
            letter.answered()
                    .completeExceptionally(
                            new Executions.Refused(
                                    Executions.Refused.Code.UNAVAILABLE,
                                    "it cannot be stored: " + cause.getMessage()));
        } else {
            context.later(SET_ASIDE, () -> send(letter));
        }
    }
}
