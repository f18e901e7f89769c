package dev.gantry.adapter.k8sjob;

import dev.gantry.process.Capture;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.LogSink;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The log of the one pod that an observation follows, from its start to its last byte. */
final class Reading implements AutoCloseable {
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration LAST_BYTES = Duration.ofMillis(1_500);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Backend backend;
    private final ResumedSink sink;
    private final Capture capture;
    private @Nullable StepLog log;
    private @Nullable StepOutput seen;

    Reading(Backend backend, Attempt attempt, JobPlan plan, LogSink logs) {
        this.backend = backend;
        this.sink = new ResumedSink(logs);
        this.capture = new Capture(attempt.limits(), plan.process().result(), sink);
    }

    Capture capture() {
        return capture;
    }

    StepLog follow(Pod pod) {
        StepLog known = log;
        if (known == null) {
            known = backend.log(pod, capture, StepOutput.Files.NONE, sink::startIsLost).follow();
            log = known;
        } else if (known.silence().compareTo(IDLE) > 0) {
            known.reconnect();
        }
        return known;
    }

    /**
     * The rest of what has ended. As long as something comes, or the sink is busy, it is waited
     * for.
     *
     * @return null if it does not come to an end
     */
    @Nullable StepOutput toTheEnd(Pod pod) throws IOException, InterruptedException {
        StepLog following = follow(pod).containerHasEnded();
        long ended = System.nanoTime();
        boolean reconnected = false;
        while (seen == null) {
            seen = following.await(LOOK);
            // Before its end the step may have had nothing to say.
            Duration sinceEnd = Duration.ofNanos(System.nanoTime() - ended);
            Duration silence = following.silence();
            Duration lacking = silence.compareTo(sinceEnd) > 0 ? sinceEnd : silence;
            if (lacking.compareTo(backend.settings().patience().outage()) > 0) {
                break;
            }
            if (!reconnected && lacking.compareTo(LAST_BYTES) > 0) {
                reconnected = true;
                following.reconnect();
            }
        }
        return seen;
    }

    /** Whether no line is missing between the first and the last. */
    boolean isUnbroken() {
        return seen != null && seen.isFromTheStart() && log != null && !log.hasGap();
    }

    /** What the sink was given, if that is all of it. */
    Optional<Delivered> delivered() {
        StepOutput output = seen;
        return output != null && output.isFromTheStart()
                ? Optional.of(
                        new Delivered(
                                capture.total(LogSink.Stream.STDOUT),
                                capture.total(LogSink.Stream.STDERR),
                                output.fileCount()))
                : Optional.empty();
    }

    @Override
    public void close() {
        if (log != null) {
            log.close();
        }
    }
}
