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
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an adapter reports, as the engine takes it. */
final class StepResults {
    /** Of an adapter's own measures, of one attempt. */
    static final int MOST_UNITS = 32;

    /** Of the name of one, in characters. */
    static final int LONGEST_UNIT = 64;

    private StepResults() {}

    static StepResult of(StepRun run, Outcome outcome, long maxOutputBytes) {
        return switch (outcome) {
            case Outcome.Succeeded succeeded -> {
                if (succeeded.output().length > maxOutputBytes) {
                    yield tooMuch(
                            "the result has %d bytes, at most %d are kept"
                                    .formatted(succeeded.output().length, maxOutputBytes),
                            succeeded);
                }
                try {
                    JsonNode output = Json.read(succeeded.output());
                    String excess = Extent.excess(output);
                    if (excess != null) {
                        yield tooMuch("the result is " + excess, succeeded);
                    }
                    yield new StepResult.Succeeded(output, kept(succeeded.usage()));
                } catch (StreamConstraintsException e) {
                    yield tooMuch("the result cannot be read: " + Json.limit(e), succeeded);
                } catch (IOException e) {
                    yield failed(
                            Failure.Code.FUNCTION_ERROR,
                            Actor.AUTHOR,
                            true,
                            Progress.ENDED,
                            "the result is not JSON: " + e.getMessage(),
                            succeeded.usage());
                }
            }
            case Outcome.Failed failed ->
                    new StepResult.Failed(failed.failure(), failed.process(), kept(failed.usage()));
            case Outcome.Cancelled cancelled ->
                    run.timedOut && !run.cancelling
                            ? failed(
                                    Failure.Code.TIMEOUT,
                                    Actor.AUTHOR,
                                    true,
                                    Progress.MAY_HAVE_COMMITTED,
                                    "the attempt took longer than its timeout of "
                                            + Objects.requireNonNull(run.attempt)
                                                    .limits()
                                                    .timeout(),
                                    cancelled.usage())
                            : new StepResult.Cancelled(kept(cancelled.usage()));
        };
    }

    private static StepResult tooMuch(String message, Outcome.Succeeded succeeded) {
        return failed(
                Failure.Code.OUTPUT_TOO_LARGE,
                Actor.AUTHOR,
                false,
                Progress.ENDED,
                message,
                succeeded.usage());
    }

    /** Nothing, where nothing is known; an adapter's own measures within bounds. */
    private static Outcome.@Nullable Usage kept(Outcome.Usage it) {
        if (it.equals(Outcome.Usage.UNKNOWN)) {
            return null;
        }
        if (it.units().isEmpty()) {
            return it;
        }
        Map<String, Long> units = new TreeMap<>();
        it.units().entrySet().stream()
                .filter(unit -> unit.getKey().length() <= LONGEST_UNIT)
                .sorted(Map.Entry.comparingByKey())
                .limit(MOST_UNITS)
                .forEach(unit -> units.put(unit.getKey(), unit.getValue()));
        return new Outcome.Usage(
                it.wallMillis(),
                it.cpuMillis(),
                it.peakMemoryBytes(),
                it.cpuLimitMillis(),
                it.memoryLimitBytes(),
                units);
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
        return failed(code, actor, retryable, progress, message, Outcome.Usage.UNKNOWN);
    }

    private static StepResult failed(
            String code,
            Actor actor,
            boolean retryable,
            Progress progress,
            String message,
            Outcome.Usage usage) {
        return new StepResult.Failed(
                new Failure(code, message, actor, retryable, progress), null, kept(usage));
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
