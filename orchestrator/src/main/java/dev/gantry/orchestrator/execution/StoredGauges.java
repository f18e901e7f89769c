package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Census;
import dev.gantry.orchestrator.id.TenantId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gauges of what is stored, most of which no node has in memory. Each node counts its own shards;
 * what belongs to no shard is counted by the node that holds the first.
 */
final class StoredGauges {
    private static final Logger log = LoggerFactory.getLogger(StoredGauges.class);

    private final Census census;
    private final Supplier<Set<Integer>> shards;
    private final MetricTags tags;
    private final Clock clock;
    private final MultiGauge open;
    private final MultiGauge deadLetters;
    private final MultiGauge leases;
    private final AtomicLong due = new AtomicLong();

    StoredGauges(
            Census census,
            Supplier<Set<Integer>> shards,
            MeterRegistry registry,
            MetricTags tags,
            Clock clock) {
        this.census = census;
        this.shards = shards;
        this.tags = tags;
        this.clock = clock;
        this.open =
                MultiGauge.builder("gantry.executions.open")
                        .description("Executions that have not ended")
                        .register(registry);
        this.deadLetters =
                MultiGauge.builder("gantry.dead.letters")
                        .description("Steps that wait for a person's decision")
                        .register(registry);
        this.leases =
                MultiGauge.builder("gantry.leases")
                        .description(
                                "What steps hold on backends, and what was found there besides")
                        .register(registry);
        Gauge.builder("gantry.timers.due", due, AtomicLong::get)
                .description("Waiting executions whose time has come and that do not go on yet")
                .register(registry);
    }

    /** Now, and then again and again. */
    void keepFresh(ExecutionNode node, Duration every) {
        try {
            refresh();
        } catch (RuntimeException e) {
            log.warn("metrics of what is stored could not be counted: {}", e.toString());
        }
        node.later(every, () -> keepFresh(node, every));
    }

    void refresh() {
        Set<Integer> held = shards.get();
        Map<Tags, Long> executions = new HashMap<>();
        for (Census.Open one : census.open(held)) {
            MetricTags.Tags tag = tags.of(one.tenant(), one.namespace(), one.name());
            executions.merge(
                    Tags.of(
                            "tenant",
                            tag.tenant(),
                            "definition",
                            tag.definition(),
                            "status",
                            one.status().label()),
                    one.count(),
                    Long::sum);
        }
        open.register(rows(executions), true);
        Map<Tags, Long> leased = new HashMap<>();
        for (Census.Leased one : census.leases(held)) {
            leased.put(
                    Tags.of("adapter", one.adapter(), "state", one.state().label()), one.count());
        }
        leases.register(rows(leased), true);
        due.set(census.due(held, clock.instant()));
        Map<Tags, Long> undecided = new HashMap<>();
        Map<TenantId, Long> all = held.contains(0) ? census.undecided() : Map.of();
        all.forEach((tenant, count) ->
                undecided.merge(Tags.of("tenant", tags.of(tenant)), count, Long::sum));
        deadLetters.register(rows(undecided), true);
    }

    private static List<MultiGauge.Row<?>> rows(Map<Tags, Long> counts) {
        return counts.entrySet().stream()
                .<MultiGauge.Row<?>>map(
                        entry -> MultiGauge.Row.of(entry.getKey(), entry.getValue()))
                .toList();
    }
}
