package dev.gantry.adapter.k8sjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a real cluster can't be made to do. */
class StepsOnFakeClusterTest {

    private static Steps.Run begin(RunnerAdapter adapter) throws Exception {
        return Steps.Run.begin(adapter, Steps.of("fake", Shells.shell("echo 1")));
    }

    private static void awaitBegun(FakeCluster cluster, int count) {
        RealCluster.until(count + " pods have begun", () -> cluster.begun.size() >= count);
    }

    private static Failure failure(Steps.Run run) {
        return catchThrowableOfType(ExecutionException.class, run::await).failure();
    }

    @Test
    void runsOneOfTheTwoPodsOfAJob() throws Exception {
        try (FakeCluster cluster = new FakeCluster(2);
                RunnerAdapter adapter = cluster.adapter()) {
            Steps.Run run = begin(adapter);
            awaitBegun(cluster, 1);
            Thread.sleep(500);

            cluster.end(cluster.begun.iterator().next(), 0);

            assertThat(run.output()).isEqualTo("1\n");
            assertThat(cluster.begun).hasSize(1);
            adapter.teardown(run.handle());
            assertThat(adapter.owned()).isEmpty();
        }
    }

    /** It was let go, and nothing of it had begun: so nothing happens twice. */
    @Test
    void claimsTheOtherPodWhereTheFirstVanishesBeforeItBegan() throws Exception {
        try (FakeCluster cluster = new FakeCluster(2);
                RunnerAdapter adapter = cluster.adapter()) {
            cluster.begins = false;
            Steps.Run run = begin(adapter);
            Jobs jobs = new Jobs(cluster.admin);
            RealCluster.until(
                    "a pod is let go", () -> Claims.lifted(jobs.podsOf(run.job())).isPresent());
            Pod first = Claims.lifted(jobs.podsOf(run.job())).orElseThrow();

            RealCluster.until("there are two", () -> jobs.podsOf(run.job()).size() == 2);
            // What is watched comes a moment later than what is asked for.
            Thread.sleep(1_000);
            cluster.begins = true;
            cluster.admin.pods().resource(first).delete();
            awaitBegun(cluster, 1);
            assertThat(cluster.begun).doesNotContain(first.getMetadata().getName());
            cluster.end(cluster.begun.iterator().next(), 0);

            assertThat(run.output()).isEqualTo("1\n");
            assertThat(cluster.begun).hasSize(1);
        }
    }

