package dev.gantry.adapter.k8sjob;

import dev.gantry.process.Capture;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Collector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
     * @throws LogGone if nothing more can be had, now and ever
     */
    void collect(@Nullable Delivered delivered) throws IOException {
        Optional<Job> job = backend.jobs().find(ref);
        if (job.isPresent() && Claims.claimed(job.get()) == null) {
            return;
        }
        List<Pod> pods = backend.jobs().podsOf(ref);
        Optional<Pod> pod = job.isPresent() ? Claims.pod(job.get(), pods) : Claims.lifted(pods);
        if (pod.isEmpty()) {
            throw new LogGone("the pod is gone");
        }
        if (PodVerdict.of(pod.get()) instanceof Verdict.Ended ended && ended.started()) {
            collect(pod.get(), ended, delivered != null && delivered.isWith(collector));
        }
    }

    private void collect(Pod pod, Verdict.Ended ended, boolean hasLog) throws IOException {
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
                throw new LogGone("the log is not whole: files that stood at its end are lost");
            }
        }
    }
}
