package dev.gantry.adapter.k8sjob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Printed;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Probe;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.Workload;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What only Kubernetes does, on a real cluster. */
@Execution(ExecutionMode.CONCURRENT)
class StepsOnClusterTest {
    private static final String INSTALLATION = "test";
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

    private static RunnerAdapter adapter(String... settings) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return cluster().adapter(INSTALLATION, all);
    }

    private static Job job(Steps.Run run) {
        return new Jobs(cluster().admin).find(run.job()).orElseThrow();
    }

    private static List<Pod> pods(Steps.Run run) {
        return new Jobs(cluster().admin).podsOf(run.job());
    }

    private static void awaitRunning(Steps.Run run) {
        RealCluster.until(
                "the step runs",
                () ->
                        pods(run).stream()
                                .anyMatch(pod -> PodVerdict.of(pod) instanceof Verdict.Running));
    }

    /** As the Job controller does, against its own promise. */
    private static Pod makeSecondPod(Job job) {
        return cluster()
                .admin
                .pods()
                .inNamespace(job.getMetadata().getNamespace())
                .resource(
                        new PodBuilder()
                                .withMetadata(
                                        new ObjectMetaBuilder(
                                                        job.getSpec().getTemplate().getMetadata())
                                                .withGenerateName(job.getMetadata().getName() + "-")
                                                .addToFinalizers("batch.kubernetes.io/job-tracking")
                                                .addNewOwnerReference()
                                                .withApiVersion("batch/v1")
                                                .withKind("Job")
                                                .withName(job.getMetadata().getName())
                                                .withUid(job.getMetadata().getUid())
                                                .withController(true)
                                                .withBlockOwnerDeletion(true)
                                                .endOwnerReference()
                                                .build())
                                .withSpec(job.getSpec().getTemplate().getSpec())
                                .build())
                .create();
    }

    @Test
    void neverRunsASecondPod() throws Exception {
        try (RunnerAdapter adapter = adapter();
                Steps.Run run =
                        Steps.Run.begin(
                                adapter, Steps.of(INSTALLATION, Shells.shell("sleep 4; echo 1")))) {
            awaitRunning(run);

            Pod second = makeSecondPod(job(run));

            assertThat(run.output()).isEqualTo("1\n");
            RealCluster.until(
                    "the Job is complete",
                    () ->
                            job(run).getStatus().getConditions().stream()
                                    .anyMatch(it -> it.getType().equals("Complete")));
            assertThat(
                            pods(run).stream()
                                    .filter(pod ->
                                            pod.getMetadata()
                                                    .getUid()
                                                    .equals(second.getMetadata().getUid()))
                                    .filter(pod -> !PodVerdict.isGated(pod)))
                    .as("second pods that were let go")
                    .isEmpty();
        }
    }

    @Test
    void claimsOneOfTwoPodsThatWait() throws Exception {
        try (RunnerAdapter adapter = adapter()) {
            var attempt = Steps.of(INSTALLATION, Shells.shell("sleep 2; echo 2"));
            var handle = adapter.provision(attempt);
            Job job = new Jobs(cluster().admin).find(JobRef.of(handle)).orElseThrow();
            makeSecondPod(job);
            try (RunnerAdapter other = adapter()) {
                // Two nodes that both think that the step is theirs.
                var one = adapter.run(handle, attempt, new Printed());
                var two = other.run(handle, attempt, new Printed());

                assertThat(one.get()).isInstanceOf(Outcome.Succeeded.class);
                assertThat(two.get()).isInstanceOf(Outcome.Succeeded.class);
                assertThat(
                                new Jobs(cluster().admin)
                                        .podsOf(JobRef.of(handle)).stream()
                                                .filter(pod -> !PodVerdict.isGated(pod)))
                        .as("pods that were let go")
                        .hasSize(1);
            } finally {
                adapter.teardown(handle);
            }
        }
    }

    @Test
    void givesUpAnImageThatCannotBeHad() throws Exception {
        Workload missing = Steps.function(Map.of("image", "127.0.0.1:1/no/such:1", "command", "x"));
        Workload never =
                Steps.function(Map.of("image", "no/such:2", "command", "x", "pullPolicy", "never"));
        try (RunnerAdapter adapter = adapter("image-patience-seconds", "5");
                Steps.Run away = Steps.Run.begin(adapter, Steps.of(INSTALLATION, missing));
                Steps.Run none = Steps.Run.begin(adapter, Steps.of(INSTALLATION, never))) {
            Failure noRegistry = away.failed().failure();
            Failure noImage = none.failed().failure();

            assertThat(noRegistry.code()).isEqualTo("BACKEND_UNAVAILABLE");
            assertThat(noRegistry.progress()).isEqualTo(Progress.NEVER_STARTED);
            assertThat(noRegistry.retryable()).isTrue();
            assertThat(noImage.code()).isEqualTo("IMAGE_NOT_FOUND");
            assertThat(noImage.actor()).isEqualTo(Actor.AUTHOR);
            assertThat(noImage.progress()).isEqualTo(Progress.NEVER_STARTED);
        }
    }

    @Test
    void givesUpWhatNoNodeTakes() throws Exception {
        try (RunnerAdapter adapter =
                        adapter("start-patience-seconds", "3", "node-selector", "no=such");
                Steps.Run run =
                        Steps.Run.begin(adapter, Steps.of(INSTALLATION, Shells.shell("echo 1")))) {
            Failure failure = run.failed().failure();

            assertThat(failure.code()).isEqualTo("K8S_JOB_UNSCHEDULABLE");
            assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
            assertThat(failure.actor()).isEqualTo(Actor.PLATFORM);
            assertThat(PodVerdict.of(pods(run).getFirst()))
                    .as("the pod can't begin afterwards")
                    .isInstanceOf(Verdict.Ended.class);
        }
    }

    @Test
    void tellsARefusalByTheQuota() throws Exception {
        try (RealCluster own = RealCluster.require()) {
            own.admin
                    .resourceQuotas()
                    .inNamespace(own.namespace)
                    .resource(
                            new ResourceQuotaBuilder()
                                    .withNewMetadata()
                                    .withName("none")
                                    .endMetadata()
                                    .withNewSpec()
                                    .addToHard("pods", new Quantity("0"))
                                    .endSpec()
                                    .build())
                    .create();
            RealCluster.until(
                    "the quota is in force",
                    () ->
                            own.admin
                                            .resourceQuotas()
                                            .inNamespace(own.namespace)
                                            .withName("none")
                                            .get()
                                            .getStatus()
                                            .getHard()
                                    != null);
            try (RunnerAdapter adapter =
                            own.adapter(INSTALLATION, Map.of("start-patience-seconds", "2"));
                    Steps.Run run =
                            Steps.Run.begin(
                                    adapter, Steps.of(INSTALLATION, Shells.shell("echo 1")))) {
                Failure failure = run.failed().failure();

                assertThat(failure.code()).isEqualTo("K8S_JOB_REFUSED");
                assertThat(failure.message()).contains("exceeded quota");
                assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
                assertThat(failure.retryable()).isTrue();
            }
        }
    }

    @Test
    void tellsAnEviction() throws Exception {
        // What is asked to stop and ends with 0 has not done what it should.
        String polite = "trap 'exit 0' TERM; sleep 100 & wait";
        try (RunnerAdapter adapter = adapter();
                Steps.Run run =
                        Steps.Run.begin(adapter, Steps.of(INSTALLATION, Shells.shell(polite)))) {
            awaitRunning(run);
            Pod pod = pods(run).getFirst();

            cluster()
                    .admin
                    .pods()
                    .inNamespace(cluster().namespace)
                    .withName(pod.getMetadata().getName())
                    .evict(
                            new EvictionBuilder()
                                    .withNewMetadata()
                                    .withName(pod.getMetadata().getName())
                                    .withNamespace(cluster().namespace)
                                    .endMetadata()
                                    .build());

            Failure failure = run.failed().failure();
            assertThat(failure.code()).isEqualTo("KILLED");
            assertThat(failure.message()).contains("drained");
            assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        }
    }

    @Test
    void keepsTheEndOfAPodThatSomebodyDeletes() throws Exception {
        try (RunnerAdapter adapter = adapter()) {
            Steps.Run run =
                    Steps.Run.begin(adapter, Steps.of(INSTALLATION, Shells.shell("echo '{}'")));
            assertThat(run.output()).isEqualTo("{}\n");

            cluster()
                    .admin
                    .pods()
                    .inNamespace(cluster().namespace)
                    .resource(pods(run).getFirst())
                    .delete();

            try (RunnerAdapter restarted = adapter()) {
                assertThat(restarted.probe(run.handle(), run.attempt()))
                        .isInstanceOf(Probe.Done.class);
            }
            run.close();
            assertThat(adapter.owned()).noneMatch(it -> it.handle().equals(run.handle()));
        }
    }

    @Test
    void runsImagesAsTheyAreWithoutAShell() throws Exception {
        Workload function =
                Steps.function(
                        Map.of(
                                "image",
                                RealCluster.IMAGE,
                                "pullPolicy",
                                "never",
                                "shell",
                                false,
                                "command",
                                List.of("/bin/sh", "-c"),
                                "arguments",
                                List.of(
                                        "echo log; printf '{\"a\": \"%s\", \"v\": \"'$LEVEL'\"}' '$(GANTRY_STEP)' > $GANTRY_OUTPUT_FILE"),
                                "environment",
                                Map.of("LEVEL", "$(GANTRY_STEP)")));
        try (RunnerAdapter adapter = adapter();
                Steps.Run run = Steps.Run.begin(adapter, Steps.of(INSTALLATION, function))) {
            assertThat(run.output())
                    .isEqualTo("{\"a\": \"$(GANTRY_STEP)\", \"v\": \"$(GANTRY_STEP)\"}");
            assertThat(run.printed().text(Stream.STDOUT)).isEqualTo("log\n");
        }
    }

    @Test
    void saysWhatAnImageCannotBegin() throws Exception {
        Workload function =
                Steps.function(
                        Map.of(
                                "image",
                                RealCluster.IMAGE,
                                "pullPolicy",
                                "never",
                                "shell",
                                false,
                                "command",
                                "/no/such"));
        try (RunnerAdapter adapter = adapter();
                Steps.Run run = Steps.Run.begin(adapter, Steps.of(INSTALLATION, function))) {
            Failure failure = run.failed().failure();

            assertThat(failure.code()).isEqualTo("INVALID_WORKLOAD");
            assertThat(failure.message()).contains("/no/such");
            assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
        }
    }

    @Test
    void failsAStepWhoseFilesAreTooLarge() throws Exception {
        try (RunnerAdapter adapter = adapter("files-mib", "1");
                Steps.Run run =
                        Steps.Run.begin(
                                adapter,
                                Steps.of(
                                        INSTALLATION,
                                        Shells.shell(
                                                "echo a > $GANTRY_ARTIFACTS/a; head -c 1100000 /dev/zero > $GANTRY_ARTIFACTS/b.bin")))) {
            Failure failure = run.failed().failure();

            assertThat(failure.code()).isEqualTo("OUTPUT_TOO_LARGE");
            assertThat(failure.message()).contains("b.bin", "files-mib");
        }
    }

    @Test
    void refusesAnInputThatFitsInNoSecret() throws Exception {
        var attempt = Steps.of(INSTALLATION, Shells.shell("cat"));
        var large =
                new dev.gantry.spi.Attempt(
                        attempt.context(),
                        attempt.externalName(),
                        attempt.runtimeClass(),
                        attempt.workload(),
                        new byte[(1 << 20) + 1],
                        attempt.limits());
        try (RunnerAdapter adapter = adapter()) {
            var refusal =
                    org.assertj.core.api.Assertions.catchThrowableOfType(
                            dev.gantry.spi.ProvisionException.class,
                            () -> adapter.provision(large));

            assertThat(refusal.failure().code()).isEqualTo("INVALID_WORKLOAD");
            assertThat(refusal.failure().message()).contains("1048576");
        }
    }
}
