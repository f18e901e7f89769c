package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.Node;
import dev.gantry.orchestrator.cluster.Shard;
import dev.gantry.orchestrator.cluster.ShardLeases;
import dev.gantry.orchestrator.engine.Circumstances;
import dev.gantry.orchestrator.engine.Command;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Ledger;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.engine.Post;
import dev.gantry.orchestrator.engine.StateImage;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Capability;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's share of the work: its shard leases, the lanes that write them, and what lanes need.
 */
final class ExecutionNode implements LaneContext, Lanes, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ExecutionNode.class);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration DRAIN_POLL = Duration.ofMillis(20);
    private static final Duration POST = Duration.ofMillis(100);
    private static final int SNAPSHOT_EVERY = 100;

    private final ExecutionProperties properties;
    private final Clock clock;
    private final Journal journal;
    private final ExecutionIndex index;
    private final ShardLeases leases;
    private final OwnShards own;
    private final Troubles troubles;
    private final PostOffice post;
    private final Runners runners;
    private final Catalog catalog;
    private final Watchers watchers;
    private final ExecutionMeters meters;
    private final ExecutionSpans spans;
    private final Memory memory;
    private final LeaseSlots slots;
    private final Reaper reaper;
    private final Dispatcher dispatcher;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("gantry-timer").factory());
    private final LaneSet lanes;
    private volatile Runnable eventsChanged = () -> {};
    private volatile boolean draining;
    private final AtomicInteger crashes = new AtomicInteger();
    private volatile boolean closing;

    ExecutionNode(
            ExecutionProperties properties,
            Clock clock,
            Journal journal,
            ExecutionIndex index,
            ShardLeases leases,
            Ledger ledger,
            Runners runners,
            Catalog catalog,
            StepOutput outputs,
            Watchers watchers,
            ExecutionMeters meters,
            ExecutionSpans spans,
            Node self,
            Post letters,
            String installation) {
        this.properties = properties;
        this.clock = clock;
        this.journal = journal;
        this.index = index;
        this.troubles = new Troubles(self);
        this.leases = leases;
        this.runners = runners;
        this.catalog = catalog;
        this.watchers = watchers;
        this.meters = meters;
        this.spans = spans;
        this.lanes = new LaneSet(properties);
        timer.setRemoveOnCancelPolicy(true);
        this.memory = new Memory(catalog, meters, spans, this::provisions);
        AttemptFactory attempts = new AttemptFactory(properties, catalog, installation);
        this.slots = new LeaseSlots(runners, attempts);
        this.reaper = new Reaper(runners, this, ledger, slots, meters, installation);
        this.dispatcher =
                new Dispatcher(
                        runners,
                        attempts,
                        outputs,
                        properties,
                        clock,
                        executor,
                        timer,
                        (id, message) -> send(Letter.of(id, message)),
                        slots);
        this.own =
                new OwnShards(
                        self,
                        leases,
                        properties,
                        clock,
                        lanes,
                        dispatcher,
                        slots,
                        ledger,
                        new Recovery(this, index),
                        executor);
        this.post =
                new PostOffice(this, letters, self.process(), properties.lease().multipliedBy(2));
    }

    void start() {
        int there = leases.prepare(properties.shards());
        if (there != properties.shards()) {
            throw new IllegalStateException(
                    "this installation was created with %d shards; gantry.execution.shards is %d and cannot be changed"
                            .formatted(there, properties.shards()));
        }
        lanes.start(properties.lanes(), this);
        meters.lanes(this, clock);
        own.shards().join();
        long renewal = properties.lease().toMillis() / 3;
        var _ =
                timer.scheduleWithFixedDelay(
                        safely(own.shards()::renew), renewal, renewal, TimeUnit.MILLISECONDS);
        var _ =
                timer.scheduleWithFixedDelay(
                        safely(this::tick), 100, TICK.toMillis(), TimeUnit.MILLISECONDS);
        every(Duration.ofMillis(200), dispatcher.runs()::flushOutputs);
        every(POST, post::look);
        every(PostOffice.KEPT, post::clear);
        every(POST, () -> watchers.look(this::isHere, index));
        every(HeldRuns.LOOK, dispatcher.places()::look);
        startReaper();
    }

    private void every(Duration period, Runnable action) {
        long millis = period.toMillis();
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> executor.execute(safely(action)),
                        millis,
                        millis,
                        TimeUnit.MILLISECONDS);
    }

    private void startReaper() {
        Duration interval = properties.reapInterval();
        if (interval.isPositive()) {
            executor.execute(safely(reaper::sweep));
            every(interval, reaper::sweep);
        }
    }

    private Runnable safely(Runnable action) {
        return () -> {
            try {
                if (!closing) {
                    action.run();
                }
            } catch (RuntimeException e) {
                troubles.tell(e);
            }
        };
    }

    private void tick() {
        lanes.refuseLate();
        if (!draining) {
            lanes.bringDue(executor);
            executor.execute(safely(own::look));
        }
    }

    /** Those that the node holds. */
    List<Integer> shardsOf(Lane lane) {
        return lanes.shardsOf(lane, held().keySet());
    }

    boolean isClosing() {
        return closing;
    }

    void readAhead(List<ExecutionId> page) {
        page.forEach(id -> lanes.of(id).readAhead().begin(List.of(id)));
    }

    void send(Letter letter) {
        if (letter.isForOwner() && !isHere(letter.id())) {
            elsewhere(letter);
        } else {
            lanes.of(letter.id()).send(letter);
        }
    }

    @Override
    public void elsewhere(Letter letter) {
        if (!letter.isForOwner()) {
            post.done(letter.posted());
        } else if (closing) {
            letter.refuse(
                    new Executions.Refused(
                            Executions.Refused.Code.UNAVAILABLE, "this node stops; try again"));
        } else {
            executor.execute(() -> post.send(letter));
        }
    }

    @Override
    public void postTaken(long number) {
        post.done(number);
    }

    @Override
    public void part(Shard shard) {
        own.part(shard);
    }

    private boolean isHere(ExecutionId id) {
        return shard(id) != null;
    }

    /** Why one more start would not be confirmed soon; null if nothing speaks against it. */
    Executions.@Nullable Refused refusal(ExecutionId id) {
        return lanes.refusal(id);
    }

    @Override
    public List<LaneView> lanes() {
        return lanes.views();
    }

    @Override
    public @Nullable Instant leasesInDoubtSince() {
        return own.shards().inDoubtSince();
    }

    @Override
    public WakeUps wakeUps(Lane lane) {
        return new WakeUps(lane, this, index);
    }

    @Override
    public void bring(WakeUps wakeUps) {
        executor.execute(wakeUps::bring);
    }

    ExecutionId newId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return ExecutionId.of(
                clock.millis(),
                random.nextLong(),
                random.nextLong(),
                own.shards().any(random.nextInt()),
                properties.shards());
    }

    ExecutionSpans spans() {
        return spans;
    }

    LiveExecution fresh(Journal.Head head) {
        return memory.fresh(head);
    }

    @Override
    public ExecutionProperties properties() {
        return properties;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Journal journal() {
        return journal;
    }

    @Override
    public Circumstances circumstances(TenantId tenant, Instant now) {
        return new NodeCircumstances(this, catalog, runners, tenant, now);
    }

    @Override
    public Journal.@Nullable Recorded read(ExecutionId id) throws Journal.Unavailable {
        return journal.read(List.of(id)).get(id);
    }

    @Override
    public LiveExecution restore(Journal.Recorded recorded) {
        return memory.restore(recorded);
    }

    @Override
    public boolean provisions(String adapter) {
        try {
            return runners.adapter(adapter).capabilities().can(Capability.PROVISIONS_RESOURCES);
        } catch (IllegalStateException e) {
            // It is not here: nothing is begun with it.
            return false;
        }
    }

    @Override
    public void changed(Journal.LeaseChange lease) {
        slots.changed(lease);
    }

    @Override
    public @Nullable Shard shard(ExecutionId id) {
        return own.get(id.shard(properties.shards()));
    }

    @Override
    public void accepted(LiveExecution execution) {
        Event.ExecutionStarted started = execution.state.started();
        if (started.parent() != null) {
            send(Letter.of(started.parent(), execution.state.asChild()));
        }
    }

    @Override
    public void changed(LiveExecution execution) {
        execution.count(clock);
        watchers.changed(
                execution.head.id(),
                execution.state.status().isTerminal(),
                () -> Views.of(execution.head, execution.state, this::blocker));
    }

    @Override
    public void carryOut(LiveExecution execution, Command command) {
        switch (command) {
            case Command.RunStep run -> {
                execution.stepBegins(clock);
                dispatcher.run(execution, run);
            }
            case Command.CancelStep cancel -> dispatcher.cancel(execution, cancel);
            case Command.ReleaseStep release -> dispatcher.release(execution, release);
            case Command.StartChild child -> send(ChildStart.of(this, execution, child));
            case Command.CancelChild child ->
                    send(
                            Letter.of(
                                    child.child(),
                                    new Message.Cancel("system:parent", "its parent is ending")));
            case Command.NotifyParent notify -> send(Letter.of(notify.parent(), notify.ended()));
            case Command.Warn warn ->
                    log.warn("execution {}: {}", execution.head.id(), warn.text());
            case Command.Continue _ -> {}
        }
    }

    @Override
    public void snapshotIfLong(LiveExecution execution) {
        int version = execution.state.version();
        if (version - execution.snapshotSeq < SNAPSHOT_EVERY) {
            return;
        }
        execution.snapshotSeq = version;
        try {
            // Written by the lane itself: the image refers to state that only the lane may read.
            journal.saveSnapshot(
                    execution.head, new Journal.Snapshot(version, StateImage.of(execution.state)));
        } catch (Journal.Unavailable e) {
            execution
                    .ids(0, 0)
                    .in(() ->
                            log.warn(
                                    "execution {}: no snapshot at entry {}: {}",
                                    execution.head.id(),
                                    version,
                                    e.getMessage()));
        }
    }

    @Override
    public void eventsChanged() {
        eventsChanged.run();
    }

    /** Steps that wait for adapters that are away. */
    int heldSteps() {
        return dispatcher.places().held();
    }

    /** What a task waits for, as far as it is known here; null for nothing. */
    @Nullable String blocker(ExecutionId id, ExecutionState.CurrentTask task) {
        return dispatcher.blocker(id, task);
    }

    /** The shards that this node holds and keeps, with their epochs. */
    Map<Integer, Long> held() {
        return own.shards().epochs();
    }

    /** Whether no other node can have the shard now. */
    boolean isSure(int shard) {
        return own.isSure(shard);
    }

    /** Who wants to know that events were sent or are listened for; at most one. */
    void onEventsChanged(Runnable action) {
        eventsChanged = action;
    }

    /** What is left is begun anew under another epoch, as by a process that comes back. */
    @Override
    public void crashed() {
        log.info("simulated crash {}", crashes.incrementAndGet());
        dispatcher.forget();
        post.forget();
        slots.keepOnly(Set.of());
        own.shards().regain();
        eventsChanged.run();
    }

    @Override
    public void lostShards() {
        executor.execute(safely(own.shards()::renew));
    }

    @Override
    public void later(Duration delay, Runnable action) {
        var _ =
                timer.schedule(
                        () -> executor.execute(safely(action)),
                        delay.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public LiveExecution again(LiveExecution fresh) {
        return fresh(fresh.head);
    }

    /**
     * Brings what cannot be taken up again by another process to its end, begins nothing new, and
     * hands the shards over to the other nodes, if there are any. Returns when that is done, or
     * when the time is over.
     */
    void drain(Duration atMost) {
        draining = true;
        lanes.drain();
        Instant end = clock.instant().plus(atMost);
        dispatcher.drain();
        safely(own.shards()::leave).run();
        while ((!own.handAllOver(atMost) || dispatcher.runs().isHoldingUp())
                && clock.instant().isBefore(end)) {
            try {
                Thread.sleep(DRAIN_POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /**
     * Stops deciding, then gives the shards back so that another node, or the next start, has them
     * at once.
     */
    @Override
    public void close() {
        closing = true;
        lanes.stop();
        timer.shutdownNow();
        executor.shutdownNow();
        try {
            own.shards().close();
        } catch (RuntimeException e) {
            log.info(
                    "the shards were not given back; their leases end by themselves: {}",
                    e.toString());
        }
    }
}
