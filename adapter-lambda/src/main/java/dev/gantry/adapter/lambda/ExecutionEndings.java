package dev.gantry.adapter.lambda;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.ErrorObject;
import software.amazon.awssdk.services.lambda.model.ExecutionStatus;
import software.amazon.awssdk.services.lambda.model.GetDurableExecutionResponse;

/** What it means that a durable execution has ended, and what it used. */
final class ExecutionEndings {
    private final Executions executions;
    private final Reports reports;
    private final InstantSource clock;

    ExecutionEndings(Executions executions, Reports reports, InstantSource clock) {
        this.executions = executions;
        this.reports = reports;
        this.clock = clock;
    }

    /** Null as long as it has not ended, or something of it may still run. */
    @Nullable Outcome outcome(
            Call call, Execution execution, String arn, GetDurableExecutionResponse now) {
        ExecutionStatus status = now.status();
        return switch (status == null ? ExecutionStatus.UNKNOWN_TO_SDK_VERSION : status) {
            case SUCCEEDED ->
                    new Answer(
                                    false,
                                    now.result() == null
                                            ? new byte[0]
                                            : now.result().getBytes(StandardCharsets.UTF_8))
                            .outcome(call.attempt().limits().maxOutputBytes(), null);
            case FAILED -> failed(error(now.error()));
            case TIMED_OUT ->
                    failed(
                            new Failure(
                                    Code.TIMEOUT,
                                    "the execution took longer than the function's ExecutionTimeout",
                                    Actor.AUTHOR,
                                    true,
                                    Progress.MAY_HAVE_COMMITTED));
            case STOPPED -> stopped(execution, arn, now);
            // A state that is not known here is never an end.
            case RUNNING, UNKNOWN_TO_SDK_VERSION -> null;
        };
    }

    private @Nullable Outcome stopped(
            Execution execution, String arn, GetDurableExecutionResponse now) {
        Instant at = now.endTimestamp() == null ? clock.instant() : now.endTimestamp();
        if (executions.isBusy(execution, arn, at)) {
            return null;
        }
        ErrorObject error = now.error();
        String type = error == null ? "" : error.errorType();
        if (Executions.CANCELLED.equals(type)) {
            return new Outcome.Cancelled(Outcome.Usage.UNKNOWN);
        }
        if (error != null && Executions.GIVEN_UP.equals(type)) {
            return failed(
                    new Failure(
                            Code.FUNCTION_ERROR,
                            "the execution was given up: " + error.errorMessage(),
                            Actor.AUTHOR,
                            true,
                            Progress.MAY_HAVE_COMMITTED));
        }
        return failed(
                new Failure(
                        Code.KILLED,
                        "the execution was stopped from outside",
                        Actor.BACKEND,
                        true,
                        Progress.MAY_HAVE_COMMITTED));
    }

    private static Failure error(@Nullable ErrorObject error) {
        return error == null
                ? FunctionErrors.of(null, null)
                : FunctionErrors.of(
                        error.errorType() == null ? "" : error.errorType(),
                        error.errorMessage() == null ? "without a message" : error.errorMessage(),
                        null);
    }

    private static Outcome failed(Failure failure) {
        return new Outcome.Failed(failure, null, Outcome.Usage.UNKNOWN);
    }

    /**
     * The outcome with what all its invocations used.
     *
     * @param patience how long is waited for their reports
     */
    Outcome measured(
            Call call,
            Execution execution,
            String arn,
            GetDurableExecutionResponse now,
            Duration patience,
            Outcome outcome) {
        Outcome.Usage usage = usage(call, execution, arn, now, patience);
        return switch (outcome) {
            case Outcome.Succeeded it -> new Outcome.Succeeded(it.output(), usage);
            case Outcome.Failed it -> new Outcome.Failed(it.failure(), it.process(), usage);
            case Outcome.Cancelled _ -> new Outcome.Cancelled(usage);
        };
    }

    /** What all its invocations used together, in the time from its start to its end. */
    private Outcome.Usage usage(
            Call call,
            Execution execution,
            String arn,
            GetDurableExecutionResponse now,
            Duration patience) {
        Long wall =
                now.startTimestamp() == null || now.endTimestamp() == null
                        ? null
                        : Long.valueOf(
                                Duration.between(now.startTimestamp(), now.endTimestamp())
                                        .toMillis());
        try {
            Outcome.Usage used = reports.usage(traces(call, execution, arn, now), patience);
            return new Outcome.Usage(
                    wall,
                    used.cpuMillis(),
                    used.peakMemoryBytes(),
                    used.cpuLimitMillis(),
                    used.memoryLimitBytes(),
                    used.units());
        } catch (SdkException e) {
            // Figures are no reason to lose an outcome.
            return Outcome.Usage.wall(wall);
        }
    }

    /** Where the logs of its invocations are, in their order. */
    List<Trace> traces(
            Call call, Execution execution, String arn, GetDurableExecutionResponse now) {
        return Executions.requests(executions.history(execution, arn)).stream()
                .map(request ->
                        new Trace(
                                call.access(),
                                call.facts().logGroup(),
                                request,
                                now.startTimestamp(),
                                null))
                .toList();
    }
}
