package dev.gantry.adapter.k8sjob;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
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
        String value = job.getMetadata().getAnnotations().getOrDefault(key, "");
        return value.isEmpty() ? null : value;
    }

    /** The pod that may run; empty if there is none yet, or it is gone. */
    static Optional<Pod> pod(Job job, List<Pod> pods) {
        return pod(claimed(job), pods);
    }

    static Optional<Pod> pod(@Nullable String uid, List<Pod> pods) {
        return pods.stream().filter(pod -> pod.getMetadata().getUid().equals(uid)).findFirst();
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
     * Writes which pod is to run, if nobody has decided anything of the Job since it was read.
     *
     * @return the Job as it is now; empty if somebody has
     */
    Optional<Job> claim(Job job, Pod pod) {
        return decide(job, Names.CLAIMED, pod.getMetadata().getUid());
    }

    /** The claimed pod never began and never will: another may; empty as with {@link #claim}. */
    Optional<Job> unclaim(Job job) {
        return decide(job, Names.CLAIMED, "");
    }

    /** From then on nothing of it is claimed; empty as with {@link #claim}. */
    Optional<Job> cancel(Job job) {
        return decide(job, Names.CANCELLED, Instant.now().toString());
    }

    private Optional<Job> decide(Job job, String key, String value) {
        try {
            return Optional.of(jobs.decide(job, key, value));
        } catch (RuntimeException e) {
            if (Failures.isStale(e)) {
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

    /** False if what was to be changed is not as it was read. */
    static boolean unlessStale(Runnable change) {
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
