package dev.gantry.adapter.lambda;

import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How functions of one mode are begun and observed. Blocking calls come on virtual threads. */
interface Way {
    /**
     * What came of an invocation.
     *
     * @param trace where its log is, if that is known
     */
    record Ended(Outcome outcome, @Nullable Trace trace) {
        static Ended failed(Failure failure) {
            return new Ended(new Outcome.Failed(failure, null, Outcome.Usage.UNKNOWN), null);
        }
    }

    /** Of an event whose function takes references; a larger input is stored. */
    int mostEventBytes();

    /** Refuses what can never be begun in this way. Begins nothing. */
    void require(Call call) throws ProvisionException;

    /** Makes it known that there is such an attempt, where others may go on with it. */
    default void hold(Call call) throws ProvisionException {}

    /** Begins it; the future completes at its end. */
    CompletableFuture<Ended> run(Call call) throws ExecutionException, ProvisionException;

    /** How long after its beginning nothing of it can run any more. */
    default Duration longest(Call call) throws ProvisionException {
        return call.facts().timeout();
    }

    default Probe probe(Call call) {
        return new Probe.Unknown(
                "Lambda cannot be asked for a call in mode '%s'"
                        .formatted(call.target().mode().label()));
    }

    default CompletableFuture<Ended> reattach(Call call) throws ExecutionException {
        throw Failures.lost(
                "what came of %s is told to the process that called it, and cannot be asked for"
                        .formatted(call.attempt().externalName()),
                null);
    }

    /** Returns when nothing of it runs any more. */
    default void cancel(Handle handle) throws ExecutionException {
        throw new ExecutionException(
                new Failure(
                        Code.BACKEND_REFUSED,
                        "Lambda cannot stop an invocation; %s ends by itself, at its function's timeout at the latest"
                                .formatted(handle.externalName()),
                        Actor.BACKEND,
                        false,
                        Progress.MAY_HAVE_COMMITTED));
    }
}
