package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Lease;
import dev.gantry.orchestrator.engine.Ledger;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Capability;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.RunnerAdapter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what backends have with the ledger, both ways. What has no lease is removed; what has a
 * lease and is not there is told. Each node looks after what is of its own shards.
 */
final class Reaper {
    private static final Logger log = LoggerFactory.getLogger(Reaper.class);
    private static final int PAGE = 500;
    private static final int FORGOTTEN_AT_ONCE = 1_000;

    private final Runners runners;
    private final ExecutionNode node;
    private final Ledger ledger;
    private final LeaseSlots slots;
    private final ExecutionMeters meters;
    private final Sightings sightings;
    private final Teardowns teardowns;
    private final ReentrantLock sweeping = new ReentrantLock();

    Reaper(
            Runners runners,
            ExecutionNode node,
            Ledger ledger,
            LeaseSlots slots,
            ExecutionMeters meters,
            String installation) {
        this.runners = runners;
        this.node = node;
        this.ledger = ledger;
        this.slots = slots;
        this.meters = meters;
        this.sightings = new Sightings(node.properties().reapGrace(), installation);
        this.teardowns = new Teardowns(node, ledger, slots, meters);
        runners.list().stream()
                .filter(view -> view.capabilities().can(Capability.PROVISIONS_RESOURCES))
                .forEach(view -> meters.leases(view.kind()));
    }

    /** One at a time: a look that takes long is not overtaken by the next one. */
    void sweep() {
        if (!sweeping.tryLock()) {
            return;
        }
        try {
            for (Runners.AdapterView view : runners.list()) {
                if (view.capabilities().can(Capability.PROVISIONS_RESOURCES)
                        && view.health().isConnected()) {
                    sweep(view.kind());
                }
            }
            slots.verify(ledger);
            Instant before = now().minus(node.properties().reaped());
            int forgotten = ledger.forget(before, FORGOTTEN_AT_ONCE);
            log.debug("{} removed leases are not listed any more", forgotten);
        } finally {
            sweeping.unlock();
        }
    }

    private Instant now() {
        return node.clock().instant();
    }

    /** An adapter that cannot tell what there is has not said that there is nothing. */
    private void sweep(String kind) {
        RunnerAdapter adapter = runners.adapter(kind);
        Set<Integer> shards = node.held().keySet();
        try {
            List<Sightings.Found> found = new ArrayList<>();
            for (OwnedResource resource : adapter.owned()) {
                Sightings.Found one = sightings.read(kind, resource, node.properties().shards());
                if (one != null && shards.contains(one.shard())) {
                    found.add(one);
                }
            }
            sightings.begin(kind, now());
            for (int from = 0; from < found.size(); from += PAGE) {
                judge(adapter, found.subList(from, Math.min(found.size(), from + PAGE)));
            }
            missing(kind, shards, found);
            sightings.end(kind);
        } catch (ExecutionException | Journal.Unavailable | RuntimeException e) {
            log.warn(
                    "adapter {}: what it holds could not be compared with the leases: {}",
                    kind,
                    e.toString());
        }
    }

    /** Read after the backend was: a lease is there before what it is for. */
    private void judge(RunnerAdapter adapter, List<Sightings.Found> page)
            throws Journal.Unavailable {
        Map<ExecutionId, List<Ledger.Row>> leases = new HashMap<>();
        ledger.of(page.stream().map(Sightings.Found::execution).distinct().toList())
                .forEach(row ->
                        leases.computeIfAbsent(row.execution(), id -> new ArrayList<>()).add(row));
        for (Sightings.Found found : page) {
            judge(adapter, found, leases.getOrDefault(found.execution(), List.of()));
        }
    }

