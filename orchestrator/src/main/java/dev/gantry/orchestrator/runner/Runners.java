package dev.gantry.orchestrator.runner;

import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Health;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import java.time.Instant;
import java.util.List;
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
     * The adapter that takes a step of the class now: the first connected one of the policy's
     * order, or its first one if none is connected, or null if no adapter serves the class. Never
     * blocks.
     *
     * @param only restricts the choice to this kind
     * @param order a function's own choice and order among the adapters that the policy allows;
     *     empty for the policy's
     */
    @Nullable String place(
            TenantId tenant, RuntimeClass runtimeClass, @Nullable String only, List<String> order);

    /**
     * A place among the steps that the adapter runs at the same time; completes in the order of the
     * requests. To be closed when the attempt has ended.
     */
    CompletableFuture<Slot> slot(String kind);

    /** Closing twice is harmless. */
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * @param inFlight steps that it runs now
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
