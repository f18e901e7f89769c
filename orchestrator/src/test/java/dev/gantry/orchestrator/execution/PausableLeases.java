package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.Node;
import dev.gantry.orchestrator.cluster.ShardLeases;
import java.time.Duration;
import java.util.Map;

/** Renews nothing any more and believes that all is well, as a process that was stopped. */
final class PausableLeases implements ShardLeases {
    private final ShardLeases leases;
    volatile boolean paused;
    volatile boolean cutOff;

    PausableLeases(ShardLeases leases) {
        this.leases = leases;
    }

    @Override
    public int prepare(int shards) {
        return leases.prepare(shards);
    }

    @Override
    public void join(Node self, Duration lease) {
        leases.join(self, lease);
    }

    @Override
    public Renewal renew(Node self, Map<Integer, Long> held, Duration lease, boolean isLeaving) {
        if (cutOff) {
            throw new IllegalStateException("the leases cannot be reached");
        }
        return paused
                ? new Renewal(held, held.size(), false)
                : leases.renew(self, held, lease, isLeaving);
    }

    @Override
    public boolean isNews(Node self, Renewal last) {
        return !paused && !cutOff && leases.isNews(self, last);
    }

    @Override
    public void release(Node self, Map<Integer, Long> held) {
        if (!paused) {
            leases.release(self, held);
        }
    }

    @Override
    public void leave(Node self) {
        if (!paused) {
            leases.leave(self);
        }
    }
}
