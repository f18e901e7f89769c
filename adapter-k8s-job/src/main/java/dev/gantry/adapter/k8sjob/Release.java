package dev.gantry.adapter.k8sjob;

import io.fabric8.kubernetes.api.model.Pod;

/** Removes a Job with all that belongs to it. */
final class Release {
    private static final int ROUNDS = 10;

    private final Backend backend;

    Release(Backend backend) {
        this.backend = backend;
    }

    /** Does nothing where nothing is left. */
    void all(JobRef ref) {
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
