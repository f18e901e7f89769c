package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.TenantId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The metrics of executions and lanes. An execution gets its definition's meters when it comes into
 * memory, so that what happens to it costs no look-up.
 */
final class ExecutionMeters {
    private final MeterRegistry registry;
    private final MetricTags tags;
    private final Map<Key, OfDefinition> known = new ConcurrentHashMap<>();
    private final Map<String, OfDefinition> shared = new ConcurrentHashMap<>();

    private record Key(TenantId tenant, String namespace, String name) {}

    ExecutionMeters(MeterRegistry registry, MetricTags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    OfDefinition of(Journal.Head head) {
        Key key = new Key(head.tenant(), head.definition().namespace(), head.definition().name());
        OfDefinition meters = known.get(key);
        if (meters != null) {
            return meters;
        }
        MetricTags.Tags tag = tags.of(key.tenant(), key.namespace(), key.name());
        // What has no tag of its own is not remembered: there may be any number of it.
        return tag.isShared()
                ? shared.computeIfAbsent(tag.tenant(), any -> new OfDefinition(registry, tag))
                : known.computeIfAbsent(key, any -> new OfDefinition(registry, tag));
    }

    void lanes(Lanes lanes, Clock clock) {
        for (Lanes.LaneView lane : lanes.lanes()) {
            int number = lane.number();
            Tags tag = Tags.of("lane", Integer.toString(number));
            Gauge.builder("gantry.lane.backlog", () -> lanes.lanes().get(number).backlog())
                    .description("Messages that wait for the lane")
                    .tags(tag)
                    .register(registry);
            TimeGauge.builder(
                            "gantry.lane.oldest",
                            () -> lanes.lanes().get(number).oldest().toNanos(),
                            TimeUnit.NANOSECONDS)
                    .description("How long the oldest of them waits")
                    .tags(tag)
                    .register(registry);
            TimeGauge.builder(
                            "gantry.lane.blocked",
                            () -> blocked(lanes.lanes().get(number), clock),
                            TimeUnit.NANOSECONDS)
                    .description("For how long the lane's batch could not be stored")
                    .tags(tag)
                    .register(registry);
            Gauge.builder("gantry.lane.stuck", () -> lanes.lanes().get(number).stuck())
                    .description("Executions with a message that cannot be processed")
                    .tags(tag)
                    .register(registry);
        }
    }

    /** There from the beginning, so that a first one is seen as one more. */
    void leases(String adapter) {
        var _ = ofReaped(adapter);
        var _ = ofVanished(adapter);
    }

    void reaped(String adapter) {
        ofReaped(adapter).increment();
    }

    void vanished(String adapter) {
        ofVanished(adapter).increment();
    }

    private Counter ofReaped(String adapter) {
        return Counter.builder("gantry.leases.reaped")
                .description("Resources that no step wanted and that were removed")
                .tags("adapter", adapter)
                .register(registry);
    }

    private Counter ofVanished(String adapter) {
        return Counter.builder("gantry.leases.vanished")
                .description("Leases whose resource was not on its backend any more")
                .tags("adapter", adapter)
                .register(registry);
    }

    private static long blocked(Lanes.LaneView lane, Clock clock) {
        Instant since = lane.waitsForJournalSince();
        return since == null ? 0 : Duration.between(since, clock.instant()).toNanos();
    }

    /** Those of one definition of a tenant, or of all that share a tag. */
    static final class OfDefinition {
        private final Counter started;
        private final Map<ExecutionStatus, Counter> ended = new EnumMap<>(ExecutionStatus.class);
        private final Timer duration;
        private final Timer firstStep;

        private OfDefinition(MeterRegistry registry, MetricTags.Tags tag) {
            Tags both = Tags.of("tenant", tag.tenant(), "definition", tag.definition());
            started =
                    Counter.builder("gantry.executions.started")
                            .description("Executions that were started")
                            .tags(both)
                            .register(registry);
            for (ExecutionStatus status : ExecutionStatus.values()) {
                if (status.isTerminal()) {
                    ended.put(status, ended(registry, both.and("status", status.label())));
                }
            }
            duration =
                    Timer.builder("gantry.executions.duration")
                            .description("From an execution's start to its end")
                            .tags(both)
                            .register(registry);
            firstStep =
                    Timer.builder("gantry.executions.first.step")
                            .description("From an execution's start until its first step is begun")
                            .tags(both)
                            .register(registry);
        }

        private static Counter ended(MeterRegistry registry, Tags tags) {
            return Counter.builder("gantry.executions.ended")
                    .description("Executions that ended; one that is retried ends again")
                    .tags(tags)
                    .register(registry);
        }

        void started() {
            started.increment();
        }

        void ended(ExecutionStatus status, long nanos) {
            Counter counter = ended.get(status);
            if (counter != null) {
                counter.increment();
                duration.record(nanos, TimeUnit.NANOSECONDS);
            }
        }

        void firstStep(long nanos) {
            firstStep.record(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
