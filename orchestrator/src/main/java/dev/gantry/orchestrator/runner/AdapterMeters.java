package dev.gantry.orchestrator.runner;

import dev.gantry.spi.Failure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The metrics of one adapter. Meters are made beforehand, so that a call costs no look-up in the
 * registry; no tag takes more than a bounded number of values.
 */
final class AdapterMeters {
    private static final int MOST_CODES = 200;

    private final MeterRegistry registry;
    private final String adapter;
    private final TenantTags tenants;
    private final Map<Phase, Map<Ending, Timer>> calls = new EnumMap<>(Phase.class);
    private final Map<String, Map<Ending, Counter>> attempts = new ConcurrentHashMap<>();
    private final Map<FailureKey, Counter> failures = new ConcurrentHashMap<>();
    private final LongAdder inFlight = new LongAdder();

    private record FailureKey(Phase phase, String code, Failure.Actor actor) {}

    AdapterMeters(MeterRegistry registry, String adapter, TenantTags tenants) {
        this.registry = registry;
        this.adapter = adapter;
        this.tenants = tenants;
        for (Phase phase : Phase.values()) {
            Map<Ending, Timer> timers = new EnumMap<>(Ending.class);
            phase.endings().forEach(ending -> timers.put(ending, timer(phase, ending)));
            calls.put(phase, timers);
        }
        Gauge.builder("gantry.runner.in.flight", inFlight, LongAdder::sum)
                .description("Steps that the adapter runs now")
                .tag("adapter", adapter)
                .register(registry);
    }

    void call(Phase phase, Ending ending, long nanos) {
        Map<Ending, Timer> timers = calls.get(phase);
        Timer timer = timers == null ? null : timers.get(ending);
        if (timer == null) {
            throw new IllegalStateException("%s does not end %s".formatted(phase, ending));
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Phase phase, Ending ending) {
        return Timer.builder("gantry.runner.calls")
                .description("Calls of the adapter; for run and reattach, until the step's end")
                .tag("adapter", adapter)
                .tag("phase", phase.label())
                .tag("outcome", ending.label())
                .register(registry);
    }

    void failure(Phase phase, Failure failure) {
        FailureKey key = new FailureKey(phase, failure.code(), failure.actor());
        Counter counter = failures.get(key);
        if (counter == null) {
            if (failures.size() >= MOST_CODES) {
                key = new FailureKey(phase, "OTHER", failure.actor());
            }
            counter = failures.computeIfAbsent(key, this::counter);
        }
        counter.increment();
    }

    private Counter counter(FailureKey key) {
        return Counter.builder("gantry.runner.failures")
                .description("Failures of the adapter's calls, and of the steps that it ran")
                .tag("adapter", adapter)
                .tag("phase", key.phase().label())
                .tag("code", key.code())
                .tag("actor", key.actor().name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    void began() {
        inFlight.increment();
    }

    /** An attempt is over, however it ended. */
    void ended(String tenant, Ending ending) {
        inFlight.decrement();
        Map<Ending, Counter> counters = attempts.get(tenant);
        if (counters == null) {
            counters = attempts.computeIfAbsent(tenants.tag(tenant), this::counters);
        }
        Counter counter = counters.get(ending);
        if (counter != null) {
            counter.increment();
        }
    }

    private Map<Ending, Counter> counters(String tenantTag) {
        Map<Ending, Counter> counters = new EnumMap<>(Ending.class);
        for (Ending ending : Ending.values()) {
            counters.put(
                    ending,
                    Counter.builder("gantry.runner.attempts")
                            .description("Attempts that ended on the adapter")
                            .tag("adapter", adapter)
                            .tag("tenant", tenantTag)
                            .tag("outcome", ending.label())
                            .register(registry));
        }
        return counters;
    }
}
