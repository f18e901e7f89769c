package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Lease;
import dev.gantry.orchestrator.engine.Ledger;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.runner.Runners;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places that leases of this node's shards take beyond the calls that it has in hand: what a
 * process before left on a backend, and what is still there after its attempt has ended.
 */
final class LeaseSlots {
    private static final Logger log = LoggerFactory.getLogger(LeaseSlots.class);
    private static final int PAGE = 1_000;

    private final Map<Key, Place> places = new ConcurrentHashMap<>();
    private final Runners runners;
    private final AttemptFactory attempts;

    private record Key(ExecutionId execution, int step, int attempt) {}

    private record Place(String adapter, int shard, Runners.Slot slot) {}

    LeaseSlots(Runners runners, AttemptFactory attempts) {
        this.runners = runners;
        this.attempts = attempts;
    }

    /** What the shards' owner before left; before anything of them begins here. */
    void load(Ledger ledger, Set<Integer> shards) {
        List<Ledger.Row> page;
        long after = 0;
        do {
            page = ledger.onBackends(shards, after, PAGE);
            page.forEach(this::hold);
            after = page.isEmpty() ? after : page.getLast().id();
        } while (page.size() == PAGE);
    }

    void hold(Ledger.Row row) {
        Lease lease = row.lease();
        Key key = new Key(row.execution(), lease.step(), lease.attempt());
        if (!places.containsKey(key)) {
            Runners.Slot slot = slot(lease.adapter(), limit(row.tenant(), lease), key);
            put(key, new Place(lease.adapter(), row.shard(), slot));
        }
    }

    /** The attempt has ended and left something: its place stays taken until that is gone. */
    void keep(StepRun run) {
        Key key = new Key(run.head.id(), run.ticket.step(), run.ticket.attempt());
        String adapter = run.ticket.adapter();
        Runners.Slot slot = run.slot;
        put(
                key,
                new Place(
                        adapter, run.head.shard(), slot != null ? slot : slot(adapter, null, key)));
    }

    private void put(Key key, Place place) {
        Place before = places.put(key, place);
        if (before != null) {
            before.slot().close();
        }
    }

    private Runners.Slot slot(String adapter, Runners.@Nullable Limit limit, Key key) {
        try {
            return runners.hold(adapter, limit, new Runners.Holder(key.execution(), key.step()));
        } catch (IllegalStateException e) {
            // There is no such adapter here: nothing is counted for it.
            log.debug("no place is taken for {}: {}", key, e.getMessage());
            return () -> {};
        }
    }

    private Runners.@Nullable Limit limit(@Nullable TenantId tenant, Lease lease) {
        try {
            return tenant == null || lease.function() == null
                    ? null
                    : attempts.limit(tenant, lease.function());
        } catch (RuntimeException e) {
            // The definition is gone: nothing else counts for it either.
            log.debug("no limit is known of {}: {}", lease.function(), e.getMessage());
            return null;
        }
    }

    /** It is durable that something stands otherwise. */
    void changed(Journal.LeaseChange change) {
        ExecutionId id = change.head().id();
        Lease lease = change.lease();
        if (change.isGone()) {
            free(id, lease.step(), lease.attempt());
        } else if (lease.state() == Lease.State.PROVISIONED) {
            for (int earlier = 1; earlier < lease.attempt(); earlier++) {
                freeOf(lease.adapter(), new Key(id, lease.step(), earlier));
            }
        }
    }

    /** What an earlier attempt left there was replaced; what it left elsewhere was not. */
    private void freeOf(String adapter, Key key) {
        Place place = places.get(key);
        if (place != null && place.adapter().equals(adapter) && places.remove(key, place)) {
            place.slot().close();
        }
    }

    void free(ExecutionId execution, int step, int attempt) {
        Place place = places.remove(new Key(execution, step, attempt));
        if (place != null) {
            place.slot().close();
        }
    }

    /** Frees what has no lease any more, should an ending have come too late to be written. */
    void verify(Ledger ledger) {
        List<Key> keys = List.copyOf(places.keySet());
        for (int from = 0; from < keys.size(); from += PAGE) {
            List<Key> page = keys.subList(from, Math.min(keys.size(), from + PAGE));
            Set<Key> there = new HashSet<>();
            ledger.of(page.stream().map(Key::execution).distinct().toList()).stream()
                    .filter(row -> row.lease().state() != Lease.State.REMOVED)
                    .forEach(row ->
                            there.add(
                                    new Key(
                                            row.execution(),
                                            row.lease().step(),
                                            row.lease().attempt())));
            page.stream()
                    .filter(key -> !there.contains(key))
                    .forEach(key -> free(key.execution(), key.step(), key.attempt()));
        }
    }

    /** Those of other shards are another node's now. */
    void keepOnly(Set<Integer> shards) {
        places.forEach((key, place) -> {
            if (!shards.contains(place.shard()) && places.remove(key, place)) {
                place.slot().close();
            }
        });
    }
}