    /** Its phase stays Running until the node is back, which may be never. */
    @Test
    void admitsThatItLostSightOfWhatRanOnALostNode() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1);
                RunnerAdapter adapter = cluster.adapter("node-patience-seconds", "2")) {
            Steps.Run run = begin(adapter);
            awaitBegun(cluster, 1);
            String pod = cluster.begun.iterator().next();
            RealCluster.until(
                    "it runs",
                    () ->
                            "Running"
                                    .equals(
                                            cluster.admin
                                                    .pods()
                                                    .inNamespace(FakeCluster.NAMESPACE)
                                                    .withName(pod)
                                                    .get()
                                                    .getStatus()
                                                    .getPhase()));
            cluster.change(
                    pod,
                    it ->
                            new PodBuilder(it)
                                    .editStatus()
                                    .addNewCondition()
                                    .withType("DisruptionTarget")
                                    .withStatus("True")
                                    .withReason("DeletionByTaintManager")
                                    .endCondition()
                                    .endStatus()
                                    .build());
            cluster.admin.pods().inNamespace(FakeCluster.NAMESPACE).withName(pod).delete();

            Failure failure = failure(run);

            assertThat(failure.code()).isEqualTo("LOST");
            assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        }
    }

    /** Whoever takes away finalizers and all: what nobody saw end is no success. */
    @Test
    void neverTakesAbsenceForSuccess() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1);
                RunnerAdapter adapter = cluster.adapter()) {
            Steps.Run pods = begin(adapter);
            awaitBegun(cluster, 1);
            Jobs jobs = new Jobs(cluster.admin);
            jobs.podsOf(pods.job()).forEach(pod -> remove(cluster, pod));
            Steps.Run both = begin(adapter);
            awaitBegun(cluster, 2);
            cluster.admin
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(FakeCluster.NAMESPACE)
                    .withName(both.job().name())
                    .delete();
            jobs.podsOf(both.job()).forEach(pod -> remove(cluster, pod));

            for (Steps.Run run : List.of(pods, both)) {
                Failure failure = failure(run);
                assertThat(failure.code()).isEqualTo("LOST");
                assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
            }
        }
    }

    private static void remove(FakeCluster cluster, Pod pod) {
        String name = pod.getMetadata().getName();
        cluster.change(
                name,
                it ->
                        new PodBuilder(it)
                                .editMetadata()
                                .withFinalizers(List.of())
                                .endMetadata()
                                .build());
        cluster.admin.pods().inNamespace(FakeCluster.NAMESPACE).withName(name).delete();
    }

    /** The node has thrown the log away between the end and the reading. */
    @Test
    void doesNotSucceedWithoutWhatTheStepLeft() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1);
                RunnerAdapter adapter = cluster.adapter()) {
            cluster.hasLogs = false;
            Steps.Run run = begin(adapter);
            awaitBegun(cluster, 1);
            cluster.end(cluster.begun.iterator().next(), 0);

            Failure failure = run.failed().failure();

            assertThat(failure.code()).isEqualTo("LOST");
            assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
            Failure gone =
                    catchThrowableOfType(
                                    ArtifactException.class,
                                    () ->
                                            adapter.collect(
                                                    run.handle(), run.attempt(), run.printed()))
                            .failure();
            assertThat(gone.code()).isEqualTo("K8S_JOB_LOG_GONE");
            assertThat(gone.retryable()).as("whether to ask again").isFalse();
        }
    }

    /** Whoever should tell the log says nothing: what has ended ends all the same. */
    @Test
    void endsAStepWhoseLogNeverComes() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1);
                RunnerAdapter adapter = cluster.adapter("outage-patience-seconds", "4")) {
            cluster.endsLogs = false;
            Steps.Run run = begin(adapter);
            awaitBegun(cluster, 1);
            cluster.end(cluster.begun.iterator().next(), 0);

            Failure failure = run.failed().failure();

            assertThat(failure.code()).isEqualTo("LOST");
            assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        }
    }

    /** What it did not say while it ran is no sign that its log is lost. */
    @Test
    void waitsForTheLogOfWhatWasSilentForLong() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1);
                RunnerAdapter adapter = cluster.adapter("outage-patience-seconds", "5")) {
            cluster.logsAreLate = Duration.ofSeconds(1);
            Steps.Run run = begin(adapter);
            awaitBegun(cluster, 1);
            RealCluster.until("its log is followed", () -> cluster.followed() == 1);
            Thread.sleep(Duration.ofSeconds(6));
            cluster.end(cluster.begun.iterator().next(), 0);

            assertThat(run.output()).isEqualTo("1\n");
        }
    }

    @Test
    void takesManyEndsAtOnce() throws Exception {
        int count = 200;
        try (FakeCluster cluster = new FakeCluster(1);
                RunnerAdapter adapter = cluster.adapter("compare-seconds", "10")) {
            List<Steps.Run> runs = new ArrayList<>();
            runs.add(begin(adapter));
            awaitBegun(cluster, 1);
            for (int i = 1; i < count; i++) {
                runs.add(begin(adapter));
            }
            awaitBegun(cluster, count);
            RealCluster.until("all logs are followed", () -> cluster.followed() == count);
            assertThat(new HashSet<>(cluster.watches))
                    .as("what is watched for %d steps", count)
                    .containsExactly("/api/v1/namespaces/" + FakeCluster.NAMESPACE + "/pods");

            cluster.begun.forEach(pod -> cluster.end(pod, 0));

            for (Steps.Run run : runs) {
                assertThat(run.outcome().get(2, TimeUnit.MINUTES))
                        .isInstanceOf(Outcome.Succeeded.class);
            }
        }
    }
}
