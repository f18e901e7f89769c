package dev.gantry.adapter.lambda;

import dev.gantry.spi.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/**
 * Finds in CloudWatch what Lambda reports of invocations whose answers did not bring it. What is
 * not there in time is not told, and nothing waits for it any longer.
 */
final class Reports {
    // CloudWatch takes some seconds, and ten questions a second for all of an account.
    private static final Duration FIRST_PAUSE = Duration.ofMillis(300);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(2_400);

    /** Of one execution; of what was begun more often the sum is not told. */
    static final int MAX_INVOCATIONS = 20;

    private final Clients clients;
    private final LambdaSettings settings;

    Reports(Clients clients, LambdaSettings settings) {
        this.clients = clients;
        this.settings = settings;
    }

    /**
     * @param most how long is waited, beside the setting
     */
    @Nullable Report of(Trace trace, Duration most) {
        List<Report> found = all(List.of(trace), most);
        return found.isEmpty() ? null : found.getFirst();
    }

    /** Of all together; unknown unless each is known. */
    Outcome.Usage usage(List<Trace> traces, Duration most) {
        if (traces.isEmpty() || traces.size() > MAX_INVOCATIONS) {
            return Outcome.Usage.UNKNOWN;
        }
        List<Report> found = all(traces, most);
        return found.size() < traces.size()
                ? Outcome.Usage.UNKNOWN
                : found.stream().reduce(Report::plus).orElseThrow().usage();
    }

    private List<Report> all(List<Trace> traces, Duration most) {
        if (!settings.cloudwatchLogs()) {
            return List.of();
        }
        Duration wait = most.compareTo(settings.logWait()) < 0 ? most : settings.logWait();
        long until = System.nanoTime() + wait.toNanos();
        List<Report> found = new ArrayList<>();
        try {
            for (Trace trace : traces) {
                Report report = look(trace);
                Duration pause = FIRST_PAUSE;
                while (report == null && System.nanoTime() < until) {
                    Thread.sleep(pause);
                    report = look(trace);
                    Duration longer = pause.multipliedBy(2);
                    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
                }
                if (report == null) {
                    break;
                }
                found.add(report);
            }
        } catch (SdkException e) {
            // Figures are no reason to lose an outcome.
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return found;
    }

    private @Nullable Report look(Trace trace) {
        CloudWatchLogsClient logs = clients.logs(trace.access());
        String page = null;
        do {
            String from = page;
            FilterLogEventsResponse found;
            try {
                found =
                        logs.filterLogEvents(it ->
                                it.logGroupName(trace.logGroup())
                                        .startTime(trace.earliest())
                                        .filterPattern("\"" + trace.requestId() + "\"")
                                        .nextToken(from));
            } catch (ResourceNotFoundException e) {
                // A function's first invocation makes its log group.
                return null;
            }
            Report report =
                    Report.among(
                            found.events().stream().map(FilteredLogEvent::message).toList(),
                            trace.requestId());
            if (report != null) {
                return report;
            }
            page = found.nextToken();
        } while (page != null);
        return null;
    }
}
