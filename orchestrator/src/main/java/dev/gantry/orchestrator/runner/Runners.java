package dev.gantry.orchestrator.runner;

import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Health;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The adapters of this node. */
public interface Runners {
    List<AdapterView> list();

    /**
     * The adapter of a kind, observed: its calls are measured, traced and logged.
     *
     * @throws IllegalStateException if there is none; a journal can name an adapter whose jar is
     *     gone
     */
    RunnerAdapter adapter(String kind);

    /** As last asked, at most a few seconds ago. Never blocks. */
    Health health(String kind);

    /**
     * The adapter that takes a step now: of the first class that has a connected one that can run
     * it, the first connected one of the policy's order. If none is connected, the first that could
     * be; null if no adapter that serves any of the classes can run it. Never blocks.
     */
    @Nullable Placement place(TenantId tenant, Need need);

    /** All adapters that could take such a step, connected or not, as for {@link #place}. */
    default List<String> candidates(TenantId tenant, Need need) {
        return List.of();
    }

    /**
     * What the adapters lack, by their kinds, that the policy allows for such a step and that could
     * take it otherwise.
     */
    default Map<String, WorkloadProblem> lacks(TenantId tenant, Need need) {
        return Map.of();
    }

    /** Why no adapter can take such a step, for people. */
    default String unserved(TenantId tenant, Need need) {
        StringBuilder text =
                new StringBuilder(
                        "no adapter serves %s: add its jar or change the placement policy"
                                .formatted(need.described()));
        lacks(tenant, need)
                .forEach((kind, lack) ->
                        text.append(
                                "; '%s' could, but %s: %s"
                                        .formatted(kind, lack.message(), lack.suggestion())));
        return text.toString();
    }

    /** What the adapter of the kind says is wrong with a workload; nothing if it is not here. */
    default List<WorkloadProblem> check(TenantId tenant, String kind, Workload workload) {
        return List.of();
    }

    /** Takes away what the adapter of the kind has deployed for a function; see the adapter. */
    default void undeploy(TenantId tenant, String kind, Workload.Function function)
            throws TeardownException {}

    /** Where a step goes, and as what. */
    record Placement(RuntimeClass runtimeClass, String adapter) {}

    /**
     * Since when the adapter is disconnected, or null if it is not.
     *
     * @throws IllegalStateException if there is none
     */
    @Nullable Instant awaySince(String kind);

    /** What it was asked was refused as if it were away: looks at its health soon. */
    void doubt(String kind);

    /**
     * A place among the steps that the adapter, and whoever else counts them, runs at the same time
     * on this node, in the order of the requests.
     *
     * @param limit counts besides the adapter's own, or null
     * @param holder gets its place at once where it has one already
     */
    Claim claim(String kind, @Nullable Limit limit, Holder holder);

    /** A place for what is on the backend already, whether there is a free one or not. */
    Slot hold(String kind, @Nullable Limit limit, Holder holder);

    /** Who has a place: what one step has on a backend, whichever attempt made it. */
    record Holder(ExecutionId execution, int step) {}

    /** Asked for a place. */
    interface Claim {
        /** The same one each time. To be closed when the attempt has ended. */
        CompletableFuture<Slot> slot();

        /** Where it stands in which line now, or null if it has its place. */
        default @Nullable Line line() {
            return null;
        }
    }

    /**
     * @param limit whose places are waited for; null for the adapter's
     * @param places that there are
     * @param before how many wait before it
     */
    record Line(@Nullable Limit limit, int places, int before) {}

    /**
     * At most so many at the same time of what has this name.
     *
     * @param name of all that it counts
     * @param shown for people, such as a function's version
     */
    record Limit(String name, String shown, int places) {
        public Limit(String name, int places) {
            this(name, name, places);
        }
    }

    /** Closing twice is harmless. */
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * @param inFlight steps that it runs now, or that have something there still
     * @param queued steps that wait for a free place
     * @param checkedAt when health was asked last
     */
    record AdapterView(
            String kind,
            Capabilities capabilities,
            Health health,
            Instant checkedAt,
            int inFlight,
            int queued) {}
}
