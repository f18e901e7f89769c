package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerAdapterProvider.AdapterContext;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A small API server with a Job controller and a node that do what real ones can't be made to do.
 * The node begins every pod that nobody holds back; how it ends, a test says.
 */
final class FakeCluster implements AutoCloseable {
    static final String NAMESPACE = "fake";

    /** It tells of each request. */
    private static final Logger SERVER = Logger.getLogger("io.fabric8.mockwebserver");

    private static final String NODE = "node-1";

    private final KubernetesMockServer server;
    final KubernetesClient admin;
    private final ApiProxy proxy;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Pods whose container was begun. */
    final Set<String> begun = ConcurrentHashMap.newKeySet();

    /** Paths that were watched through the adapter's address, once for each time. */
    final List<String> watches = new CopyOnWriteArrayList<>();

    private final AtomicInteger followers = new AtomicInteger();
    private final CountDownLatch never = new CountDownLatch(1);
    private final Map<String, CountDownLatch> ends = new ConcurrentHashMap<>();
    private final Set<String> beginning = ConcurrentHashMap.newKeySet();

    volatile boolean hasLogs = true;
    volatile boolean endsLogs = true;
    volatile Duration logsAreLate = Duration.ZERO;
    volatile boolean begins = true;

    /**
     * @param podsPerJob more than one breaks what the Job controller promises
     */
    FakeCluster(int podsPerJob) {
        SERVER.setLevel(Level.OFF);
        this.server =
                new KubernetesMockServer(
                        new Context(),
                        new MockWebServer(),
                        new HashMap<>(),
                        new KubernetesCrudDispatcher(),
                        false);
        server.init();
        this.admin = server.createClient();
        admin.batch()
                .v1()
                .jobs()
                .inNamespace(NAMESPACE)
                .inform(new Added<>(job -> makePods(job, podsPerJob)));
        admin.pods().inNamespace(NAMESPACE).inform(new Added<>(this::begin));
        this.proxy =
                new ApiProxy(
                        admin.getConfiguration(),
                        new ApiProxy.Harm() {
                            @Override
                            public byte @Nullable [] answer(String method, String path) {
                                if (path.contains("watch=true")) {
                                    watches.add(path.replaceAll("[?].*", ""));
                                }
                                return path.contains("/log?") ? log(path) : null;
                            }
                        });
    }

    private interface Act<T> {
        void on(T resource);
    }

    private final class Added<T> implements ResourceEventHandler<T> {
        private final Act<T> act;

        Added(Act<T> act) {
            this.act = act;
        }

        @Override
        public void onAdd(T resource) {
            threads.execute(() -> act.on(resource));
        }

        @Override
        public void onUpdate(T before, T after) {
            onAdd(after);
        }

        @Override
        public void onDelete(T resource, boolean unknown) {}
    }

    private void makePods(Job job, int count) {
        for (int i = 0; i < count; i++) {
            String name = job.getMetadata().getName() + "-" + i;
            if (admin.pods().inNamespace(NAMESPACE).withName(name).get() == null) {
                admin.pods()
                        .inNamespace(NAMESPACE)
                        .resource(
                                new PodBuilder()
                                        .withMetadata(
                                                new ObjectMetaBuilder(
                                                                job.getSpec()
                                                                        .getTemplate()
                                                                        .getMetadata())
                                                        .withName(name)
                                                        .addToLabels(
                                                                Names.JOB_UID,
                                                                job.getMetadata().getUid())
                                                        .addToLabels(
                                                                "batch.kubernetes.io/job-name",
                                                                job.getMetadata().getName())
                                                        .build())
                                        .withSpec(job.getSpec().getTemplate().getSpec())
                                        .withNewStatus()
                                        .withPhase("Pending")
                                        .endStatus()
                                        .build())
                        .create();
            }
        }
    }

