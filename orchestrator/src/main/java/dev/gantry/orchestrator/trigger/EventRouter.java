package dev.gantry.orchestrator.trigger;

import dev.gantry.orchestrator.cluster.Duties;
import dev.gantry.orchestrator.definition.plan.Plans;
import dev.gantry.orchestrator.engine.CloudEvents;
import dev.gantry.orchestrator.engine.CloudEvents.Fresh;
import dev.gantry.orchestrator.engine.CloudEvents.Matcher;
import dev.gantry.orchestrator.engine.CloudEvents.Stored;
import dev.gantry.orchestrator.engine.Correlations;
import dev.gantry.orchestrator.execution.EventDelivery;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings stored events to the executions of this node's shards that listen. Every shard has a
 * cursor, which moves on only when all that an event led to is durable; after a crash the same
 * events come again, and executions know what they have taken.
 *
 * <p>A listener is offered two things: what was there when it was opened, by looking back once, and
 * what comes later, by the cursor. Its row is durable before either, so nothing falls between.
 */
final class EventRouter implements Runnable, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventRouter.class);

    /** One node starts what events start, and removes old events. */
    private static final String STARTS = "event-starts";

    private static final int EVENTS_AT_ONCE = 500;
    private static final int EXECUTIONS_AT_ONCE = 1_000;
    private static final Duration PURGE_EVERY = Duration.ofMinutes(10);

    private final CloudEvents store;
    private final EventDelivery delivery;
    private final Plans plans;
    private final EventStarts starts;
    private final EventSettings settings;
    private final Duties duties;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closing;
    private long purgeAt = System.nanoTime();

    EventRouter(
            CloudEvents store,
            EventDelivery delivery,
            Plans plans,
            EventStarts starts,
            EventSettings settings,
            Duties duties) {
        this.store = store;
        this.delivery = delivery;
        this.plans = plans;
        this.starts = starts;
        this.settings = settings;
        this.duties = duties;
        this.thread = Thread.ofPlatform().daemon().name("gantry-events").unstarted(this);
    }

    void start() {
        delivery.onChange(this::wake);
        thread.start();
    }

    /** There is something new. */
    void wake() {
        if (news.availablePermits() == 0) {
            news.release();
        }
    }

    @Override
    public void run() {
        while (!closing) {
            try {
                var _ = news.tryAcquire(settings.poll().toMillis(), TimeUnit.MILLISECONDS);
                news.drainPermits();
                Map<Integer, Long> shards = delivery.shards();
                if (!shards.isEmpty()) {
                    work(shards);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!closing) {
                    log.warn("events could not be delivered and are tried again: {}", e.toString());
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(Map<Integer, Long> shards) {
        boolean more = true;
        while (more && !closing) {
            more = catchUp(shards.keySet());
            more |= route(shards);
            if (duties.has(STARTS)) {
                more |= starts.startFrom(EVENTS_AT_ONCE);
            }
        }
        if (System.nanoTime() - purgeAt > 0 && duties.has(STARTS)) {
            purgeAt = System.nanoTime() + PURGE_EVERY.toNanos();
            int purged = store.purge(settings.retention());
            if (purged > 0) {
                log.info("removed {} events older than {}", purged, settings.retention());
            }
        }
    }

    /** Offers what came before to those who have only begun to listen. */
    private boolean catchUp(Set<Integer> shards) {
        List<Fresh> fresh = store.fresh(shards, EXECUTIONS_AT_ONCE);
        boolean isCut = fresh.size() == EXECUTIONS_AT_ONCE;
        Map<String, List<Fresh>> tasks = new LinkedHashMap<>();
        for (Fresh listener : fresh) {
            tasks.computeIfAbsent(
                            listener.execution() + " " + listener.frame(),
                            task -> new ArrayList<>())
                    .add(listener);
        }
        List<List<Fresh>> whole = new ArrayList<>(tasks.values());
        if (isCut && whole.size() > 1) {
            // The rest of its filters is still to be read.
            whole.removeLast();
        }
        whole.forEach(this::catchUp);
        if (closing) {
            // Perhaps not all of it was offered: the next owner begins anew.
            return false;
        }
        if (!whole.isEmpty()) {
            store.caughtUp(whole.stream().flatMap(List::stream).toList());
        }
        return isCut;
    }

    /** One task, with all its filters: the earlier event comes first, whichever filter it fits. */
    private void catchUp(List<Fresh> task) {
        long last = 0;
        boolean more = true;
        while (more && !closing) {
            more = false;
            long seen = Long.MAX_VALUE;
            TreeMap<Long, Stored> found = new TreeMap<>();
            for (Fresh listener : task) {
                Instant back = listener.openedAt().minus(settings.lookback());
                Instant since = listener.startedAt().isBefore(back) ? listener.startedAt() : back;
                List<Stored> page =
                        store.since(
                                listener.tenant(), listener.type(), since, last, EVENTS_AT_ONCE);
                page.stream()
                        .filter(event -> mayFit(listener, event))
                        .forEach(event -> found.put(event.position(), event));
                if (page.size() == EVENTS_AT_ONCE) {
                    more = true;
                    seen = Math.min(seen, page.getLast().position());
                }
            }
            for (Stored event : found.headMap(seen, true).values()) {
                await(List.of(deliver(task.getFirst().execution(), event)));
            }
            last = seen;
        }
    }

    private boolean mayFit(Fresh listener, Stored event) {
        String correlation = correlation(event, listener.matcher());
        return listener.correlation() == null
                || correlation == null
                || listener.correlation().equals(store.stored(correlation));
    }

    private boolean route(Map<Integer, Long> shards) {
        long position = Collections.min(store.cursors(shards.keySet()).values());
        List<Stored> events = store.after(position, EVENTS_AT_ONCE);
        if (events.isEmpty()) {
            return false;
        }
        Map<String, List<Matcher>> matchers = new HashMap<>();
        for (Stored event : events) {
            for (String type : List.of(event.type(), "")) {
                List<Matcher> known =
                        matchers.computeIfAbsent(
                                event.tenant().value() + " " + type,
                                key -> store.matchers(event.tenant(), type));
                for (Matcher matcher : known) {
                    offer(event, type, matcher, shards.keySet());
                }
            }
        }
        store.advance(shards, events.getLast().position());
        return true;
    }

    private void offer(Stored event, String type, Matcher matcher, Collection<Integer> shards) {
        String correlation = correlation(event, matcher);
        ExecutionId last = null;
        List<ExecutionId> page;
        do {
            page =
                    store.listening(
                            event.tenant(),
                            type,
                            matcher,
                            correlation,
                            shards,
                            last,
                            EXECUTIONS_AT_ONCE);
            List<CompletableFuture<Void>> answers = new ArrayList<>();
            for (ExecutionId id : page) {
                answers.add(deliver(id, event));
                last = id;
            }
            await(answers);
        } while (page.size() == EXECUTIONS_AT_ONCE && !closing);
    }

    /**
     * What the filter makes of the event; null where that cannot be told, and then everybody who
     * listens by it is asked.
     */
    private @Nullable String correlation(Stored event, Matcher matcher) {
        try {
            return Correlations.of(
                    plans.workflow(event.tenant(), matcher.definition())
                            .listening(matcher.pointer())
                            .filter(matcher.filter()),
                    event.event());
        } catch (IllegalArgumentException | IllegalStateException e) {
            log.error("the filter {} cannot be read", matcher, e);
            return null;
        }
    }

    private CompletableFuture<Void> deliver(ExecutionId id, Stored event) {
        return delivery.deliver(id, event.position(), event.event());
    }

    private static void await(List<CompletableFuture<Void>> answers) {
        for (CompletableFuture<Void> answer : answers) {
            try {
                answer.join();
            } catch (CompletionException e) {
                if (!isGone(e.getCause())) {
                    throw e;
                }
            }
        }
    }

    /** An execution that is not there any more misses nothing. */
    private static boolean isGone(@Nullable Throwable cause) {
        return cause instanceof Executions.Refused refused
                && refused.code() == Executions.Refused.Code.EXECUTION_NOT_FOUND;
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
