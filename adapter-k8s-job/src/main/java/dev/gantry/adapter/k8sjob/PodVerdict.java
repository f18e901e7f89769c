package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pod's status. Only the step's own container counts: its exit code is the only sign of
 * success, and what else is in a pod, such as a sidecar, may end as it likes.
 */
final class PodVerdict {
    /** The node did not take the pod. */
    private static final Set<String> NOT_ADMITTED =
            Set.of(
                    "OutOfcpu",
                    "OutOfmemory",
                    "OutOfpods",
                    "OutOfephemeral-storage",
                    "UnexpectedAdmissionError",
                    "NodeAffinity",
                    "NodeName",
                    "NodePorts",
                    "Taints",
                    "AppArmor",
                    "PodOSSelectorNodeLabelDoesNotMatch",
                    "PodOSNotSupported",
                    "TopologyAffinityError",
                    "PreemptContainer",
                    "NodeShutdown");

    private static final Set<String> CANNOT_RUN =
            Set.of("StartError", "ContainerCannotRun", "CreateContainerError");
    private static final Set<String> PULL =
            Set.of("ErrImagePull", "ImagePullBackOff", "RegistryUnavailable", "ImageInspectError");
    private static final Set<String> NO_IMAGE = Set.of("InvalidImageName", "ErrImageNeverPull");
    private static final Set<String> CANNOT_CREATE =
            Set.of(
                    "CreateContainerConfigError",
                    "CreateContainerError",
                    "PreCreateHookError",
                    "PreStartHookError",
                    "RunContainerError");

    private final Pod pod;
    private final PodStatus status;
    private final @Nullable ContainerStatus container;
    private final @Nullable ContainerState state;

    private PodVerdict(Pod pod) {
        this.pod = pod;
        this.status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        this.container =
                status.getContainerStatuses().stream()
                        .filter(one -> Names.CONTAINER.equals(one.getName()))
                        .findFirst()
                        .orElse(null);
        this.state = container == null ? null : container.getState();
    }

    static Verdict of(Pod pod) {
        return new PodVerdict(pod).verdict();
    }

    /** Whether Gantry still holds the pod back. */
    static boolean isGated(Pod pod) {
        return pod.getSpec().getSchedulingGates().stream()
                .anyMatch(gate -> Names.GATE.equals(gate.getName()));
    }

    static boolean hasNode(Pod pod) {
        String node = pod.getSpec().getNodeName();
        return node != null && !node.isEmpty();
    }

