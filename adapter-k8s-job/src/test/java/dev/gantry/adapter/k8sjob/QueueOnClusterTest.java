package dev.gantry.adapter.k8sjob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Printed;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a queue such as Kueue does: it suspends Jobs and lets them go on, and they end as asked. */
@Execution(ExecutionMode.CONCURRENT)
class QueueOnClusterTest {
    private static final String INSTALLATION = "queue";
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static @Nullable RealCluster shared;

    @BeforeAll
    static void findCluster() {
        shared = RealCluster.require();
    }

    @AfterAll
    static void removeNamespace() {
        if (shared != null) {
            shared.close();
        }
    }

    private static RealCluster cluster() {
        return Objects.requireNonNull(shared);
    }

    private static void suspend(JobRef job, boolean suspend) {
        cluster()
                .admin
                .batch()
                .v1()
                .jobs()
                .inNamespace(job.namespace())
                .withName(job.name())
                .patch(MERGE, Json.write(Map.of("spec", Map.of("suspend", suspend))));
    }

    private static List<Pod> pods(JobRef job) {
        return new Jobs(cluster().admin).podsOf(job);
    }

    private static boolean isSuspended(JobRef job) {
        return new Jobs(cluster().admin)
                .find(job).orElseThrow().getStatus().getConditions().stream()
                        .anyMatch(it ->
                                it.getType().equals("Suspended") && it.getStatus().equals("True"));
    }

    private static void label(String key, @Nullable String value) {
        String node = cluster().admin.nodes().list().getItems().getFirst().getMetadata().getName();
        Map<String, @Nullable String> labels = new HashMap<>();
        labels.put(key, value);
        cluster()
                .admin
                .nodes()
                .withName(node)
                .patch(MERGE, Json.write(Map.of("metadata", Map.of("labels", labels))));
    }

    /** It was let go and waited for a node: nothing is lost, and nothing runs twice. */
    @Test
    void waitsAgainWhereItIsTakenBackBeforeItBegan() throws Exception {
        String key = "gantry.dev/" + cluster().namespace;
        try (RunnerAdapter adapter =
                        cluster()
                                .adapter(
                                        INSTALLATION,
                                        Map.of(
                                                "node-selector",
                                                key + "=yes",
                                                "compare-seconds",
                                                "1"));
                Steps.Run run =
                        Steps.Run.begin(adapter, Steps.of(INSTALLATION, Shells.shell("echo 1")))) {
            RealCluster.until("a pod is let go", () -> Claims.lifted(pods(run.job())).isPresent());
            String first = pods(run.job()).getFirst().getMetadata().getUid();

            suspend(run.job(), true);
            RealCluster.until("its pod is gone", () -> pods(run.job()).isEmpty());
            assertThat(run.outcome()).as("the outcome of what is queued again").isNotDone();
            label(key, "yes");
            suspend(run.job(), false);

            assertThat(run.output()).isEqualTo("1\n");
            assertThat(pods(run.job()))
                    .singleElement()
                    .satisfies(pod -> assertThat(pod.getMetadata().getUid()).isNotEqualTo(first));
        } finally {
            label(key, null);
        }
    }

    @Test
    void tellsThatWhatRanWasTakenBack() throws Exception {
        try (RunnerAdapter adapter = cluster().adapter(INSTALLATION, Map.of());
                Steps.Run run =
                        Steps.Run.begin(
                                adapter, Steps.of(INSTALLATION, Shells.shell("sleep 100")))) {
            RealCluster.until(
                    "the step runs",
                    () ->
                            pods(run.job()).stream()
                                    .anyMatch(
                                            pod -> PodVerdict.of(pod) instanceof Verdict.Running));

            suspend(run.job(), true);

            Failure failure = run.failed().failure();
            assertThat(failure.code()).isEqualTo("K8S_JOB_SUSPENDED");
            assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
            assertThat(failure.retryable()).isTrue();

            suspend(run.job(), false);
            RealCluster.until(
                    "the Job has another pod",
                    () -> pods(run.job()).stream().anyMatch(PodVerdict::isGated));
            assertThat(pods(run.job()).stream().filter(pod -> !PodVerdict.isGated(pod)))
                    .as("pods that were let go")
                    .hasSize(1);
        }
    }

