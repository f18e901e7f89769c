package dev.gantry.adapter.lambda;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.model.Event;
import software.amazon.awssdk.services.lambda.model.EventType;
import software.amazon.awssdk.services.lambda.model.GetDurableExecutionHistoryResponse;
import software.amazon.awssdk.services.lambda.model.GetDurableExecutionResponse;
import software.amazon.awssdk.services.lambda.model.InvocationCompletedDetails;
import software.amazon.awssdk.services.lambda.model.ListDurableExecutionsByFunctionResponse;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** What Lambda knows of durable executions, and how one is stopped. */
final class Executions {
    /** The type of the error with which Gantry stops: it tells a cancellation from other stops. */
    static final String CANCELLED = "Gantry.Cancelled";

    /** The type of the error with which Gantry ends what fails again and again. */
    static final String GIVEN_UP = "Gantry.GivenUp";

    private static final int PAGE = 100;
    private static final int MAX_EVENTS = 10_000;

    private final Clients clients;
    private final InstantSource clock;

    Executions(Clients clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /** The identifier of the execution that has the name, or null if there is none. */
    @Nullable String find(Execution execution) {
        String page = null;
        do {
            String from = page;
            ListDurableExecutionsByFunctionResponse found =
                    clients.control(execution.access())
                            .listDurableExecutionsByFunction(it ->
                                    it.functionName(execution.function())
                                            .qualifier(execution.qualifier())
                                            .durableExecutionName(execution.name())
                                            .marker(from));
            for (var one : found.durableExecutions()) {
                if (execution.name().equals(one.durableExecutionName())) {
                    return one.durableExecutionArn();
                }
            }
            page = found.nextMarker();
        } while (page != null && !page.isEmpty());
        return null;
    }

    /** Its state, or null if Lambda does not know it, which it may not yet. */
    @Nullable GetDurableExecutionResponse look(Execution execution, String arn) {
        try {
            return clients.control(execution.access())
                    .getDurableExecution(
                            it -> it.durableExecutionArn(arn).includeExecutionData(true));
        } catch (ResourceNotFoundException e) {
            return null;
        }
    }

    void stop(Execution execution, String arn, String type, String why) {
        clients.control(execution.access())
                .stopDurableExecution(it ->
                        it.durableExecutionArn(arn)
                                .error(e -> e.errorType(type).errorMessage(why)));
    }

    /**
     * Whether an invocation may still be at work in an execution that was stopped: a stop reaches
     * it at its next checkpoint, and until then it goes on.
     *
     * @param stopped when
     */
    boolean isBusy(Execution execution, String arn, Instant stopped) {
        Duration since = Duration.between(stopped, clock.instant());
        return since.compareTo(execution.functionTimeout()) < 0
                && endsInTheMiddle(history(execution, arn));
    }

    /** Whether the last thing that happened, but for the stop, was not an invocation's end. */
    private static boolean endsInTheMiddle(List<Event> history) {
        Event last = null;
        for (Event event : history) {
            if (event.eventType() != EventType.EXECUTION_STOPPED) {
                last = event;
            }
        }
        return last != null && last.eventType() != EventType.INVOCATION_COMPLETED;
    }

    List<Event> history(Execution execution, String arn) {
        List<Event> events = new ArrayList<>();
        String page = null;
        do {
            String from = page;
            GetDurableExecutionHistoryResponse found =
                    clients.control(execution.access())
                            .getDurableExecutionHistory(it ->
                                    it.durableExecutionArn(arn)
                                            .includeExecutionData(false)
                                            .maxItems(PAGE)
                                            .marker(from));
            events.addAll(found.events());
            page = found.nextMarker();
        } while (page != null && !page.isEmpty() && events.size() < MAX_EVENTS);
        return events;
    }

    /** Invocations at the end of the history that failed as such, and made no progress. */
    static int failedInvocations(List<Event> history) {
        int failed = 0;
        for (Event event : history) {
            if (event.eventType() == EventType.INVOCATION_COMPLETED) {
                boolean hasError =
                        event.invocationCompletedDetails() != null
                                && event.invocationCompletedDetails().error() != null
                                && event.invocationCompletedDetails().error().payload() != null;
                failed = hasError ? failed + 1 : 0;
            } else if (event.eventType() == EventType.STEP_SUCCEEDED
                    || event.eventType() == EventType.WAIT_SUCCEEDED) {
                failed = 0;
            }
        }
        return failed;
    }

    /** The invocations of which the history tells, in their order. */
    static List<String> requests(List<Event> history) {
        return history.stream()
                .filter(event -> event.eventType() == EventType.INVOCATION_COMPLETED)
                .map(Event::invocationCompletedDetails)
                .filter(Objects::nonNull)
                .map(InvocationCompletedDetails::requestId)
                .filter(Objects::nonNull)
                .toList();
    }
}
