package dev.gantry.contract;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the kit must know of one adapter and its backend. One fixture stands for one backend:
 * adapters that it makes see each other's resources, as nodes and restarts of one installation do.
 * It is used from several threads.
 */
public interface AdapterFixture {

    /** The kind that the adapter's handles carry. */
    String kind();

    /** The classes that the adapter must declare, no more and no less. */
    Set<RuntimeClass> runtimeClasses();

    /** The claims that the adapter must make, no more and no less. */
    Set<Capability> claims();

    /** Another adapter instance on the same backend; the kit closes it. */
    RunnerAdapter newAdapter(String installation);

    /**
     * An instance that suffers from the fault.
     *
     * @return empty if the fault cannot be produced; its tests are then reported as skipped
     */
    default Optional<RunnerAdapter> newAdapter(String installation, Fault fault) {
        return Optional.empty();
    }

    /**
     * How the behaviour is expressed on this backend.
     *
     * @return empty if it cannot be expressed; its tests are then reported as skipped. The kit does
     *     without {@code Print}, {@code LongLines}, {@code Tick}, {@code TellArguments} and {@code
     *     TellContext}, and asks for those behaviours that a claim is about only if the claim is
     *     made; everything else must be there
     */
    Optional<Workload> workload(Behaviour behaviour);

    /**
     * A registered function with all the properties that the adapter knows in its block; it is
     * looked at, and not run.
     *
     * @return empty if the adapter runs no registered functions; its tests are then reported as
     *     skipped
     */
    Optional<Workload.Function> function();

    /**
     * How often the attempt's workload began, counted on the backend and not by the adapter; also
     * after teardown.
     */
    int runs(Attempt attempt);

    /**
     * Whether the attempt's workload runs at this moment, seen on the backend and not through the
     * adapter. Asked only of adapters that claim {@link Capability#CANCEL}.
     */
    boolean alive(Attempt attempt);

    /**
     * The labels that {@code owned()} must report; a backend with a narrower alphabet leaves out or
     * alters what its adapter cannot bring back, never installation, execution, step and attempt.
     */
    default Map<String, String> expectedLabels(StepContext context) {
        return context.labels();
    }

    /**
     * How long after its timeout a workload ends by itself, at the latest.
     *
     * @return empty if the adapter leaves that to Gantry
     */
    default Optional<Duration> overdue() {
        return Optional.empty();
    }

    /**
     * Ample time for this backend to start a workload and show its first effect. It sets the pace
     * of the whole suite.
     */
    default Duration moment() {
        return Duration.ofSeconds(2);
    }

    /**
     * How long a step must run at least so that what it used is measured: a few times as long as
     * the backend takes from one look to the next. Asked only of adapters that claim {@link
     * Capability#USAGE}.
     */
    default Duration measured() {
        return Duration.ofSeconds(6);
    }

    /** How long the kit waits for anything before it calls it missing. */
    default Duration patience() {
        return Duration.ofSeconds(30);
    }

    /** How many bytes a result may have so that the backend still hands it over to anybody. */
    default int carried() {
        return Integer.MAX_VALUE;
    }

    /**
     * How many steps the kit takes through failing calls, lost replies and killed processes. Each
     * takes as long as a few workloads.
     */
    default int chaos() {
        return moment().compareTo(Duration.ofSeconds(1)) < 0 ? 60 : 10;
    }

    /** How many workloads the kit runs at the same time; fewer if {@code maxInFlight} is lower. */
    default int crowd() {
        return 20;
    }
}