    static boolean isDeleted(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    private Verdict verdict() {
        ContainerStateTerminated end = state == null ? null : state.getTerminated();
        if (end != null) {
            return ended(end);
        }
        if ("Succeeded".equals(status.getPhase()) || "Failed".equals(status.getPhase())) {
            return vanished();
        }
        if (state != null && state.getRunning() != null) {
            return new Verdict.Running(lost());
        }
        if (isDeleted(pod) && hasNoNode()) {
            // It is never bound to one any more.
            return vanished();
        }
        return waiting();
    }

    private boolean hasNoNode() {
        return !hasNode(pod);
    }

    private Verdict ended(ContainerStateTerminated end) {
        boolean cannotRun = end.getReason() != null && CANNOT_RUN.contains(end.getReason());
        boolean unknown = "ContainerStatusUnknown".equals(end.getReason());
        boolean started = !cannotRun && !(unknown && wasNeverMade());
        boolean disturbed = wasDisturbed(end);
        Failure cause = disturbed ? cause(progress(started)) : null;
        if (unknown && cause == null) {
            cause = lost("its node does not know how it ended", progress(started));
        }
        return new Verdict.Ended(
                started,
                unknown ? null : end.getExitCode(),
                cannotRun ? text(end.getReason(), end.getMessage()) : null,
                "OOMKilled".equals(end.getReason()),
                disturbed,
                cause,
                end.getMessage(),
                wallMillis(end));
    }

    /**
     * Nodes write of each container of a pod that is over that it has ended, also where they had
     * made none: such a one has no id, and did not run before.
     */
    private boolean wasNeverMade() {
        return container != null
                && (container.getContainerID() == null || container.getContainerID().isEmpty())
                && (container.getLastState() == null
                        || container.getLastState().getTerminated() == null);
    }

    /** The pod is over, and nothing is known of its container. */
    private Verdict vanished() {
        boolean neverBegan =
                hasNoNode()
                        || (status.getReason() != null && NOT_ADMITTED.contains(status.getReason()))
                        || (state != null && state.getWaiting() != null && wasNeverMade());
        Progress progress = progress(!neverBegan);
        Failure cause = cause(progress);
        return new Verdict.Ended(
                !neverBegan,
                null,
                null,
                false,
                true,
                cause == null ? lost("its pod tells nothing of it", progress) : cause,
                null,
                null);
    }

    private static Progress progress(boolean started) {
        return started ? Progress.MAY_HAVE_COMMITTED : Progress.NEVER_STARTED;
    }

    /** What ends by itself before it was asked to is not disturbed; times have whole seconds. */
    private boolean wasDisturbed(ContainerStateTerminated end) {
        if ("Evicted".equals(status.getReason()) || "DeadlineExceeded".equals(status.getReason())) {
            return true;
        }
        Instant finished = time(end.getFinishedAt());
        Instant asked = null;
        PodCondition disruption = condition("DisruptionTarget", "True");
        if (disruption != null) {
            asked = time(disruption.getLastTransitionTime());
        } else if (isDeleted(pod)) {
            Instant deadline = time(pod.getMetadata().getDeletionTimestamp());
            Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
            asked = deadline == null || grace == null ? deadline : deadline.minusSeconds(grace);
        } else {
            return false;
        }
        return finished == null || asked == null || !finished.isBefore(asked);
    }

    /** Who ended it; null if the cluster does not say. */
    private @Nullable Failure cause(Progress progress) {
        String reason = Objects.requireNonNullElse(status.getReason(), "");
        String why = text(reason, status.getMessage());
        if (NOT_ADMITTED.contains(reason)) {
            return new Failure(
                    "K8S_JOB_NOT_ADMITTED",
                    "the node did not take the pod: " + why,
                    Actor.BACKEND,
                    true,
                    progress);
        }
        if (reason.equals("DeadlineExceeded")) {
            return new Failure(
                    Code.TIMEOUT,
                    "the pod was ended by its node after the step's timeout",
                    Actor.AUTHOR,
                    true,
                    progress);
        }
        PodCondition disruption = condition("DisruptionTarget", "True");
        if (reason.equals("Evicted")) {
            return evicted(why, progress);
        }
        if (disruption != null) {
            return disrupted(disruption, progress);
        }
        if (isDeleted(pod)) {
            return killed("the pod was deleted, and not by Gantry", progress);
        }
        return null;
    }

    private static Failure evicted(String why, Progress progress) {
        boolean ownFault =
                why.contains("ephemeral local storage usage exceeds")
                        || why.contains("Usage of EmptyDir volume")
                        || why.contains("exceeded its local ephemeral storage limit");
        return ownFault
                ? new Failure(
                        "K8S_JOB_OUT_OF_STORAGE",
                        "the step wrote more to its node's disk than it may (gantry.adapters.k8s-job.storage-mib): "
                                + why,
                        Actor.AUTHOR,
                        false,
                        progress)
                : killed("the pod was evicted: " + why, progress);
    }

    private static Failure disrupted(PodCondition disruption, Progress progress) {
        String why = text(disruption.getReason(), disruption.getMessage());
        return switch (Objects.requireNonNullElse(disruption.getReason(), "")) {
            case "PreemptionByScheduler" ->
                    killed("the pod had to make room for one of higher priority: " + why, progress);
            case "EvictionByEvictionAPI" ->
                    killed("the pod was evicted, as a node is drained: " + why, progress);
            case "TerminationByKubelet" -> killed("the pod's node ended it: " + why, progress);
            case "DeletionByTaintManager", "DeletionByPodGC" ->
                    lost("the pod's node is gone: " + why, progress);
            default -> killed("the pod was disrupted: " + why, progress);
        };
    }

    private static Failure killed(String message, Progress progress) {
        return new Failure(Code.KILLED, message, Actor.BACKEND, true, progress);
    }

    private static Failure lost(String message, Progress progress) {
        return new Failure(Code.LOST, message, Actor.BACKEND, true, progress);
    }

    /** What runs on a node that is gone may run on, or not: its status stays as it was. */
    private @Nullable Failure lost() {
        PodCondition disruption = condition("DisruptionTarget", "True");
        return isDeleted(pod)
                        && disruption != null
                        && "DeletionByTaintManager".equals(disruption.getReason())
                ? lost(
                        "the pod's node does not answer: "
                                + text(disruption.getReason(), disruption.getMessage()),
                        Progress.MAY_HAVE_COMMITTED)
                : null;
    }

    private Verdict waiting() {
        if (!pod.getSpec().getSchedulingGates().isEmpty()) {
            return hold(
                    Verdict.Hold.QUEUE,
                    "K8S_JOB_QUEUED",
                    "the pod is held back by " + pod.getSpec().getSchedulingGates(),
                    Actor.PLATFORM);
        }
        ContainerStateWaiting waiting = state == null ? null : state.getWaiting();
        String reason = waiting == null || waiting.getReason() == null ? "" : waiting.getReason();
        String why = waiting == null ? "" : text(reason, waiting.getMessage());
        if (PULL.contains(reason) || NO_IMAGE.contains(reason)) {
            return image(NO_IMAGE.contains(reason), why);
        }
        if (CANNOT_CREATE.contains(reason)) {
            return hold(
                    Verdict.Hold.IMAGE,
                    Code.INVALID_WORKLOAD,
                    "the container cannot be made: " + why,
                    Actor.AUTHOR);
        }
        PodCondition scheduled = condition("PodScheduled", "False");
        if (scheduled != null) {
            return hold(
                    Verdict.Hold.SCHEDULER,
                    "K8S_JOB_UNSCHEDULABLE",
                    "no node takes the pod: " + text(scheduled.getReason(), scheduled.getMessage()),
                    Actor.PLATFORM);
        }
        return hold(
                hasNoNode() ? Verdict.Hold.SCHEDULER : Verdict.Hold.NODE,
                "K8S_JOB_NOT_STARTED",
                hasNoNode()
                        ? "no scheduler has looked at the pod"
                        : "node %s has not started the pod: %s"
                                .formatted(pod.getSpec().getNodeName(), why),
                Actor.BACKEND);
    }

    private static Verdict image(boolean hopeless, String why) {
        boolean away =
                why.matches(
                        "(?is).*(connection refused|i/o timeout|no such host|timed? ?out|TLS handshake|50[0234] |too ?many ?requests).*");
        return new Verdict.Waiting(
                hopeless ? Verdict.Hold.HOPELESS : Verdict.Hold.IMAGE,
                away
                        ? new Failure(
                                Code.BACKEND_UNAVAILABLE,
                                "the image's registry does not answer: " + why,
                                Actor.BACKEND,
                                true,
                                Progress.NEVER_STARTED)
                        : new Failure(
                                Code.IMAGE_NOT_FOUND,
                                "the image cannot be had; check its name, the pull policy and gantry.adapters.k8s-job.pull-secrets: "
                                        + why,
                                Actor.AUTHOR,
                                false,
                                Progress.NEVER_STARTED));
    }

    private static Verdict hold(Verdict.Hold hold, String code, String message, Actor actor) {
        return new Verdict.Waiting(
                hold,
                new Failure(code, message, actor, actor != Actor.AUTHOR, Progress.NEVER_STARTED));
    }

    private @Nullable PodCondition condition(String type, String value) {
        return status.getConditions().stream()
                .filter(condition -> type.equals(condition.getType()))
                .filter(condition -> value.equals(condition.getStatus()))
                .findFirst()
                .orElse(null);
    }

    private static String text(@Nullable String reason, @Nullable String message) {
        String what = Objects.requireNonNullElse(reason, "");
        return message == null || message.isBlank() ? what : what + ": " + message.strip();
    }

    private static @Nullable Long wallMillis(ContainerStateTerminated end) {
        Instant began = time(end.getStartedAt());
        Instant ended = time(end.getFinishedAt());
        return began == null || ended == null || began.equals(Instant.EPOCH)
                ? null
                : (Long) Duration.between(began, ended).toMillis();
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
