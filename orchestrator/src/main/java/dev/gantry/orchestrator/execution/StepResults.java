package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.engine.StepResult;
import dev.gantry.orchestrator.id.Extent;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import java.io.IOException;
import java.util.Objects;

/** What an adapter reports, as the engine takes it. */
final class StepResults {
    private StepResults() {}

    static StepResult of(StepRun run, Outcome outcome, long maxOutputBytes) {
        return switch (outcome) {
            case Outcome.Succeeded succeeded -> {
                if (succeeded.output().length > maxOutputBytes) {
                    yield tooMuch(
                            "the result has %d bytes, at most %d are kept"
                                    .formatted(succeeded.output().length, maxOutputBytes));
                }
                try {
                    JsonNode output = Json.read(succeeded.output());
                    String excess = Extent.excess(output);
                    if (excess != null) {
                        yield tooMuch("the result is " + excess);
                    }
                    yield new StepResult.Succeeded(
                            output,
                            succeeded.usage().equals(Outcome.Usage.UNKNOWN)
                                    ? null
                                    : succeeded.usage());
                } catch (StreamConstraintsException e) {
                    yield tooMuch("the result cannot be read: " + Json.limit(e));
                } catch (IOException e) {
                    yield failed(
                            Failure.Code.FUNCTION_ERROR,
                            Actor.AUTHOR,
                            true,
                            Progress.ENDED,
                            "the result is not JSON: " + e.getMessage());
                }
            }
            case Outcome.Failed failed ->
                    new StepResult.Failed(failed.failure(), failed.process(), failed.usage());
            case Outcome.Cancelled _ ->
                    run.timedOut && !run.cancelling
                            ? failed(
                                    Failure.Code.TIMEOUT,
                                    Actor.AUTHOR,
                                    true,
                                    Progress.MAY_HAVE_COMMITTED,
                                    "the attempt took longer than its timeout of "
                                            + Objects.requireNonNull(run.attempt)
                                                    .limits()
                                                    .timeout())
                            : new StepResult.Cancelled();
        };
    }

    private static StepResult tooMuch(String message) {
        return failed(Failure.Code.OUTPUT_TOO_LARGE, Actor.AUTHOR, false, Progress.ENDED, message);
    }

    static StepResult defect(RuntimeException e) {
        return failed(
                "ADAPTER_DEFECT",
                Actor.PLATFORM,
                false,
                Progress.MAY_HAVE_COMMITTED,
                "the adapter failed unexpectedly: " + e);
    }

    static StepResult failed(
            String code, Actor actor, boolean retryable, Progress progress, String message) {
        return new StepResult.Failed(
                new Failure(code, message, actor, retryable, progress), null, null);
    }

    static Outcome lost(String why) {
        return new Outcome.Failed(
                new Failure(
                        Failure.Code.LOST, why, Actor.BACKEND, true, Progress.MAY_HAVE_COMMITTED),
                null,
                Outcome.Usage.UNKNOWN);
    }

    /** The server stops, and leaves it to the next start. */
    static StepResult heldBack() {
        return failed(
                "NODE_STOPPING",
                Actor.PLATFORM,
                true,
                Progress.NEVER_STARTED,
                "the server stopped before it began");
    }

    /** What an adapter's future says when it ends without an outcome. */
    static Failure failure(Throwable cause) {
        return cause instanceof ExecutionException known
                ? known.failure()
                : new Failure(
                        "ADAPTER_DEFECT",
                        "the adapter failed unexpectedly: " + cause,
                        Actor.PLATFORM,
                        false,
                        Progress.MAY_HAVE_COMMITTED);
    }
}
