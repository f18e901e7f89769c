package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Ends what runs of a Job, and sees to it that nothing of it begins any more. */
final class Stop {
    /** After the grace, until the node must have said that it is over. */
    private static final Duration CONFIRMATION = Duration.ofSeconds(45);

    /** A node that is busy with its image does not see that a pod is to end. */
    private static final Duration NOTICE = Duration.ofSeconds(3);

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int ATTEMPTS = 20;

    private final Backend backend;

    Stop(Backend backend) {
        this.backend = backend;
    }

    /**
     * Returns when nothing of it runs, and nothing will. What has a node is asked to end in a way
     * that keeps its log, which somebody may still have to read; only what its node does not begin,
     * or is given more time than pods have by themselves, is deleted.
     */
    void end(JobRef ref, Duration grace) throws ExecutionException, InterruptedException {
        long began = System.nanoTime();
        Duration own = backend.settings().grace();
        Duration most = grace.compareTo(own) > 0 ? grace : own;
        long deadline = began + most.plus(CONFIRMATION).toNanos();
        boolean asked = false;
        try {
            Optional<Job> job = cancelled(ref);
            backend.lookout(ref.namespace()).wake(ref);
            for (; ; job = backend.jobs().find(ref)) {
                Optional<Pod> alive = alive(job, backend.jobs().podsOf(ref));
                if (alive.isEmpty()) {
                    return;
                }
                boolean isNoticed =
                        PodVerdict.of(alive.get()) instanceof Verdict.Running
                                || System.nanoTime() - began < NOTICE.toNanos();
                if (PodVerdict.hasNode(alive.get()) && isNoticed && grace.compareTo(own) <= 0) {
                    asked = asked || expired(alive.get());
                } else if (!PodVerdict.isDeleted(alive.get())) {
                    // With 0 the API server would not wait for the node.
                    backend.jobs().stop(alive.get(), Math.max(1, grace.toSeconds()));
                }
                if (System.nanoTime() > deadline) {
                    throw new ExecutionException(
                            new Failure(
                                    Code.BACKEND_REFUSED,
                                    "%s cannot be stopped: its node has not confirmed the end of pod %s"
                                            .formatted(ref, alive.get().getMetadata().getName()),
                                    Actor.BACKEND,
                                    true,
                                    Progress.MAY_HAVE_COMMITTED));
                }
                Thread.sleep(LOOK);
            }
        } catch (RuntimeException e) {
            throw new ExecutionException(
                    Failures.of(
                            "%s cannot be stopped".formatted(ref), e, Progress.MAY_HAVE_COMMITTED),
                    e);
        }
    }

    /** False if it has changed meanwhile. */
    private boolean expired(Pod pod) {
        return Claims.unlessStale(() -> backend.jobs().expire(pod));
    }

    /** The claimed pod until it has ended; where the Job is gone, the only one that ever ran. */
    private static Optional<Pod> alive(Optional<Job> job, List<Pod> pods) {
        Optional<Pod> claimed = job.isPresent() ? Claims.pod(job.get(), pods) : Claims.lifted(pods);
        return claimed.filter(pod -> !(PodVerdict.of(pod) instanceof Verdict.Ended));
    }

    /** Written on the Job first: what claims a pod at the same time sees it, or is seen. */
    private Optional<Job> cancelled(JobRef ref) throws InterruptedException {
        for (int n = 0; n < ATTEMPTS; n++) {
            Optional<Job> job = backend.jobs().find(ref);
            if (job.isEmpty() || Claims.isCancelled(job.get()) || hasEnded(job.get(), ref)) {
                return job;
            }
            Optional<Job> cancelled = backend.claims().cancel(job.get());
            if (cancelled.isPresent()) {
                return cancelled;
            }
            Thread.sleep(20L * (n + 1));
        }
        throw new IllegalStateException(
                "%s was changed %d times while it was to be cancelled".formatted(ref, ATTEMPTS));
    }

    /** The ending that came first stays. */
    private boolean hasEnded(Job job, JobRef ref) {
        return Claims.pod(job, backend.jobs().podsOf(ref))
                .map(PodVerdict::of)
                .filter(Verdict.Ended.class::isInstance)
                .isPresent();
    }
}
