package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Lease;
import dev.gantry.orchestrator.engine.Ledger;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Failure;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what no step wants from its backend, and writes how that went. */
final class Teardowns {
    private static final Logger log = LoggerFactory.getLogger(Teardowns.class);

    /** For a backend to stop something, beyond the grace that the work itself gets. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ExecutionNode node;
    private final Ledger ledger;
    private final LeaseSlots slots;
    private final ExecutionMeters meters;

    Teardowns(ExecutionNode node, Ledger ledger, LeaseSlots slots, ExecutionMeters meters) {
        this.node = node;
        this.ledger = ledger;
        this.slots = slots;
        this.meters = meters;
    }

    void remove(RunnerAdapter adapter, Sightings.Found found, Ledger.Row row) {
        String reason = row.lease().reason() == null ? found.reason() : row.lease().reason();
        try {
            teardown(adapter, found);
        } catch (RunnerException | TimeoutException | RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                // The node stops: the next one looks again.
                return;
            }
            log.warn("{} could not be removed: {}", found.name(), e.toString());
            failed(row, reason, e);
            return;
        }
        log.warn("{} is removed: {}", found.name(), reason);
        meters.reaped(found.kind());
        if (ledger.move(row, Lease.State.REMOVED, reason, node.clock().instant())) {
            slots.free(row.execution(), row.lease().step(), row.lease().attempt());
        }
    }

    private void failed(Ledger.Row row, String reason, Exception e) {
        String code =
                e instanceof RunnerException known
                        ? known.failure().code()
                        : Failure.Code.BACKEND_UNAVAILABLE;
        String told = reason.contains(code) ? reason : reason + "; " + code;
        if (row.lease().state() != Lease.State.RELEASE_FAILED || !told.equals(reason)) {
            ledger.move(row, Lease.State.RELEASE_FAILED, told, node.clock().instant());
        }
    }

    private void teardown(RunnerAdapter adapter, Sightings.Found found)
            throws RunnerException, TimeoutException {
        if (adapter.capabilities().can(Capability.CANCEL)) {
            Duration grace = node.properties().cancelGrace();
            try {
                adapter.cancel(found.resource().handle(), grace)
                        .get(grace.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RunnerException known) {
                    throw known;
                }
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the node stops", e);
            }
        }
        adapter.teardown(found.resource().handle());
    }
}
