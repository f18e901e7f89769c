package dev.gantry.benchmarks;

import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Watchable;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What a step costs beside a bare Job of the same image with the same limits, created and watched
 * by a minimal client: to the end of its pod, and to its own completion. Needs {@code
 * -Dgantry.kubeconfig=FILE} of an account that may make namespaces, and the image {@code
 * -Dimage=gantry/busybox:test} on the nodes; {@code -Dtimes=50}.
 */
public final class KubernetesSteps {
    private static final String IMAGE = System.getProperty("image", "gantry/busybox:test");
    private static final List<String> COMMAND = List.of("/bin/sh", "-c", "echo '{\"done\":true}'");
    private static final long PATIENCE_SECONDS = 120;

    private KubernetesSteps() {}

    public static void main(String[] arguments) throws Exception {
        String file = System.getProperty("gantry.kubeconfig");
        if (file == null) {
            throw new IllegalArgumentException(
                    "set -Dgantry.kubeconfig to a kubeconfig; KUBECONFIG is not read");
        }
        Config config = Config.fromKubeconfig(new File(file));
        String namespace = "gantry-bench-" + UUID.randomUUID().toString().substring(0, 8);
        try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
            client.namespaces()
                    .resource(
                            new NamespaceBuilder()
                                    .withNewMetadata()
                                    .withName(namespace)
                                    .endMetadata()
                                    .build())
                    .create();
            try {
                compare(client, namespace, file);
            } finally {
                client.namespaces().withName(namespace).delete();
            }
        }
    }

    private static void compare(KubernetesClient client, String namespace, String file)
            throws Exception {
        while (client.serviceAccounts().inNamespace(namespace).withName("default").get() == null) {
            Thread.sleep(50);
        }
        Workload workload =
                new Workload.Process(
                        "bench",
                        IMAGE,
                        COMMAND,
                        List.of(),
                        Map.of(),
                        null,
                        Workload.PullPolicy.NEVER,
                        Workload.Result.FUNCTION,
                        Workload.Retention.REMOVE);
        Map<String, String> settings = Map.of("kubeconfig", file, "namespace", namespace);
        for (Until until : Until.values()) {
            Pairs.print(
                    "a bare Job, " + until.words,
                    new BareJob(client, namespace, until),
                    "a step of the Kubernetes Job adapter, from provision to outcome",
                    new AdapterStep("k8s-job", settings, RuntimeClass.JOB, workload, "{}"),
                    Integer.getInteger("times", 50));
        }
    }

    /** What tells a client that a bare Job is over. */
    private enum Until {
        POD_ENDED("until its pod has ended"),
        JOB_COMPLETE("until it is complete");

        private final String words;

        Until(String words) {
            this.words = words;
        }
    }

    private static final class BareJob implements Pairs.Way {
        private final KubernetesClient client;
        private final String namespace;
        private final Until until;
        private String name = "";
        private int number;

        BareJob(KubernetesClient client, String namespace, Until until) {
            this.client = client;
            this.namespace = namespace;
            this.until = until;
        }

        @Override
        public void prepare() {
            number++;
            name = "bare-%s-%d".formatted(until.name().charAt(0) == 'P' ? "p" : "j", number);
        }

        @Override
        public void timed() throws Exception {
            Job job = client.resource(job()).create();
            switch (until) {
                case POD_ENDED ->
                        await(
                                client.pods()
                                        .inNamespace(namespace)
                                        .withLabel(
                                                "batch.kubernetes.io/controller-uid",
                                                job.getMetadata().getUid()),
                                BareJob::hasEnded);
                case JOB_COMPLETE ->
                        await(
                                client.batch().v1().jobs().inNamespace(namespace).withName(name),
                                BareJob::isComplete);
            }
        }

        private static boolean hasEnded(Pod pod) {
            return "Succeeded".equals(pod.getStatus().getPhase());
        }

        private static boolean isComplete(Job job) {
            return job.getStatus().getConditions().stream()
                    .anyMatch(condition -> condition.getType().equals("Complete"));
        }

        private static <T extends HasMetadata> void await(Watchable<T> what, Predicate<T> isOver)
                throws Exception {
            CompletableFuture<Boolean> over = new CompletableFuture<>();
            Watcher<T> watcher =
                    new Watcher<>() {
                        @Override
                        public void eventReceived(Action action, T resource) {
                            if (isOver.test(resource)) {
                                over.complete(true);
                            }
                        }

                        @Override
                        public void onClose(WatcherException cause) {
                            over.completeExceptionally(cause);
                        }
                    };
            try (Watch _ = what.watch(watcher)) {
                over.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        }

        private Job job() {
            return new JobBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(namespace)
                    .endMetadata()
                    .withNewSpec()
                    .withBackoffLimit(0)
                    .withNewTemplate()
                    .withNewSpec()
                    .withRestartPolicy("Never")
                    .withAutomountServiceAccountToken(false)
                    .addNewContainer()
                    .withName("step")
                    .withImage(IMAGE)
                    .withImagePullPolicy("Never")
                    .withCommand(COMMAND)
                    .withResources(resources())
                    .endContainer()
                    .endSpec()
                    .endTemplate()
                    .endSpec()
                    .build();
        }

        /** The adapter's defaults. */
        private static ResourceRequirements resources() {
            Map<String, Quantity> all =
                    Map.of(
                            "cpu",
                            new Quantity("1"),
                            "memory",
                            new Quantity("512Mi"),
                            "ephemeral-storage",
                            new Quantity("1Gi"));
            return new ResourceRequirementsBuilder().withRequests(all).withLimits(all).build();
        }

        @Override
        public void cleanUp() {
            client.batch().v1().jobs().inNamespace(namespace).withName(name).delete();
        }
    }
}
