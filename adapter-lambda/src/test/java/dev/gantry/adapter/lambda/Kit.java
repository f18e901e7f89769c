package dev.gantry.adapter.lambda;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.Behaviour;
import dev.gantry.contract.Fault;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.Capability;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Real functions in one mode, for the contract kit. */
final class Kit implements AdapterFixture {
    private static @Nullable String queue;
    private static @Nullable Store store;

    private final Mode mode;
    private final Set<Capability> claims;
    private final boolean isKept;

    Kit(Mode mode, Set<Capability> claims) {
        this(mode, claims, false);
    }

    private Kit(Mode mode, Set<Capability> claims, boolean isKept) {
        Aws.anywhere();
        this.mode = mode;
        this.claims = claims;
        this.isKept = isKept;
    }

    /** With a place for what has to outlive a process. */
    static Kit kept(Mode mode, Set<Capability> claims) {
        Aws.require();
        store();
        return new Kit(mode, claims, true);
    }

    /** One bucket for all tests of the process. */
    private static synchronized Store store() {
        Store known = store == null ? Store.require() : store;
        store = known;
        return known;
    }

    private static synchronized String queue() {
        String known = queue == null ? Aws.anywhere().queue() : queue;
        queue = known;
        return known;
    }

    private RunnerAdapter adapter(String installation, String endpoint) {
        return adapter(installation, endpoint, isKept ? store().of(installation) : null);
    }

    private static RunnerAdapter adapter(
            String installation, String endpoint, @Nullable BlobStore blobs) {
        // Time runs faster for events of the test services, and no event is to grow too old.
        return Aws.adapterOf(
                installation,
                blobs,
                endpoint,
                "completion-queue",
                queue(),
                "set-event-rules",
                "true",
                "event-age-seconds",
                "21600");
    }

    @Override
    public String kind() {
        return "lambda";
    }

    @Override
    public Set<RuntimeClass> runtimeClasses() {
        return EnumSet.of(RuntimeClass.FAAS);
    }

    @Override
    public Set<Capability> claims() {
        return claims;
    }

    @Override
    public RunnerAdapter newAdapter(String installation) {
        return adapter(installation, Aws.anywhere().endpoint);
    }

    @Override
    public Optional<RunnerAdapter> newAdapter(String installation, Fault fault) {
        return switch (fault) {
            case REPLY_LOST_AFTER_CREATE ->
                    isKept
                            ? Optional.of(
                                    adapter(
                                            installation,
                                            Aws.anywhere().endpoint,
                                            new Stores.LosingReply(store().of(installation))))
                            : Optional.empty();
            case CONNECTION_LOST_WHILE_RUNNING -> lostConnection(installation);
            case BACKEND_DOWN ->
                    Optional.of(
                            adapter(
                                    installation,
                                    "http://127.0.0.1:1",
                                    isKept ? new Stores.Away() : null));
        };
    }

    /** What waits for a queue has no connection to lose; the service's own cannot be cut here. */
    private Optional<RunnerAdapter> lostConnection(String installation) {
        if (mode == Mode.ASYNC || Account.IS_LIVE) {
            return Optional.empty();
        }
        Proxy proxy =
                new Proxy(
                        Aws.anywhere().endpoint,
                        mode == Mode.DURABLE ? Proxy.Kind.GONE : Proxy.Kind.CUT,
                        Duration.ofSeconds(1));
        return Optional.of(adapter(installation, proxy.endpoint()));
    }

    /** What the names in a bucket tell. */
    @Override
    public Map<String, String> expectedLabels(StepContext context) {
        Map<String, String> labels = new HashMap<>(context.labels());
        labels.keySet()
                .retainAll(
                        Stream.of("installation", "tenant", "execution", "step", "attempt")
                                .map(id -> StepContext.LABEL_PREFIX + id)
                                .toList());
        return labels;
    }

    @Override
    public Optional<Workload> workload(Behaviour behaviour) {
        if (mode == Mode.DURABLE) {
            return KitFunctions.durableBody(behaviour, Aws.anywhere().effects)
                    .map(body -> Aws.anywhere().sharedDurable(body, KitFunctions.LONGEST))
                    .map(name -> Steps.function(name, "mode", mode.label()));
        }
        return KitFunctions.body(behaviour, Aws.anywhere().effects)
                .map(body -> Aws.anywhere().shared(body, KitFunctions.timeout(behaviour)))
                .map(name -> Steps.function(name, "mode", mode.label()));
    }

    @Override
    public Optional<Workload.Function> function() {
        return Optional.of(
                new Workload.Function(
                        "kit/step",
                        "1.0.0",
                        Map.of(
                                "functionName",
                                "charge",
                                "qualifier",
                                "live",
                                "mode",
                                mode.label(),
                                "tenantId",
                                "{tenant}",
                                "timeoutSeconds",
                                900,
                                "managedInstances",
                                false,
                                "ids",
                                Ids.Place.labels(mode).getLast())));
    }

    @Override
    public int runs(Attempt attempt) {
        return KitFunctions.runs(attempt, Aws.anywhere().effects);
    }

    @Override
    public boolean alive(Attempt attempt) {
        Aws aws = Aws.anywhere();
        String function =
                String.valueOf(
                        ((Workload.Function) attempt.workload()).binding().get("functionName"));
        if (aws.isRunning(function, attempt)) {
            return true;
        }
        // Its stop was accepted; an invocation may be at work all the same.
        return KitFunctions.atWork(attempt, aws.effects)
                .filter(since ->
                        Account.IS_LIVE
                                ? since.plus(KitFunctions.LONGEST).isAfter(Instant.now())
                                : aws.invocations(function).stream()
                                        .anyMatch(it -> !it.hasNonNull("ended")))
                .isPresent();
    }

    @Override
    public Optional<Duration> overdue() {
        return mode == Mode.DURABLE ? Optional.empty() : Optional.of(Duration.ofSeconds(20));
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(60);
    }

    /** A message of a queue has event and result in it; an execution's state is small. */
    @Override
    public int carried() {
        return switch (mode) {
            case SYNC -> Integer.MAX_VALUE;
            case ASYNC -> 1_000_000;
            case DURABLE -> 200_000;
        };
    }

    @Override
    public int crowd() {
        return 4;
    }
}