    private void begin(Pod pod) {
        if (begins
                && pod.getSpec().getSchedulingGates().isEmpty()
                && !PodVerdict.isDeleted(pod)
                && beginning.add(pod.getMetadata().getName())) {
            change(
                    pod.getMetadata().getName(),
                    it -> new PodBuilder(it).editSpec().withNodeName(NODE).endSpec().build());
            status(
                    pod.getMetadata().getName(),
                    new PodStatusBuilder()
                            .withPhase("Running")
                            .withContainerStatuses(
                                    container()
                                            .withNewState()
                                            .withNewRunning(Instant.now().toString())
                                            .endState()
                                            .build())
                            .build());
            begun.add(pod.getMetadata().getName());
        }
    }

    private static ContainerStatusBuilder container() {
        return new ContainerStatusBuilder().withName(Names.CONTAINER).withContainerID("fake://1");
    }

    void status(String pod, PodStatus status) {
        change(pod, it -> new PodBuilder(it).withStatus(status).build());
    }

    /** Others may change it at the same time. */
    void change(String pod, UnaryOperator<Pod> change) {
        var resource = admin.pods().inNamespace(NAMESPACE).withName(pod);
        for (int n = 0; ; n++) {
            try {
                resource.edit(change);
                resource.editStatus(change);
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() == 404) {
                    return;
                }
                if (n == 100) {
                    throw e;
                }
            }
        }
    }

    /** How many requests there were to follow a log. */
    int followed() {
        return followers.get();
    }

    private CountDownLatch ended(String pod) {
        return ends.computeIfAbsent(pod, _ -> new CountDownLatch(1));
    }

    void end(String pod, int code) {
        String now = Instant.now().toString();
        status(
                pod,
                new PodStatusBuilder()
                        .withPhase(code == 0 ? "Succeeded" : "Failed")
                        .withContainerStatuses(
                                container()
                                        .withNewState()
                                        .withNewTerminated()
                                        .withExitCode(code)
                                        .withStartedAt(now)
                                        .withFinishedAt(now)
                                        .endTerminated()
                                        .endState()
                                        .build())
                        .build());
        ended(pod).countDown();
    }

    /** What a step's shell prints whose process prints 1. */
    private byte[] log(String path) {
        if (!hasLogs) {
            return "unable to retrieve container logs for fake://1"
                    .getBytes(StandardCharsets.UTF_8);
        }
        String name = path.replaceAll(".*/pods/([^/]+)/log.*", "$1");
        if (path.contains("follow=true") || !endsLogs) {
            followers.incrementAndGet();
            try {
                (endsLogs ? ended(name) : never).await();
                Thread.sleep(logsAreLate);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Pod pod = admin.pods().inNamespace(NAMESPACE).withName(name).get();
        String mark = Objects.requireNonNull(pod.getMetadata().getAnnotations().get(Names.MARK));
        String time = "2026-11-30T10:00:00Z ";
        return (time + mark + "<1\n" + time + mark + "?\n" + time + mark + ">" + mark + ".")
                .getBytes(StandardCharsets.UTF_8);
    }

    RunnerAdapter adapter(String... settings) {
        try {
            Path file = Files.createTempFile("gantry-", ".kubeconfig");
            file.toFile().deleteOnExit();
            Files.writeString(
                    file,
                    """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: c, cluster: {server: "%s"}}]
                    users: [{name: u, user: {token: t}}]
                    contexts: [{name: x, context: {cluster: c, user: u}}]
                    current-context: x
                    """
                            .formatted(proxy.address()));
            Map<String, String> all = new HashMap<>();
            all.put("kubeconfig", file.toString());
            all.put("namespace", NAMESPACE);
            all.put("compare-seconds", "1");
            for (int i = 0; i < settings.length; i += 2) {
                all.put(settings[i], settings[i + 1]);
            }
            return new K8sJobProvider().create(new AdapterContext("fake", all));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        never.countDown();
        proxy.close();
        admin.close();
        server.destroy();
        threads.shutdownNow();
    }
}
