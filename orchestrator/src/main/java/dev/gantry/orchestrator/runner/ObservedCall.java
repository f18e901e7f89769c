package dev.gantry.orchestrator.runner;

import dev.gantry.orchestrator.mask.Mask;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.StepContext;
import io.opentelemetry.api.trace.Span;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call of an adapter, from its beginning to the one of the endings that it is told. */
final class ObservedCall {

    /** Where the calls of one adapter are reported. */
    record Reports(String adapter, AdapterMeters meters, StepSpans spans, StepLog log) {
        ObservedCall begin(Phase phase, String name, @Nullable StepContext context) {
            return begin(phase, name, context, Set.of());
        }

        ObservedCall begin(
                Phase phase, String name, @Nullable StepContext context, Set<String> secrets) {
            return new ObservedCall(this, phase, name, context, Mask.of(secrets));
        }
    }

    private final Reports to;
    private final Phase phase;
    private final String name;
    private final @Nullable StepContext context;
    private final Mask mask;
    private final @Nullable Span span;
    private final long began = System.nanoTime();

    private ObservedCall(
            Reports to, Phase phase, String name, @Nullable StepContext context, Mask mask) {
        this.to = to;
        this.mask = mask;
        this.phase = phase;
        this.name = name;
        this.context = context;
        this.span = phase.isTraced() ? to.spans().start(phase, context) : null;
    }

    /** The attempt, with this call as the parent of what the workload records. */
    Attempt traced(Attempt attempt) {
        return span == null
                ? attempt
                : new Attempt(
                        StepSpans.below(span, attempt.context()),
                        attempt.externalName(),
                        attempt.runtimeClass(),
                        attempt.workload(),
                        attempt.input(),
                        attempt.limits(),
                        attempt.secrets());
    }

    void succeeded() {
        long nanos = end(Ending.SUCCEEDED);
        to.log().succeeded(phase, name, context, nanos);
    }

    /**
     * @param outcome as it may be shown
     */
    Ending ended(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Succeeded _ -> {
                succeeded();
                yield Ending.SUCCEEDED;
            }
            case Outcome.Failed failed -> {
                failed(failed.failure());
                yield Ending.FAILED;
            }
            case Outcome.Cancelled _ -> {
                long nanos = end(Ending.CANCELLED);
                to.log().cancelled(phase, name, context, nanos);
                yield Ending.CANCELLED;
            }
        };
    }

    /** The failure as it may be shown. */
    Failure failed(Failure failure) {
        Failure shown = mask.failure(failure);
        fail(Ending.FAILED, shown, null);
        return shown;
    }

    /** The adapter's own exception, or one that says the same without secrets. */
    <E extends RunnerException> E failed(E thrown, Function<Failure, E> maker) {
        Failure shown = failed(thrown.failure());
        return mask.isEmpty() ? thrown : maker.apply(shown);
    }

    Outcome shown(Outcome outcome) {
        return mask.outcome(outcome);
    }

    /** For a log: what was thrown, without secrets. */
    Throwable shown(Throwable cause) {
        return Objects.requireNonNullElse(mask.cause(cause), cause);
    }

    String shown(String text) {
        return mask.text(text);
    }

    /** The adapter threw what the contract does not know. */
    Failure broken(Throwable cause, Progress progress) {
        Failure failure = Defects.of(to.adapter(), phase, cause, progress);
        fail(Ending.BROKEN, failure, shown(cause));
        return failure;
    }

    /** What a future of the adapter failed with, as the contract has it. */
    ExecutionException lost(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null
                        ? thrown.getCause()
                        : thrown;
        if (cause instanceof ExecutionException known) {
            Failure shown = mask.failure(known.failure());
            fail(Ending.UNKNOWN, shown, null);
            return mask.isEmpty() ? known : new ExecutionException(shown);
        }
        return new ExecutionException(broken(cause, Progress.MAY_HAVE_COMMITTED), shown(cause));
    }

    private void fail(Ending ending, Failure failure, @Nullable Throwable cause) {
        if (span != null) {
            StepSpans.fail(span, failure);
        }
        end(ending);
        to.meters().failure(phase, failure);
        to.log().failed(phase, name, context, failure, cause);
    }

    private long end(Ending ending) {
        long nanos = System.nanoTime() - began;
        to.meters().call(phase, ending, nanos);
        if (span != null) {
            span.end();
        }
        return nanos;
    }
}
