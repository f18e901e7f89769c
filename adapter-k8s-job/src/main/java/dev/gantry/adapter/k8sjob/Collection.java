package dev.gantry.adapter.k8sjob;

import dev.gantry.process.Capture;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Collector;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Brings in what an ended step left: the rest of its log, and its files, which are at its end. */
final class Collection {
    private final Backend backend;
    private final JobRef ref;
    private final Attempt attempt;
    private final Collector collector;

    Collection(Backend backend, JobRef ref, Attempt attempt, Collector collector) {
        this.backend = backend;
        this.ref = ref;
        this.attempt = attempt;
        this.collector = collector;
    }

    /**
     * @param delivered what the collector has if it was not interrupted; null if that is not known
     */
    void collect(Pod pod, Verdict.Ended ended, @Nullable Delivered delivered) throws IOException {
        boolean hasLog = delivered != null && delivered.isWith(collector);
        boolean hasNoFiles = delivered != null && delivered.files() == 0;
        if (hasLog && hasNoFiles) {
            return;
        }
        JobPlan plan = JobPlan.of(attempt.workload());
        ResumedSink sink = new ResumedSink(collector);
        Capture capture =
                new Capture(attempt.limits(), plan.process().result(), hasLog ? null : sink);
        try (StepLog log =
                backend.log(
                                pod,
                                capture,
                                (path, bytes, content) -> {
                                    if (collector.wants(path, bytes)) {
                                        collector.artifact(path, bytes, content);
                                    }
                                },
                                sink::startIsLost)
                        .containerHasEnded()) {
            StepOutput output = log.read();
            Integer code = ended.code();
            if (!output.isWhole() && code != null && code == 0) {
                throw new IOException(
                        "the log of %s is not whole: files that stood at its end are lost"
                                .formatted(ref));
            }
        }
    }
}
