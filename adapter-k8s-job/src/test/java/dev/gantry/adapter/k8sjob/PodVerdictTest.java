package dev.gantry.adapter.k8sjob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pods say of their step: documents as clusters write them. */
class PodVerdictTest {
    private static final String GONE_AT =
            "deletionTimestamp: '2026-11-30T10:00:40Z', deletionGracePeriodSeconds: 30";
    private static final String RAN =
            "startedAt: '2026-11-30T10:00:00Z', finishedAt: '2026-11-30T10:00:20Z'";
    private static final String RAN_BEFORE =
            "startedAt: '2026-11-30T10:00:00Z', finishedAt: '2026-11-30T10:00:05Z'";

    private static Pod pod(String metadata, String spec, String status) {
        return Serialization.unmarshal(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p, uid: u, %s}
                spec: {%s}
                status: {%s}
                """
                        .formatted(metadata, spec, status),
                Pod.class);
    }

    private static Verdict verdict(String metadata, String status) {
        return PodVerdict.of(pod(metadata, "nodeName: n", status));
    }

    private static Verdict verdict(String status) {
        return verdict("", status);
    }

    private static String state(String state) {
        return "containerStatuses: [{name: step, state: {%s}}]".formatted(state);
    }

    private static String condition(String type, String value, String reason) {
        return "conditions: [{type: %s, status: '%s', reason: %s, message: words, lastTransitionTime: '2026-11-30T10:00:10Z'}]"
                .formatted(type, value, reason);
    }

    private static Verdict.Ended ended(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Ended.class);
        return (Verdict.Ended) verdict;
    }

    private static Failure cause(Verdict verdict) {
        Failure cause = ended(verdict).cause();
        assertThat(cause).isNotNull();
        return cause;
    }

    /** Whatever the phase says, and whether anything else says that it was a success. */
    @ParameterizedTest
    @ValueSource(strings = {"Pending", "Running", "Succeeded", "Failed", "Unknown"})
    void takesTheExitCodeOfTheStepsOwnContainer(String phase) {
        Verdict.Ended ended =
                ended(
                        verdict(
                                "phase: %s, %s"
                                        .formatted(
                                                phase,
                                                state(
                                                        "terminated: {exitCode: 3, %s}"
                                                                .formatted(RAN)))));

        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.started()).isTrue();
        assertThat(ended.disturbed()).isFalse();
        assertThat(ended.cause()).isNull();
        assertThat(ended.wallMillis()).isEqualTo(20_000);
    }

    @Test
    void neverTakesAPhaseForSuccess() {
        Verdict.Ended ended = ended(verdict("phase: Succeeded"));

        assertThat(ended.code()).isNull();
        assertThat(cause(ended).code()).isEqualTo("LOST");
        assertThat(cause(ended).progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }

    /** Native sidecars end after the step, and as they like. */
    @Test
    void leavesSidecarsAlone() {
        String sidecars =
                "initContainerStatuses: [{name: proxy, state: {%s}}], containerStatuses: [{name: other, state: {terminated: {exitCode: 137, reason: Error, %s}}}, {name: step, state: {%s}}]";

        assertThat(
                        ended(
                                        verdict(
                                                "phase: Running, "
                                                        + sidecars.formatted(
                                                                "running: {}",
                                                                RAN,
                                                                "terminated: {exitCode: 0, %s}"
                                                                        .formatted(RAN))))
                                .code())
                .isZero();
        assertThat(
                        verdict(
                                "phase: Running, "
                                        + sidecars.formatted(
                                                "terminated: {exitCode: 143}", RAN, "running: {}")))
                .isInstanceOf(Verdict.Running.class);
    }

    @Test
    void tellsLackOfMemoryWhateverTheCode() {
        Verdict.Ended child =
                ended(
                        verdict(
                                "phase: Succeeded, "
                                        + state(
                                                "terminated: {exitCode: 0, reason: OOMKilled, %s}"
                                                        .formatted(RAN))));

        assertThat(child.lackedMemory()).isTrue();
        assertThat(child.code()).isZero();
        assertThat(child.cause()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "PreemptionByScheduler, KILLED, priority",
        "EvictionByEvictionAPI, KILLED, drained",
        "TerminationByKubelet, KILLED, node ended it",
        "DeletionByTaintManager, LOST, node is gone",
        "DeletionByPodGC, LOST, node is gone",
        "SomethingNew, KILLED, disrupted"
    })
    void tellsWhoDisruptedIt(String reason, String code, String words) {
        for (int exit : new int[] {0, 1, 137, 143}) {
            Verdict.Ended ended =
                    ended(
                            verdict(
                                    GONE_AT,
                                    "phase: Failed, %s, %s"
                                            .formatted(
                                                    condition("DisruptionTarget", "True", reason),
                                                    state(
                                                            "terminated: {exitCode: %d, %s}"
                                                                    .formatted(exit, RAN)))));

            assertThat(ended.disturbed()).isTrue();
            assertThat(cause(ended).code()).isEqualTo(code);
            assertThat(cause(ended).message()).contains(words);
            assertThat(cause(ended).actor()).isEqualTo(Actor.BACKEND);
            assertThat(cause(ended).retryable()).isTrue();
            assertThat(cause(ended).progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        }
    }

    @Test
    void keepsAnEndThatCameBeforeTheDisruption() {
        Verdict.Ended ended =
                ended(
                        verdict(
                                GONE_AT,
                                "phase: Succeeded, %s, %s"
                                        .formatted(
                                                condition(
                                                        "DisruptionTarget",
                                                        "True",
                                                        "EvictionByEvictionAPI"),
                                                state(
                                                        "terminated: {exitCode: 0, %s}"
                                                                .formatted(RAN_BEFORE)))));

        assertThat(ended.cause()).isNull();
        assertThat(ended.code()).isZero();
    }

    /** Nodes do not always say that they evict. */
    @ParameterizedTest
    @CsvSource({
        "The node was low on resource: memory. Container step was using 1Gi, KILLED, BACKEND, true",
        "Pod ephemeral local storage usage exceeds the total limit of containers 1Mi., K8S_JOB_OUT_OF_STORAGE, AUTHOR, false",
        "Usage of EmptyDir volume \"tmp\" exceeds the limit \"1Mi\"., K8S_JOB_OUT_OF_STORAGE, AUTHOR, false",
        "Container step exceeded its local ephemeral storage limit \"1Mi\"., K8S_JOB_OUT_OF_STORAGE, AUTHOR, false"
    })
    void tellsEvictionsByTheirReason(String words, String code, Actor actor, boolean retryable) {
        Failure cause =
                cause(
                        verdict(
                                "phase: Failed, reason: Evicted, message: '%s', %s"
                                        .formatted(
                                                words,
                                                state(
                                                        "terminated: {exitCode: 137, %s}"
                                                                .formatted(RAN)))));

        assertThat(cause.code()).isEqualTo(code);
        assertThat(cause.actor()).isEqualTo(actor);
        assertThat(cause.retryable()).isEqualTo(retryable);
        assertThat(cause.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OutOfcpu",
                "OutOfmemory",
                "OutOfpods",
                "UnexpectedAdmissionError",
                "NodeAffinity",
                "NodeShutdown"
            })
    void knowsThatWhatTheNodeRefusedNeverStarted(String reason) {
        Verdict.Ended ended = ended(verdict("phase: Failed, reason: %s".formatted(reason)));

        assertThat(ended.started()).isFalse();
        assertThat(cause(ended).code()).isEqualTo("K8S_JOB_NOT_ADMITTED");
        assertThat(cause(ended).progress()).isEqualTo(Progress.NEVER_STARTED);
    }

    @Test
    void saysThatNobodyKnowsWhereStatusIsMissing() {
        Verdict.Ended evicted = ended(verdict("phase: Failed, reason: Evicted, message: pressure"));
        Verdict.Ended unknown =
                ended(
                        verdict(
                                "phase: Failed, containerStatuses: [{name: step, containerID: 'containerd://1', state: {terminated: {exitCode: 137, reason: ContainerStatusUnknown}}}]"));

        assertThat(cause(evicted).progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        assertThat(unknown.code()).isNull();
        assertThat(cause(unknown).code()).isEqualTo("LOST");
        assertThat(cause(unknown).progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }

    /** Nodes write so of containers that they never made, and of such that they have lost. */
    @Test
    void tellsWhatWasNeverMadeFromWhatWasLost() {
        String unknown = "{exitCode: 137, reason: ContainerStatusUnknown}";
        Verdict.Ended neverMade =
                ended(verdict(GONE_AT, "phase: Failed, " + state("terminated: " + unknown)));
        Verdict.Ended waiting =
                ended(verdict(GONE_AT, "phase: Failed, " + state("waiting: {reason: X}")));
        Verdict.Ended lost =
                ended(
                        verdict(
                                GONE_AT,
                                "phase: Failed, containerStatuses: [{name: step, state: {waiting: {reason: ContainerCreating}}, lastState: {terminated: %s}}]"
                                        .formatted(unknown)));

        assertThat(neverMade.started()).isFalse();
        assertThat(cause(neverMade).progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(waiting.started()).isFalse();
        assertThat(lost.started()).isTrue();
        assertThat(cause(lost).progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }

    @Test
    void tellsTheNodesOwnDeadline() {
        Failure cause =
                cause(
                        verdict(
                                "phase: Failed, reason: DeadlineExceeded, %s"
                                        .formatted(
                                                state(
                                                        "terminated: {exitCode: 137, %s}"
                                                                .formatted(RAN)))));

        assertThat(cause.code()).isEqualTo("TIMEOUT");
        assertThat(cause.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }

    @Test
    void knowsWhatCouldNotBeStarted() {
        Verdict.Ended ended =
                ended(
                        verdict(
                                "phase: Failed, "
                                        + state(
                                                "terminated: {exitCode: 128, reason: StartError, message: 'exec: \"/nope\": no such file', startedAt: '1970-01-01T00:00:00Z'}")));

        assertThat(ended.started()).isFalse();
        assertThat(ended.couldNotStart()).contains("/nope");
    }

    @Test
    void knowsThatADeletedPodWithoutNodeNeverStarts() {
        Verdict.Ended ended = ended(PodVerdict.of(pod(GONE_AT, "", "phase: Pending")));

        assertThat(ended.started()).isFalse();
        assertThat(cause(ended).progress()).isEqualTo(Progress.NEVER_STARTED);
    }

    @Test
    void waitsForWhatIsDeletedAndRunsOn() {
        assertThat(verdict(GONE_AT, "phase: Running, " + state("running: {}")))
                .isEqualTo(new Verdict.Running(null));
    }

    /** Its phase stays Running until the node is back, which may be never. */
    @Test
    void tellsThatTheNodeOfWhatRunsIsLost() {
        Verdict verdict =
                verdict(
                        GONE_AT,
                        "phase: Running, %s, %s"
                                .formatted(
                                        condition(
                                                "DisruptionTarget",
                                                "True",
                                                "DeletionByTaintManager"),
                                        state("running: {}")));

        assertThat(verdict).isInstanceOf(Verdict.Running.class);
        Failure lost = ((Verdict.Running) verdict).lost();
        assertThat(lost).isNotNull();
        assertThat(lost.code()).isEqualTo("LOST");
        assertThat(lost.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }

    @ParameterizedTest
    @CsvSource({
        "ErrImagePull, 'not found', IMAGE, IMAGE_NOT_FOUND, AUTHOR, false",
        "ImagePullBackOff, 'Back-off pulling image', IMAGE, IMAGE_NOT_FOUND, AUTHOR, false",
        "ErrImagePull, 'dial tcp 10.0.0.1:443: connect: connection refused', IMAGE, BACKEND_UNAVAILABLE, BACKEND, true",
        "ErrImagePull, 'unexpected status: 503 Service Unavailable', IMAGE, BACKEND_UNAVAILABLE, BACKEND, true",
        "InvalidImageName, 'could not parse', HOPELESS, IMAGE_NOT_FOUND, AUTHOR, false",
        "ErrImageNeverPull, 'is not present with pull policy of Never', HOPELESS, IMAGE_NOT_FOUND, AUTHOR, false",
        "CreateContainerConfigError, 'container has runAsNonRoot', IMAGE, INVALID_WORKLOAD, AUTHOR, false",
        "CreateContainerError, 'failed to reserve name', IMAGE, INVALID_WORKLOAD, AUTHOR, false",
        "ContainerCreating, '', NODE, K8S_JOB_NOT_STARTED, BACKEND, true"
    })
    void tellsWhatHoldsAContainerBack(
            String reason,
            @Nullable String message,
            Verdict.Hold hold,
            String code,
            Actor actor,
            boolean retryable) {
        Verdict verdict =
                verdict(
                        "phase: Pending, "
                                + state(
                                        "waiting: {reason: %s, message: '%s'}"
                                                .formatted(reason, message)));

        assertWaiting(verdict, hold, code, actor, retryable);
    }

    @Test
    void tellsWhatHoldsAPodBack() {
        Verdict unschedulable =
                PodVerdict.of(
                        pod(
                                "",
                                "",
                                "phase: Pending, "
                                        + condition("PodScheduled", "False", "Unschedulable")));
        Verdict unseen = PodVerdict.of(pod("", "", "phase: Pending"));
        Verdict gated =
                PodVerdict.of(
                        pod(
                                "",
                                "schedulingGates: [{name: kueue.x-k8s.io/topology}]",
                                "phase: Pending, "
                                        + condition("PodScheduled", "False", "SchedulingGated")));

        assertWaiting(
                unschedulable,
                Verdict.Hold.SCHEDULER,
                "K8S_JOB_UNSCHEDULABLE",
                Actor.PLATFORM,
                true);
        assertWaiting(unseen, Verdict.Hold.SCHEDULER, "K8S_JOB_NOT_STARTED", Actor.BACKEND, true);
        assertWaiting(gated, Verdict.Hold.QUEUE, "K8S_JOB_QUEUED", Actor.PLATFORM, true);
    }

    private static void assertWaiting(
            Verdict verdict, Verdict.Hold hold, String code, Actor actor, boolean retryable) {
        assertThat(verdict).isInstanceOf(Verdict.Waiting.class);
        Verdict.Waiting waiting = (Verdict.Waiting) verdict;
        assertThat(waiting.hold()).isEqualTo(hold);
        assertThat(waiting.ifItLasts().code()).isEqualTo(code);
        assertThat(waiting.ifItLasts().actor()).isEqualTo(actor);
        assertThat(waiting.ifItLasts().retryable()).isEqualTo(retryable);
        assertThat(waiting.ifItLasts().progress()).isEqualTo(Progress.NEVER_STARTED);
    }
}
