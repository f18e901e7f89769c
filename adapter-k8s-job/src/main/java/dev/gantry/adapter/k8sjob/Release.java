package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.BlobException;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.Set;

/** Removes a Job with all that belongs to it. */
final class Release {
    private static final int ROUNDS = 10;

    /** A controller that takes longer does not work, and then makes no pods either. */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    private static final Duration SETTLE_POLL = Duration.ofMillis(50);
    private static final Set<String> SETTLED = Set.of("Suspended", "Complete", "Failed");

    private final Backend backend;
    private final LargeInputs inputs;

    Release(Backend backend, LargeInputs inputs) {
        this.backend = backend;
        this.inputs = inputs;
    }

    /** Does nothing where nothing is left. */
    void all(JobRef ref) throws BlobException {
        settle(ref);
        // Before the Job, which says that there is one.
        inputs.remove(ref);
        // First the Job: what it made until now can be seen then, and it makes no more.
        backend.jobs().delete(ref);
        for (int round = 0; round < ROUNDS; round++) {
            boolean again = false;
            for (Pod pod : backend.jobs().podsOf(ref)) {
                again |= !released(pod);
            }
            if (!again) {
                return;
            }
        }
        throw new IllegalStateException(
                "the pods of %s were changed whenever they were to be released".formatted(ref));
    }

    /**
     * A Job without a pod may be about to get its first one, from a controller that has not heard
     * yet that the Job is deleted; that pod would stay, held by our finalizer. Once the controller
     * says that it has suspended the Job, none will come.
     */
    private void settle(JobRef ref) {
        for (long end = System.nanoTime() + SETTLE.toNanos(); System.nanoTime() < end; ) {
            Job job = backend.jobs().find(ref).orElse(null);
            if (job == null || isSettled(job) || !backend.jobs().podsOf(ref).isEmpty()) {
                return;
            }
            if (!Boolean.TRUE.equals(job.getSpec().getSuspend())) {
                suspend(job);
            }
            try {
                Thread.sleep(SETTLE_POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void suspend(Job job) {
        try {
            backend.jobs().suspend(job);
        } catch (RuntimeException e) {
            // It is looked at again.
            if (!Failures.isStale(e)) {
                throw e;
            }
        }
    }

    private static boolean isSettled(Job job) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                SETTLED.contains(condition.getType())
                                        && "True".equals(condition.getStatus()));
    }

    private boolean released(Pod pod) {
        try {
            backend.jobs().release(pod);
            return true;
        } catch (RuntimeException e) {
            if (Failures.isStale(e)) {
                return Failures.isGone(e);
            }
            throw e;
        }
    }
}
