package dev.gantry.orchestrator.runner;

import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Health;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The adapters that were found at start; nothing comes or goes later. */
final class NodeRunners implements Runners, AutoCloseable {
    /** A start waits this long for the adapters to tell their health. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Executor SLOT_EXECUTOR =
            task -> Thread.ofVirtual().name("gantry-slot").start(task);

    /** One entry a limited function version that ran on this node; they are small. */
    private final Map<Limit, Slots> limits = new ConcurrentHashMap<>();

    private final AdapterSet set;
    private final Map<String, Installed> installed;
    private final PlacementPolicy placement;
    private final HealthWatch health;
    private final Predicate<String> connected;

    private record Installed(ObservedAdapter adapter, Slots slots, Blockless blockless) {}

    private NodeRunners(
            AdapterSet set,
            Map<String, Installed> installed,
            PlacementPolicy placement,
            HealthWatch health) {
        this.set = set;
        this.installed = installed;
        this.placement = placement;
        this.health = health;
        this.connected = health::isConnected;
    }

    /** Begins to watch the adapters' health; waits a moment for what they say first. */
    static NodeRunners over(
            AdapterSet set,
            PlacementSettings placement,
            AdapterSettings settings,
            boolean unreal,
            Clock clock,
            MeterRegistry registry,
            OpenTelemetry telemetry) {
        try {
            Map<String, Installed> installed = observed(set, settings, registry, telemetry);
            PlacementPolicy policy = new PlacementPolicy(placement, placeable(installed), unreal);
            Map<String, RunnerAdapter> adapters = new TreeMap<>();
            installed.forEach((kind, one) -> adapters.put(kind, one.adapter()));
            HealthWatch health =
                    new HealthWatch(
                            adapters, clock, settings.healthInterval(), settings.healthTimeout());
            health.start(PATIENCE);
            return new NodeRunners(set, installed, policy, health);
        } catch (RuntimeException e) {
            set.close();
            throw e;
        }
    }

    private static Map<String, Installed> observed(
            AdapterSet set,
            AdapterSettings settings,
            MeterRegistry registry,
            OpenTelemetry telemetry) {
        TenantTags tenants = new TenantTags(settings.tenantTags());
        Map<String, Installed> installed = new TreeMap<>();
        set.adapters()
                .forEach((kind, adapter) -> {
                    var reports =
                            new ObservedCall.Reports(
                                    kind,
                                    new AdapterMeters(registry, kind, tenants),
                                    new StepSpans(telemetry.getTracer("dev.gantry.runner"), kind),
                                    new StepLog(kind));
                    ObservedAdapter observed = new ObservedAdapter(adapter, reports);
                    Slots slots = new Slots(observed.capabilities().maxInFlight(), SLOT_EXECUTOR);
                    installed.put(kind, new Installed(observed, slots, Blockless.of(observed)));
                    Gauge.builder("gantry.runner.queued", slots, Slots::queued)
                            .description("Steps that wait for a free place on the adapter")
                            .tag("adapter", kind)
                            .register(registry);
                });
        return installed;
    }

    /** The adapter of Gantry's own calls is not placed: the engine names it. */
    private static Map<String, Capabilities> placeable(Map<String, Installed> installed) {
        Map<String, Capabilities> placeable = new TreeMap<>();
        installed.forEach((kind, one) -> {
            Capabilities capabilities = one.adapter().capabilities();
            if (!Collections.disjoint(capabilities.runtimeClasses(), RuntimeClass.PLACED)) {
                placeable.put(kind, capabilities);
            }
        });
        return placeable;
    }

    @Override
    public List<AdapterView> list() {
        return installed.entrySet().stream()
                .map(entry -> view(entry.getKey(), entry.getValue()))
                .toList();
    }

    private AdapterView view(String kind, Installed one) {
        Capabilities capabilities = one.adapter().capabilities();
        HealthWatch.Checked checked = health.last(kind);
        return new AdapterView(
                kind,
                capabilities,
                checked.health(),
                checked.at(),
                one.slots().inFlight(),
                one.slots().queued());
    }

    @Override
    public RunnerAdapter adapter(String kind) {
        return installed(kind).adapter();
    }

    @Override
    public Health health(String kind) {
        return health.last(kind).health();
    }

    @Override
    public @Nullable Placement place(TenantId tenant, Need need) {
        return placement.place(tenant, need, kind -> takes(kind, need), connected);
    }

    @Override
    public List<String> candidates(TenantId tenant, Need need) {
        return placement.candidates(tenant, need, kind -> takes(kind, need)).stream()
                .map(Placement::adapter)
                .distinct()
                .toList();
    }

    private boolean takes(String kind, Need need) {
        Workload.Function block = need.blocks().get(kind);
        return block == null
                ? installed(kind).blockless().takes(need)
                : installed(kind).adapter().lack(block).isEmpty();
    }

    @Override
    public Map<String, WorkloadProblem> lacks(TenantId tenant, Need need) {
        Map<String, WorkloadProblem> lacks = new LinkedHashMap<>();
        placement
                .candidates(tenant, need, need.blocks()::containsKey)
                .forEach(candidate -> {
                    String kind = candidate.adapter();
                    Workload.Function block = Objects.requireNonNull(need.blocks().get(kind));
                    installed(kind).adapter().lack(block).ifPresent(it -> lacks.put(kind, it));
                });
        return lacks;
    }

    @Override
    public List<WorkloadProblem> check(TenantId tenant, String kind, Workload workload) {
        Installed one = installed.get(kind);
        return one == null ? List.of() : one.adapter().check(tenant.value(), workload);
    }

    @Override
    public void undeploy(TenantId tenant, String kind, Workload.Function function)
            throws TeardownException {
        Installed one = installed.get(kind);
        if (one != null) {
            one.adapter().undeploy(tenant.value(), function);
        }
    }

    @Override
    public @Nullable Instant awaySince(String kind) {
        return health.awaySince(kind);
    }

    @Override
    public void doubt(String kind) {
        health.doubt(kind);
    }

    @Override
    public Claim claim(String kind, @Nullable Limit limit, Holder holder) {
        Slots slots = installed(kind).slots();
        return limit == null
                ? new SlotClaim(slots, holder)
                : new SlotClaim(slots, limit, slots(limit), holder);
    }

    @Override
    public Slot hold(String kind, @Nullable Limit limit, Holder holder) {
        Slot shared = installed(kind).slots().hold(holder);
        return limit == null ? shared : SlotClaim.both(slots(limit).hold(holder), shared);
    }

    private Slots slots(Limit limit) {
        return limits.computeIfAbsent(limit, one -> new Slots(one.places(), SLOT_EXECUTOR));
    }

    private Installed installed(String kind) {
        Installed one = installed.get(kind);
        if (one == null) {
            throw new IllegalStateException(
                    "there is no adapter '%s'; there are: %s: add its jar, or enable it"
                            .formatted(kind, String.join(", ", installed.keySet())));
        }
        return one;
    }

    @Override
    public void close() {
        health.close();
        set.close();
    }
}
