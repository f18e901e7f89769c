package dev.gantry.adapter.k8sjob;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which pod of a Job may run: exactly one, by UID, whoever asks. The Job controller may make two,
 * against its own promise; each is held back by a gate. Which one goes is written on the Job before
 * its gate is lifted, by a write that fails if anybody was quicker. A pod that is not claimed is
 * left to the Job controller: one that is deleted would fail the Job, and the other pod with it.
 */
final class Claims {
    private final Jobs jobs;

    Claims(Jobs jobs) {
        this.jobs = jobs;
    }

    static @Nullable String claimed(Job job) {
        return annotation(job, Names.CLAIMED);
    }

    static boolean isCancelled(Job job) {
        return annotation(job, Names.CANCELLED) != null;
    }

    private static @Nullable String annotation(Job job, String key) {
        Map<String, String> annotations = job.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(key);
    }

    /** The pod that may run; empty if there is none yet, or it is gone. */
    static Optional<Pod> pod(Job job, List<Pod> pods) {
        String claimed = claimed(job);
        return pods.stream().filter(pod -> pod.getMetadata().getUid().equals(claimed)).findFirst();
    }

    /** The only ones that can have run, where the Job is gone that told which. */
    static Optional<Pod> lifted(List<Pod> pods) {
        return pods.stream().filter(pod -> !PodVerdict.isGated(pod)).findFirst();
    }

    /** A pod that could be claimed now, the oldest first. */
    static Optional<Pod> candidate(List<Pod> pods) {
        return pods.stream()
                .filter(PodVerdict::isGated)
                .filter(pod -> !PodVerdict.isDeleted(pod))
                .min(
                        Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp())
                                .thenComparing(pod -> pod.getMetadata().getUid()));
    }

    /**
     * Writes which pod is to run, if nobody has written on the Job since it was read.
     *
     * @return the Job as it is now; empty if somebody has
     */
    Optional<Job> claim(Job job, Pod pod) {
        return annotate(job, Map.of(Names.CLAIMED, pod.getMetadata().getUid()));
    }

    /** From then on nothing of it is claimed; empty as with {@link #claim}. */
    Optional<Job> cancel(Job job) {
        return annotate(job, Map.of(Names.CANCELLED, Instant.now().toString()));
    }

    private Optional<Job> annotate(Job job, Map<String, String> annotations) {
        try {
            return Optional.of(jobs.annotate(job, annotations));
        } catch (RuntimeException e) {
            if (Failures.isConflict(e) || Failures.isGone(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Lets the claimed pod go.
     *
     * @return false if it has changed meanwhile, and must be looked at again
     */
    boolean lift(Pod pod) {
        return unlessStale(() -> jobs.lift(pod));
    }

    /** Of a pod that never was claimed there is no evidence to keep. */
    void release(Pod pod) {
        unlessStale(() -> jobs.release(pod));
    }

    private static boolean unlessStale(Runnable change) {
        try {
            change.run();
            return true;
        } catch (RuntimeException e) {
            if (!Failures.isStale(e)) {
                throw e;
            }
            return false;
        }
    }
}