    private void judge(RunnerAdapter adapter, Sightings.Found found, List<Ledger.Row> leases)
            throws Journal.Unavailable {
        Ledger.Row own = null;
        for (Ledger.Row row : leases) {
            Lease lease = row.lease();
            if (lease.step() != found.step()) {
                continue;
            }
            if (lease.attempt() == found.attempt()) {
                own = row;
            } else if (isStepsOwn(lease.state())) {
                // The step is at another attempt, which replaces what is there by its name.
                return;
            }
        }
        if (own == null) {
            orphan(adapter, found, null);
            return;
        }
        switch (own.lease().state()) {
            case HELD -> slots.hold(own);
            case VANISHED -> {
                log.info("{} is on its backend again", found.name());
                ledger.move(own, Lease.State.PROVISIONED, null, now());
            }
            case RELEASE_FAILED -> {
                if (adapter.capabilities().can(Capability.IDEMPOTENT_TEARDOWN)
                        && sightings.isDue(found.name(), found.createdAt())
                        && node.isSure(found.shard())) {
                    teardowns.remove(adapter, found, own);
                }
            }
            case ORPHAN, REMOVED -> orphan(adapter, found, own);
            case PROVISIONED, RELEASING, UNCOLLECTED -> {}
        }
    }

    private static boolean isStepsOwn(Lease.State state) {
        return switch (state) {
            case HELD, PROVISIONED, RELEASING, VANISHED -> true;
            case UNCOLLECTED, RELEASE_FAILED, ORPHAN, REMOVED -> false;
        };
    }

    /** The journal has the last word: a lease may only not be written yet. */
    private void orphan(RunnerAdapter adapter, Sightings.Found found, Ledger.@Nullable Row known)
            throws Journal.Unavailable {
        boolean isDue = sightings.isDue(found.name(), found.createdAt());
        if (!sightings.isSeenAgain(found.name()) || isWanted(found)) {
            return;
        }
        Ledger.Row row = known;
        if (row == null || row.lease().state() == Lease.State.REMOVED) {
            row = ledger.orphan(found.orphan(), found.reason(), now());
            slots.hold(row);
            log.warn("{} has no lease: {}", found.name(), found.reason());
        }
        if (isDue && node.isSure(found.shard())) {
            teardowns.remove(adapter, found, row);
        }
    }

    private boolean isWanted(Sightings.Found found) throws Journal.Unavailable {
        if (!found.isNamed()) {
            return false;
        }
        Journal.Recorded recorded = node.read(found.execution());
        return recorded != null
                && node.restore(recorded).state.holds(found.step(), found.attempt());
    }

    private void missing(String kind, Set<Integer> shards, List<Sightings.Found> found) {
        Set<String> there = new HashSet<>();
        found.forEach(one -> there.add(key(one.execution(), one.step(), one.attempt())));
        List<Ledger.Row> page;
        long after = 0;
        do {
            page = ledger.expected(kind, shards, after, PAGE);
            for (Ledger.Row row : page) {
                Lease lease = row.lease();
                String key = key(row.execution(), lease.step(), lease.attempt());
                if (!there.contains(key) && sightings.isDue("no " + key, row.changedAt())) {
                    missing(row);
                }
                after = row.id();
            }
        } while (page.size() == PAGE);
    }

    private static String key(ExecutionId execution, int step, int attempt) {
        return execution + " " + step + " " + attempt;
    }

    private void missing(Ledger.Row row) {
        Lease lease = row.lease();
        if (lease.state() != Lease.State.PROVISIONED) {
            String was = lease.reason() == null ? lease.state().label() : lease.reason();
            if (ledger.move(
                    row, Lease.State.REMOVED, was + "; it is not on its backend any more", now())) {
                slots.free(row.execution(), lease.step(), lease.attempt());
            }
            return;
        }
        String reason =
                "it is not on its backend, seen twice in %s"
                        .formatted(node.properties().reapGrace());
        if (ledger.move(row, Lease.State.VANISHED, reason, now())) {
            meters.vanished(lease.adapter());
            log.warn(
                    "{} {} of execution {} step {}: {}",
                    lease.adapter(),
                    row.externalName(),
                    row.execution(),
                    lease.step(),
                    reason);
        }
    }
}
