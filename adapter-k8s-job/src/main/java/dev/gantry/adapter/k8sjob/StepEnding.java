package dev.gantry.adapter.k8sjob;

import dev.gantry.process.Capture;
import dev.gantry.process.Ending;
import dev.gantry.process.Endings;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the end of a pod means for its step, with what the step left. */
final class StepEnding {
    private final K8sSettings settings;
    private final Attempt attempt;
    private final JobPlan plan;
    private final Capture capture;
    private final boolean isUnbroken;
    private NodeUsage.@Nullable Sample sample;

    /**
     * @param isUnbroken whether no line of the log is missing between its first and its last
     */
    StepEnding(
            K8sSettings settings,
            Attempt attempt,
            JobPlan plan,
            Capture capture,
            boolean isUnbroken) {
        this.settings = settings;
        this.attempt = attempt;
        this.plan = plan;
        this.capture = capture;
        this.isUnbroken = isUnbroken;
    }

    /** By the node, of a step that did not measure itself. */
    StepEnding measured(NodeUsage.@Nullable Sample byNode) {
        this.sample = byNode;
        return this;
    }

    /**
     * @param started whether its process began, or may have
     * @param output null if it could not be read
     * @param unread why not
     */
    Outcome outcome(
            Verdict.Ended ended,
            boolean started,
            boolean cancelled,
            @Nullable StepOutput output,
            String unread)
            throws IOException {
        Outcome.Usage usage = usage(ended, output);
        if (cancelled && (!started || ended.code() == null)) {
            return new Outcome.Cancelled(usage);
        }
        Endings endings =
                new Endings(
                        plan.process().result(),
                        attempt.limits().maxOutputBytes(),
                        capture,
                        new Ending(
                                ended.code(),
                                ended.couldNotStart(),
                                ended.lackedMemory(),
                                _ -> ended.disturbed(),
                                usage));
        Failure cause = ended.cause();
        if (cause != null && !cancelled) {
            Failure honest = started ? mayHaveCommitted(cause) : cause;
            return started ? endings.failed(honest) : new Outcome.Failed(honest, null, usage);
        }
        Outcome outcome = endings.outcome(cancelled, () -> result(ended, output));
        return outcome instanceof Outcome.Succeeded succeeded
                ? whole(succeeded, endings, output, unread)
                : outcome;
    }

    private static Failure mayHaveCommitted(Failure it) {
        return it.progress() == Progress.NEVER_STARTED
                ? new Failure(
                        it.code(),
                        it.message(),
                        it.actor(),
                        it.retryable(),
                        Progress.MAY_HAVE_COMMITTED)
                : it;
    }

    /** It did what it should: but what it left is a part of that. */
    private Outcome whole(
            Outcome.Succeeded succeeded,
            Endings endings,
            @Nullable StepOutput output,
            String unread) {
        if (output == null || !output.isWhole()) {
            return endings.failed(lost(unread));
        }
        boolean resultIsInLog =
                plan.process().result() != Workload.Result.CODE && output.resultBytes() < 0;
        if (resultIsInLog && !isUnbroken) {
            return endings.failed(lost("its node threw a part of the log away before it was read"));
        }
        String refused = output.refusedFile();
        return refused == null
                ? succeeded
                : endings.failed(
                        new Failure(
                                Code.OUTPUT_TOO_LARGE,
                                "the file %s cannot be kept: the files of a step may have %d bytes together on this cluster (gantry.adapters.k8s-job.files-mib), and plain names"
                                        .formatted(
                                                refused,
                                                Math.min(
                                                        settings.filesBytes(),
                                                        attempt.limits().maxArtifactBytes())),
                                Actor.AUTHOR,
                                false,
                                Progress.ENDED));
    }

    private static Failure lost(String why) {
        return new Failure(
                Code.LOST,
                "the step ended with exit code 0, and what it left is lost: " + why,
                Actor.BACKEND,
                true,
                Progress.MAY_HAVE_COMMITTED);
    }

    private Optional<byte[]> result(Verdict.Ended ended, @Nullable StepOutput output) {
        if (!plan.usesShell()) {
            return Optional.ofNullable(ended.message())
                    .filter(message -> !message.isEmpty())
                    .map(message -> message.getBytes(StandardCharsets.UTF_8));
        }
        if (output == null || output.resultBytes() < 0) {
            return Optional.empty();
        }
        byte[] result = output.result();
        // It was too large to be printed.
        return Optional.of(
                result == null
                        ? new byte[(int) Math.min(Integer.MAX_VALUE, output.resultBytes())]
                        : result);
    }

    private Outcome.Usage usage(Verdict.Ended ended, @Nullable StepOutput output) {
        Long cpuMillis = output == null ? null : output.cpuMillis();
        Long memoryBytes = output == null ? null : output.memoryBytes();
        return new Outcome.Usage(
                ended.wallMillis(),
                cpuMillis != null || sample == null ? cpuMillis : (Long) sample.cpuMillis(),
                memoryBytes != null || sample == null ? memoryBytes : (Long) sample.memoryBytes(),
                settings.limits().cpuMillis(attempt.limits()),
                settings.limits().memoryBytes(attempt.limits()),
                Map.of());
    }
}