    /** The time that a Job may take begins when its pod does, and is Gantry's to keep. */
    @Test
    void countsNoTimeInTheQueue() throws Exception {
        Attempt attempt =
                Steps.of(
                        INSTALLATION,
                        Shells.shell("echo 1"),
                        Limits.defaults().withTimeout(Duration.ofSeconds(1)));
        try (RunnerAdapter adapter =
                cluster().adapter(INSTALLATION, Map.of("compare-seconds", "1"))) {
            Handle handle = adapter.provision(attempt);
            JobRef job = JobRef.of(handle);
            suspend(job, true);
            RealCluster.until("the Job is suspended", () -> isSuspended(job));
            CompletableFuture<Outcome> outcome = adapter.run(handle, attempt, new Printed());

            Thread.sleep(JobTemplate.OVERDUE.plusSeconds(2));
            suspend(job, false);

            assertThat(outcome.get(2, TimeUnit.MINUTES)).isInstanceOf(Outcome.Succeeded.class);
            adapter.teardown(handle);
        }
    }

    /** Whatever holds it back, a cancel ends it, and nothing of it begins afterwards. */
    @Test
    void cancelsWhatHasNotBegun() throws Exception {
        Map<String, Object> missing =
                Map.of("image", "127.0.0.1:1/no/such:1", "command", "x", "pullPolicy", "always");
        try (RunnerAdapter adapter = cluster().adapter(INSTALLATION, Map.of());
                RunnerAdapter picky =
                        cluster().adapter(INSTALLATION, Map.of("node-selector", "no=such"));
                Steps.Run pulling =
                        Steps.Run.begin(adapter, Steps.of(INSTALLATION, Steps.function(missing)));
                Steps.Run homeless =
                        Steps.Run.begin(picky, Steps.of(INSTALLATION, Shells.shell("echo 1")))) {
            assertCancelled(pulling, Verdict.Hold.IMAGE);
            assertCancelled(homeless, Verdict.Hold.SCHEDULER);
        }
    }

    private static void assertCancelled(Steps.Run run, Verdict.Hold hold) throws Exception {
        RealCluster.until("it waits for its " + hold, () -> isHeldBack(run.job(), hold));

        run.adapter().cancel(run.handle(), Duration.ofSeconds(1)).get(1, TimeUnit.MINUTES);

        assertThat(run.await()).isInstanceOf(Outcome.Cancelled.class);
        assertThat(pods(run.job()))
                .allSatisfy(
                        pod -> assertThat(PodVerdict.of(pod)).isInstanceOf(Verdict.Ended.class));
    }

    private static boolean isHeldBack(JobRef job, Verdict.Hold hold) {
        return pods(job).stream()
                .map(PodVerdict::of)
                .anyMatch(it -> it instanceof Verdict.Waiting waiting && waiting.hold() == hold);
    }

    @Test
    void removesNoOtherJobOfTheSameName() throws Exception {
        Attempt attempt = Steps.of(INSTALLATION, Shells.shell("echo 1"));
        try (RunnerAdapter adapter = cluster().adapter(INSTALLATION, Map.of())) {
            Handle before = adapter.provision(attempt);
            adapter.teardown(before);
            Handle now = adapter.provision(attempt);

            adapter.teardown(before);

            assertThat(new Jobs(cluster().admin).find(JobRef.of(now))).isPresent();
            assertThat(JobRef.of(now).uid()).isNotEqualTo(JobRef.of(before).uid());
            adapter.teardown(now);
        }
    }
}
