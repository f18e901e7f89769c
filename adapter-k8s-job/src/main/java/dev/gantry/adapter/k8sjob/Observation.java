package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Observes one Job to the end of its step: it claims a pod, follows its log, and says how it ended.
 */
final class Observation {
    private static final Duration TICK = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofMillis(200);

    private final Backend backend;
    private final JobRef ref;
    private final Attempt attempt;
    private final JobPlan plan;
    private final boolean mayBegin;
    private final Reading reading;
    private final Waits waits;
    private final long began = System.nanoTime();
    private boolean sawStart;
    private boolean isQueued;
    private @Nullable String claimedPod;
    private @Nullable String measuredPod;
    private @Nullable String liftedPod;

    /**
     * @param mayBegin whether a pod is claimed if none is
     */
    Observation(Backend backend, JobRef ref, Attempt attempt, LogSink logs, boolean mayBegin) {
        this.backend = backend;
        this.ref = ref;
        this.attempt = attempt;
        this.plan = JobPlan.of(attempt.workload());
        this.mayBegin = mayBegin;
        this.reading = new Reading(backend, attempt, plan, logs);
        this.waits = new Waits(backend.settings().patience());
    }

    /** Blocks until the step has ended. */
    Outcome toTheEnd() throws ExecutionException {
        Lookout lookout = backend.lookout(ref.namespace());
        Sight sight = lookout.observe(ref);
        try {
            while (true) {
                long seen = sight.changes();
                Outcome outcome = lookAndAct(lookout);
                if (outcome != null) {
                    return outcome;
                }
                if (lookout.silence().compareTo(backend.settings().patience().outage()) > 0) {
                    throw new ExecutionException(
                            new Failure(
                                    Code.BACKEND_UNAVAILABLE,
                                    "%s cannot be observed: the API server has told nothing for %d s"
                                            .formatted(ref, lookout.silence().toSeconds()),
                                    Actor.BACKEND,
                                    true,
                                    Progress.MAY_HAVE_COMMITTED));
                }
                sight.await(seen, untilNextLook());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException(
                    Failures.unavailable(
                            "observing was interrupted", e, Progress.MAY_HAVE_COMMITTED),
                    e);
        } finally {
            lookout.forget(ref);
            if (measuredPod != null) {
                backend.nodeUsage().forget(measuredPod);
            }
            reading.close();
        }
    }

    /** What waits in a queue may do so in thousands, for hours. */
    private Duration untilNextLook() {
        if (isFresh()) {
            return SOON;
        }
        Duration compare = backend.settings().patience().compare();
        return isQueued && compare.compareTo(TICK) > 0 ? compare : TICK;
    }

    /** What was made a moment ago is not watched yet. */
    private boolean isFresh() {
        return System.nanoTime() - began < Duration.ofSeconds(2).toNanos();
    }

    /** An API server that does not answer is waited for: nothing is made up meanwhile. */
    private @Nullable Outcome lookAndAct(Lookout lookout)
            throws ExecutionException, InterruptedException {
        try {
            List<Pod> watched = lookout.pods(ref);
            releaseSuperfluous(watched);
            Optional<Pod> claimed = Claims.pod(claimedPod, watched);
            if (claimed.isPresent() && goesOn(claimed.get())) {
                return null;
            }
            if (watched.isEmpty() && isFresh() && mayBegin) {
                return null;
            }
            Optional<Job> job = backend.jobs().find(ref);
            boolean isBlind = watched.isEmpty() || job.isEmpty();
            List<Pod> pods = isBlind ? backend.jobs().podsOf(ref) : watched;
            return job.isPresent() ? look(job.get(), pods) : withoutJob(pods);
        } catch (RuntimeException e) {
            if (Failures.isHopeless(e)) {
                throw new ExecutionException(
                        Failures.of(
                                "%s cannot be observed".formatted(ref),
                                e,
                                Progress.MAY_HAVE_COMMITTED),
                        e);
            }
            return null;
        }
    }

    /** Whether only the pod itself can tell more of the step for now, and not its Job. */
    private boolean goesOn(Pod pod) {
        return switch (PodVerdict.of(pod)) {
            case Verdict.Waiting waiting ->
                    !PodVerdict.isGated(pod) && !waits.isOver(waiting.hold());
            case Verdict.Running running -> {
                runs(pod);
                yield running.lost() == null;
            }
            case Verdict.Ended _ -> false;
        };
    }

    private @Nullable Outcome withoutJob(List<Pod> pods)
            throws ExecutionException, InterruptedException {
        Optional<Pod> pod = Claims.lifted(pods);
        if (pod.isPresent() && PodVerdict.of(pod.get()) instanceof Verdict.Ended ended) {
            return ending(pod.get(), ended, false);
        }
        if (pod.isPresent()) {
            return null;
        }
        throw new ExecutionException(
                new Failure(
                        Code.LOST,
                        "%s is gone, and nobody knows how it ended".formatted(ref),
                        Actor.BACKEND,
                        true,
                        Progress.MAY_HAVE_COMMITTED));
    }

    private @Nullable Outcome look(Job job, List<Pod> pods)
            throws ExecutionException, InterruptedException {
        boolean cancelled = Claims.isCancelled(job);
        claimedPod = Claims.claimed(job);
        isQueued = isSuspended(job);
        if (claimedPod == null) {
            return unclaimed(job, pods, cancelled);
        }
        Optional<Pod> claimed = Claims.pod(job, pods);
        if (claimed.isEmpty()) {
            claimed = Claims.pod(job, backend.jobs().podsOf(ref));
        }
        return claimed.isEmpty() ? gone(cancelled) : look(job, pods, claimed.get(), cancelled);
    }

    /** The Job controller removes what it made too much; the Job is not complete before it can. */
    private void releaseSuperfluous(List<Pod> pods) {
        pods.stream()
                .filter(PodVerdict::isGated)
                .filter(PodVerdict::isDeleted)
                .filter(pod -> !pod.getMetadata().getUid().equals(claimedPod))
                .forEach(backend.claims()::release);
    }

    private @Nullable Outcome unclaimed(Job job, List<Pod> pods, boolean cancelled)
            throws ExecutionException, InterruptedException {
        if (cancelled) {
            return new Outcome.Cancelled(Outcome.Usage.UNKNOWN);
        }
        JobCondition over = condition(job, "Failed", "Complete");
        if (over != null) {
            return neverStarted(
                    new Failure(
                            "K8S_JOB_ENDED",
                            "the Job was ended before its pod began: %s: %s"
                                    .formatted(over.getReason(), over.getMessage()),
                            Actor.BACKEND,
                            true,
                            Progress.NEVER_STARTED));
        }
        Optional<Pod> candidate = Claims.candidate(pods);
        if (candidate.isPresent() && mayBegin) {
            Optional<Job> claimed = backend.claims().claim(job, candidate.get());
            claimed.ifPresent(_ -> goes(candidate.get()));
            return null;
        }
        return candidate.isPresent() || isSuspended(job) ? null : waitForPods(job);
    }

    /** Only events tell why a Job gets no pods: its status does not. */
    private @Nullable Outcome waitForPods(Job job) throws ExecutionException, InterruptedException {
        if (!waits.isTimeToAsk()) {
            return null;
        }
        Event refusal =
                backend.jobs().events(ref).stream()
                        .filter(event -> "FailedCreate".equals(event.getReason()))
                        .reduce((_, later) -> later)
                        .orElse(null);
        String why = refusal == null ? "" : Objects.requireNonNullElse(refusal.getMessage(), "");
        boolean quota = why.contains("exceeded quota") || refusal == null;
        Failure failure =
                new Failure(
                        refusal == null ? "K8S_JOB_NOT_STARTED" : "K8S_JOB_REFUSED",
                        refusal == null
                                ? "the Job controller has made no pod"
                                : "the cluster takes no pod of the Job: " + why,
                        Actor.PLATFORM,
                        quota,
                        Progress.NEVER_STARTED);
        return waits.isOver(quota ? Verdict.Hold.SCHEDULER : Verdict.Hold.IMAGE)
                ? giveUp(job, failure)
                : null;
    }

    private static boolean isSuspended(Job job) {
        return Boolean.TRUE.equals(job.getSpec().getSuspend());
    }

    private static @Nullable JobCondition condition(Job job, String... types) {
        return job.getStatus() == null
                ? null
                : job.getStatus().getConditions().stream()
                        .filter(condition -> List.of(types).contains(condition.getType()))
                        .filter(condition -> "True".equals(condition.getStatus()))
                        .findFirst()
                        .orElse(null);
    }

    /** Nobody can delete the claimed pod before Gantry lets it go, but by force. */
    private Outcome gone(boolean cancelled) throws ExecutionException {
        if (cancelled) {
            return new Outcome.Cancelled(Outcome.Usage.UNKNOWN);
        }
        throw new ExecutionException(
                new Failure(
                        Code.LOST,
                        "the pod of %s is gone, and nobody knows how it ended".formatted(ref),
                        Actor.BACKEND,
                        true,
                        Progress.MAY_HAVE_COMMITTED));
    }

    private @Nullable Outcome look(Job job, List<Pod> pods, Pod pod, boolean cancelled)
            throws ExecutionException, InterruptedException {
        return switch (PodVerdict.of(pod)) {
            case Verdict.Waiting waiting -> waiting(job, pod, waiting, cancelled);
            case Verdict.Running running -> {
                runs(pod);
                yield running.lost() != null && waits.isOver(Verdict.Hold.NODE)
                        ? lostNode(running.lost())
                        : null;
            }
            case Verdict.Ended ended -> {
                boolean started = ended.started() || sawStart;
                Optional<Pod> other =
                        started || cancelled ? Optional.empty() : Claims.candidate(pods);
                if (other.isPresent() && condition(job, "Failed", "FailureTarget") == null) {
                    Optional<Job> claimed = backend.claims().claim(job, other.get());
                    claimed.ifPresent(_ -> goes(other.get()));
                    yield null;
                }
                if (!started && !cancelled && isSuspended(job)) {
                    yield backToTheQueue(job, pod);
                }
                yield ending(pod, started && isSuspended(job) ? evicted(ended) : ended, cancelled);
            }
        };
    }

    private void goes(Pod pod) {
        claimedPod = pod.getMetadata().getUid();
        lift(pod);
    }

    /** Its queue has taken back what had not begun, and makes another pod when its turn comes. */
    private @Nullable Outcome backToTheQueue(Job job, Pod pod) {
        if (mayBegin && backend.claims().unclaim(job).isPresent()) {
            // The Job gets no other one while this one is there.
            backend.claims().release(pod);
            claimedPod = null;
        }
        return null;
    }

    private static Verdict.Ended evicted(Verdict.Ended ended) {
        Failure cause = ended.cause();
        return cause == null
                ? ended
                : ended.because(
                        new Failure(
                                "K8S_JOB_SUSPENDED",
                                "the Job was suspended while its step ran, as a queue does to make room: "
                                        + cause.message(),
                                Actor.PLATFORM,
                                true,
                                Progress.MAY_HAVE_COMMITTED));
    }

    /** Once: what is watched tells of it a moment later. */
    private void lift(Pod pod) {
        String uid = pod.getMetadata().getUid();
        if (!uid.equals(liftedPod) && backend.claims().lift(pod)) {
            liftedPod = uid;
        }
    }

    private static Outcome lostNode(Failure failure) throws ExecutionException {
        throw new ExecutionException(failure);
    }

    private @Nullable Outcome waiting(Job job, Pod pod, Verdict.Waiting waiting, boolean cancelled)
            throws ExecutionException, InterruptedException {
        if (mayBegin && !cancelled && PodVerdict.isGated(pod)) {
            lift(pod);
            return null;
        }
        return !cancelled && !isSuspended(job) && waits.isOver(waiting.hold())
                ? giveUp(job, waiting.ifItLasts())
                : null;
    }

    /** It has not begun, and it is seen to that it never will; if it has meanwhile, that counts. */
    private @Nullable Outcome giveUp(Job job, Failure failure)
            throws ExecutionException, InterruptedException {
        backend.stop().end(ref, Duration.ofSeconds(1));
        Optional<Job> now = backend.jobs().find(ref);
        Optional<Pod> pod = Claims.pod(now.orElse(job), backend.jobs().podsOf(ref));
        if (pod.isPresent()
                && PodVerdict.of(pod.get()) instanceof Verdict.Ended ended
                && ended.started()) {
            return ending(pod.get(), ended, false);
        }
        return neverStarted(failure);
    }

    private Outcome neverStarted(Failure failure) {
        return new Outcome.Failed(failure, null, Outcome.Usage.UNKNOWN);
    }

    private void runs(Pod pod) {
        sawStart = true;
        if (!plan.usesShell() && backend.settings().kubeletUsage()) {
            // Nobody in the pod measures it.
            measuredPod = pod.getMetadata().getUid();
            backend.nodeUsage().watch(pod);
        }
        reading.follow(pod);
    }

    private Outcome ending(Pod pod, Verdict.Ended ended, boolean cancelled)
            throws ExecutionException, InterruptedException {
        boolean started = ended.started() || sawStart;
        StepOutput output = null;
        String unread = "the pod's log is not whole";
        if (started) {
            try {
                output = reading.toTheEnd(pod);
            } catch (IOException e) {
                unread = "the pod's log cannot be read: " + Failures.reason(e);
            }
        }
        try {
            return new StepEnding(
                            backend.settings(),
                            attempt,
                            plan,
                            reading.capture(),
                            reading.isUnbroken())
                    .measured(backend.nodeUsage().of(pod))
                    .outcome(ended, started, cancelled, output, unread);
        } catch (IOException e) {
            throw new ExecutionException(
                    Failures.unavailable(
                            "the end of %s cannot be told".formatted(ref),
                            e,
                            Progress.MAY_HAVE_COMMITTED),
                    e);
        }
    }

    /** What the sink was given, if that is all of it. */
    Optional<Delivered> delivered() {
        return reading.delivered();
    }
}
