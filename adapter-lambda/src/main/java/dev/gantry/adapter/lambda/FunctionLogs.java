package dev.gantry.adapter.lambda;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.LogSink;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/**
 * Brings in the log of an invocation: from the answer where all of it is there, else from
 * CloudWatch, by the stream of the environment that it ran in and between its own two marks.
 */
final class FunctionLogs {
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final int FORBIDDEN = 403;

    private final Clients clients;
    private final LambdaSettings settings;

    FunctionLogs(Clients clients, LambdaSettings settings) {
        this.clients = clients;
        this.settings = settings;
    }

    /** One after the other; each must be whole before the next one has its place. */
    void collect(List<Trace> traces, LogSink sink, long maxBytes) throws ArtifactException {
        LogText text = new LogText(sink, maxBytes);
        for (Trace trace : traces) {
            if (trace.isWhole()) {
                trace.tailLines().forEach(text::line);
            } else if (!settings.cloudwatchLogs()) {
                tailOnly(trace, text, "gantry.adapters.lambda.cloudwatch-logs is false");
            } else {
                fromCloudWatch(trace, text);
            }
        }
    }

    private void fromCloudWatch(Trace trace, LogText text) throws ArtifactException {
        try {
            if (!new Reading(trace, text).toTheEnd()) {
                throw new ArtifactException(
                        failure(
                                "the log of invocation %s is not whole in CloudWatch after %s"
                                        .formatted(trace.requestId(), settings.logWait())));
            }
        } catch (AwsServiceException e) {
            if (e.statusCode() == FORBIDDEN || e instanceof ResourceNotFoundException) {
                tailOnly(trace, text, "CloudWatch does not give it: " + e.getMessage());
                return;
            }
            throw new ArtifactException(failure("CloudWatch refused: " + e.getMessage()), e);
        } catch (SdkException e) {
            throw new ArtifactException(
                    failure("CloudWatch does not answer: " + Failures.reason(e)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArtifactException(failure("reading the log was interrupted"), e);
        }
    }

    private static Failure failure(String message) {
        return new Failure(Code.BACKEND_UNAVAILABLE, message, Actor.BACKEND, true, Progress.ENDED);
    }

    /** Says that something is missing; whatever comes first in the tail may be half a line. */
    private static void tailOnly(Trace trace, LogText text, String why) {
        text.line(
                "[gantry: at most the last %d bytes of this log are known; %s]"
                        .formatted(Trace.TAIL_BYTES, why.replaceAll("\\s+", " ")));
        trace.tailLines().stream().skip(1).forEach(text::line);
    }

    /** One way through the stream of an environment, which runs one invocation at a time. */
    private final class Reading {
        private final Trace trace;
        private final LogText text;
        private final CloudWatchLogsClient logs;
        private final long since;
        private final long until = System.nanoTime() + settings.logWait().toNanos();
        private boolean within;
        private @Nullable ResourceNotFoundException missing;

        Reading(Trace trace, LogText text) {
            this.trace = trace;
            this.text = text;
            this.logs = clients.logs(trace.access());
            this.since = trace.earliest();
        }

        /** Whether the end of the invocation was seen, or nothing more is wanted. */
        boolean toTheEnd() throws InterruptedException {
            String stream = streamIfThere();
            while (stream == null && pause()) {
                stream = streamIfThere();
            }
            if (stream == null && missing != null) {
                throw missing;
            }
            return stream != null && read(stream);
        }

        /** A function's first invocation makes its log group, a little after it was answered. */
        private @Nullable String streamIfThere() {
            try {
                missing = null;
                return stream();
            } catch (ResourceNotFoundException e) {
                missing = e;
                return null;
            }
        }

        private @Nullable String stream() {
            String page = null;
            do {
                String from = page;
                FilterLogEventsResponse found =
                        logs.filterLogEvents(it ->
                                it.logGroupName(trace.logGroup())
                                        .startTime(since)
                                        .filterPattern("\"" + trace.requestId() + "\"")
                                        .nextToken(from));
                for (FilteredLogEvent event : found.events()) {
                    if (event.message().contains(trace.requestId())) {
                        return event.logStreamName();
                    }
                }
                page = found.nextToken();
            } while (page != null);
            return null;
        }

        private boolean read(String stream) throws InterruptedException {
            String cursor = null;
            while (true) {
                String from = cursor;
                GetLogEventsResponse found =
                        logs.getLogEvents(it ->
                                it.logGroupName(trace.logGroup())
                                        .logStreamName(stream)
                                        .startTime(since)
                                        .startFromHead(true)
                                        .nextToken(from));
                if (take(found.events())) {
                    return true;
                }
                boolean atTheEnd = found.nextForwardToken().equals(cursor);
                cursor = found.nextForwardToken();
                if (atTheEnd && !pause()) {
                    return false;
                }
            }
        }

        /** Whether nothing more is to come. */
        private boolean take(List<OutputLogEvent> events) {
            for (OutputLogEvent event : events) {
                String line = event.message();
                boolean ours = line.contains(trace.requestId());
                if (ours && isMark(line, "START ", "platform.start")) {
                    within = true;
                } else if (ours && isMark(line, "REPORT ", "platform.report")) {
                    return true;
                } else if (within) {
                    text.line(line);
                    if (text.isFull()) {
                        return true;
                    }
                }
            }
            return false;
        }

        private static boolean isMark(String line, String text, String type) {
            return line.startsWith(text) || (line.startsWith("{") && line.contains(type));
        }

        private boolean pause() throws InterruptedException {
            if (System.nanoTime() >= until) {
                return false;
            }
            Thread.sleep(PAUSE);
            return true;
        }
    }
}
