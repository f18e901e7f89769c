package dev.gantry.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Handle;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.StepContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One test's world: an installation of its own, its adapters, and what they have provisioned. */
final class Bench {
    final AdapterFixture fixture;
    final Attempts attempts;
    private final String installation = "kit-" + UUID.randomUUID();
    private final RunnerAdapter first;
    private @Nullable RunnerAdapter observer;
    private final List<RunnerAdapter> adapters = new ArrayList<>();
    private final List<Run> begun = new ArrayList<>();
    private final Map<Handle, RunnerAdapter> provisioned = new LinkedHashMap<>();

    Bench(AdapterFixture fixture) {
        this.fixture = fixture;
        this.attempts = new Attempts(fixture, installation);
        this.first = another();
    }

    /** The instance that the test begins with. */
    RunnerAdapter adapter() {
        return first;
    }

    /** A further instance on the same backend, as after a restart or on another node. */
    RunnerAdapter another() {
        return track(fixture.newAdapter(installation));
    }

    /** Another instance where resources outlive the instance, else the first one again. */
    RunnerAdapter peer() {
        return claims(Capability.PROVISIONS_RESOURCES) ? another() : first;
    }

    /** An instance of another installation on the same backend. */
    RunnerAdapter elsewhere() {
        return track(fixture.newAdapter(installation + "-other"));
    }

    RunnerAdapter suffering(Fault fault) {
        return track(
                fixture.newAdapter(installation, fault)
                        .orElseGet(() -> abort("the fixture cannot produce " + fault)));
    }

    private synchronized RunnerAdapter track(RunnerAdapter adapter) {
        adapters.add(adapter);
        return adapter;
    }

    boolean claims(Capability capability) {
        return fixture.claims().contains(capability);
    }

    void assumeClaimed(Capability capability) {
        assumeTrue(
                claims(capability),
                () -> "%s does not claim %s".formatted(fixture.kind(), capability));
    }

    void assumeNotClaimed(Capability capability) {
        assumeFalse(
                claims(capability),
                () ->
                        "%s claims %s, which this test is not about"
                                .formatted(fixture.kind(), capability));
    }

    /** Provisions, and sees to it that the resource is released at the end of the test. */
    Handle provision(RunnerAdapter adapter, Attempt attempt) throws RunnerException {
        Handle handle = adapter.provision(attempt);
        remember(handle, adapter);
        return handle;
    }

    synchronized void remember(Handle handle, RunnerAdapter adapter) {
        provisioned.put(handle, adapter);
    }

    /** Begins the workload on the first instance; its logs are not looked at. */
    Run begin(Attempt attempt) throws RunnerException {
        return begin(first, attempt, new LogStore().sink());
    }

    Run begin(RunnerAdapter adapter, Attempt attempt, LogSink logs) throws RunnerException {
        Handle handle = provision(adapter, attempt);
        Run run = new Run(attempt, handle, adapter.run(handle, attempt, logs));
        begun(run);
        return run;
    }

    private synchronized void begun(Run run) {
        begun.add(run);
    }

    /** Something that was begun. */
    record Run(Attempt attempt, Handle handle, CompletableFuture<Outcome> outcome) {}

    /** Begins the workload and returns once it runs on the backend. */
    Run beginAndSee(Attempt attempt) throws RunnerException {
        Run run = begin(attempt);
        awaitRunning(attempt);
        return run;
    }

    void awaitRunning(Attempt attempt) {
        if (claims(Capability.CANCEL)) {
            until("the workload runs", () -> fixture.alive(attempt) && fixture.runs(attempt) > 0);
        } else {
            until("the workload began", () -> fixture.runs(attempt) > 0);
        }
    }

    /** Provisions, runs, and waits for the end. */
    Outcome outcomeOf(Attempt attempt) throws RunnerException {
        return await(begin(attempt).outcome());
    }

    /**
     * The value of a future that is expected to complete normally, within the fixture's patience.
     */
    <T> T await(Future<T> future) {
        try {
            return future.get(fixture.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing within %s".formatted(fixture.patience()), e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new AssertionError("failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Why a future failed that is expected to, with an honest {@link ExecutionException}. */
    Failure failureOf(CompletableFuture<?> future) {
        Throwable thrown = await(future.handle((_, failure) -> failure));
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        assertThat(cause).isInstanceOf(ExecutionException.class);
        Failure failure = ((ExecutionException) cause).failure();
        Failures.assertSound(failure, fixture);
        return failure;
    }

    void until(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(fixture.patience())
                .until(condition::getAsBoolean);
    }

    /**
     * What the backend holds for the attempt's step, as an instance sees it that had no part in it.
     */
    List<OwnedResource> ownedFor(Attempt attempt) throws RunnerException {
        return owned().stream()
                .filter(it -> it.labels().getOrDefault(label("step"), "").equals(step(attempt)))
                .filter(it -> execution(it).equals(attempt.context().executionId()))
                .toList();
    }

    List<OwnedResource> owned() throws RunnerException {
        return observer().owned();
    }

    private synchronized RunnerAdapter observer() {
        if (observer == null) {
            observer = another();
        }
        return observer;
    }

    private static String step(Attempt attempt) {
        return Integer.toString(attempt.context().step());
    }

    private static String execution(OwnedResource resource) {
        return resource.labels().getOrDefault(label("execution"), "");
    }

    static String label(String name) {
        return StepContext.LABEL_PREFIX + name;
    }

    void teardown(RunnerAdapter adapter, Handle handle) throws RunnerException {
        adapter.teardown(handle);
        forget(handle);
    }

    synchronized void forget(Handle handle) {
        provisioned.remove(handle);
    }

    /** Releases what the test left, and fails if the backend still holds anything. */
    void close() throws RunnerException {
        try {
            if (!claims(Capability.CANCEL)) {
                begun.forEach(run -> until("the end of a run", run.outcome()::isDone));
            }
            releaseProvisioned();
            List<OwnedResource> leaked = another().owned();
            leaked.forEach(it -> release(first, it.handle()));
            assertThat(leaked).as("left on the backend after every teardown").isEmpty();
        } finally {
            List.copyOf(adapters).forEach(RunnerAdapter::close);
        }
    }

    private void releaseProvisioned() {
        List<AssertionError> failures = new ArrayList<>();
        Map.copyOf(provisioned)
                .forEach((handle, adapter) -> {
                    try {
                        release(adapter, handle);
                    } catch (AssertionError e) {
                        failures.add(e);
                    }
                });
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private void release(RunnerAdapter adapter, Handle handle) {
        if (claims(Capability.CANCEL)) {
            await(adapter.cancel(handle, Duration.ZERO));
        }
        try {
            adapter.teardown(handle);
        } catch (RunnerException e) {
            fail("teardown of '%s' failed".formatted(handle.externalName()), e);
        }
    }
}
