package dev.gantry.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Runs steps on one backend. Source: ADR-007, and the promises of Gantry's architecture.
 *
 * <p><b>Lifecycle of an attempt.</b> {@code provision} → {@code run} → outcome → {@code collect} →
 * {@code teardown}. Gantry journals its intent before {@code provision}, the handle after it (for
 * adapters that {@linkplain Capability#PROVISIONS_RESOURCES provision resources}), and the outcome
 * after {@code run}. After a crash it calls {@code provision} again if no handle is journaled, and
 * {@code probe} if one is.
 *
 * <p><b>Threads.</b> Every method may be called from any thread, and for different handles at the
 * same time; for one handle, calls come one after another, except {@code cancel} and {@code probe},
 * which may come during {@code run}. Methods that return a value may block and are called on
 * virtual threads: don't hold a monitor over I/O. Methods that return a future return at once, and
 * hold no platform thread while the work goes on.
 *
 * <p><b>Cancellation of the calling thread.</b> A blocking method that is interrupted stops as soon
 * as it can and fails with a {@link RunnerException} whose progress is honest.
 *
 * <p><b>Secrets.</b> No value of input, environment or output appears in a message, handle or
 * label.
 */
public interface RunnerAdapter extends AutoCloseable {

    /**
     * What this instance can do, for one workload or another. Constant, answers at once, needs no
     * backend.
     */
    Capabilities capabilities();

    /**
     * What holds for this workload: never more than {@link #capabilities()} says. An adapter whose
     * functions can be begun in ways that promise different things answers by the way that the
     * workload asks for; whoever has an attempt relies on this. Constant for equal workloads,
     * answers at once, needs no backend, and never throws.
     */
    default Capabilities capabilities(Workload workload) {
        return capabilities();
    }

    /**
     * Whether the backend answers now. Takes at most 5 seconds and never throws; Gantry caches it
     * for a few seconds.
     */
    Health health();

    /**
     * What is wrong with a workload, as far as its document tells: asked when a document is
     * published or validated, so that a mistake is found by its author and not by an execution. The
     * same is refused by {@link #provision}, where the platform's policy may have become stricter
     * since. Answers at once, and needs no backend.
     *
     * <p>An adapter looks at everything that a document can ask of it: keys of a function's binding
     * that it does not know, values that no process takes, and what the platform's settings do not
     * allow tenants. Texts that are worked out only when the step runs are empty here, and are not
     * to be reported.
     *
     * @param tenant whose document it is
     */
    default List<WorkloadProblem> check(String tenant, Workload workload) {
        return List.of();
    }

    /**
     * What this instance lacks to run any function whose block asks for the same, such as a setting
     * without which it deploys no source. That is no mistake of the document, and {@link #check}
     * says nothing of it: the step goes to another adapter that can run it, and where none can, the
     * document is refused with this when it is published. {@link #provision} refuses it too.
     * Constant for equal functions, answers at once, needs no backend, and never throws.
     */
    default Optional<WorkloadProblem> lack(Workload.Function function) {
        return Optional.empty();
    }

    /**
     * Takes away what the adapter has deployed by itself for a version of a function, if anything:
     * asked when the version is deleted, before it is gone, and again after a failure. A step that
     * still runs it may deploy it once more. Idempotent; may block.
     *
     * @throws TeardownException when the backend does not do it now; the version is then not
     *     deleted
     */
    default void undeploy(String tenant, Workload.Function function) throws TeardownException {}

    /**
     * Allocates what the attempt needs, without beginning the workload.
     *
     * <p>Idempotent on {@link Attempt#externalName()}: if the resource is there with the same
     * attempt number, it is adopted, whatever state it is in, also if the reply of the first call
     * was lost. If it is there from an <i>earlier</i> attempt, the adapter stops it, waits until it
     * is dead, removes it, and creates the new one: two attempts of one step are never alive
     * together (an adapter that cannot {@linkplain Capability#CANCEL cancel} refuses instead, with
     * a retryable failure). If it is there from a <i>later</i> attempt, the call is out of date and
     * refused with {@code BACKEND_REFUSED}. A runtime class that the adapter does not declare is
     * refused with {@code INVALID_WORKLOAD}, not retryable.
     *
     * @throws ProvisionException with {@code NEVER_STARTED}, unless what was adopted already runs
     */
    Handle provision(Attempt attempt) throws ProvisionException;

    /**
     * Begins the workload and observes it to its end. If it was begun already (an adopted
     * resource), it is observed, not begun again.
     *
     * <p>The workload sees its input as JSON on standard input (unless the workload gives its own),
     * in the file named by {@code GANTRY_INPUT_FILE} and, up to 32 KiB, in {@code GANTRY_INPUT},
     * where the backend has files and variables; it may write its result to the file named by
     * {@code GANTRY_OUTPUT_FILE} and other output files to the folder {@code GANTRY_ARTIFACTS}. It
     * sees {@code GANTRY_EXECUTION_ID}, {@code GANTRY_STEP}, {@code GANTRY_ATTEMPT}, {@code
     * GANTRY_CORRELATION_ID}, {@code GANTRY_IDEMPOTENCY_KEY}, {@code GANTRY_TENANT}, {@code
     * GANTRY_INITIATOR} and {@code TRACEPARENT}.
     *
     * @param attempt the same that the handle was provisioned for
     * @return completes normally with every ending that the backend reports; completes
     *     exceptionally with a bare {@link ExecutionException} (not wrapped) when the adapter
     *     cannot tell how it ended, such as a lost connection (then the handle may be probed)
     */
    CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs);

    /**
     * Asks the backend what it knows. Side-effect free; answers {@code Unknown} rather than throw.
     */
    Probe probe(Handle handle, Attempt attempt);

    /**
     * Goes on observing what runs, after a restart; runs nothing. Log bytes before {@link
     * LogSink#position} may be delivered again and must be if the backend cannot seek. Completes
     * with the outcome at once if the work has ended meanwhile.
     */
    CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs);

    /**
     * Stops the work: politely first, by force after the grace period.
     *
     * @return completes when the backend confirms that nothing of it runs any more (also if it had
     *     ended before, never begun, or is just beginning: it does not begin afterwards); the
     *     future of {@code run} then completes with {@code Cancelled} or with the ending that came
     *     first. Completes exceptionally with an {@link ExecutionException} when death cannot be
     *     confirmed
     */
    CompletableFuture<Void> cancel(Handle handle, Duration grace);

    /**
     * Delivers the rest of the logs, to the last byte, and the output files. Called after the end,
     * and again if it was interrupted.
     */
    void collect(Handle handle, Attempt attempt, Collector collector) throws ArtifactException;

    /**
     * Releases everything behind the handle. Mandatory; called once logs and files are stored, and
     * again only if the adapter claims {@link Capability#IDEMPOTENT_TEARDOWN}.
     */
    void teardown(Handle handle) throws TeardownException;

    /**
     * Everything on the backend with this installation's labels, also what other instances created
     * and what was left by a crash. The reaper compares it with what the journal still wants.
     *
     * @throws ExecutionException when the backend does not answer: an empty list means that there
     *     is nothing
     */
    List<OwnedResource> owned() throws ExecutionException;

    /** Closes connections. Work on the backend goes on. */
    @Override
    void close();
}
