package dev.gantry.adapter.k8sjob;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.Behaviour;
import dev.gantry.contract.Fault;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The contract kit's view of a real cluster. */
final class ClusterFixture implements AdapterFixture, AutoCloseable {
    private final RealCluster cluster;
    private final SharedIndexInformer<Pod> watch;
    private final List<ApiProxy> proxies = new CopyOnWriteArrayList<>();

    /** Containers that were seen to have begun, by step and attempt. */
    private final Map<String, Set<String>> begun = new ConcurrentHashMap<>();

    ClusterFixture(RealCluster cluster) {
        this.cluster = cluster;
        this.watch =
                cluster.admin
                        .pods()
                        .inNamespace(cluster.namespace)
                        .inform(
                                new ResourceEventHandler<>() {
                                    @Override
                                    public void onAdd(Pod pod) {
                                        remember(pod);
                                    }

                                    @Override
                                    public void onUpdate(Pod before, Pod after) {
                                        remember(after);
                                    }

                                    @Override
                                    public void onDelete(Pod pod, boolean unknown) {
                                        remember(pod);
                                    }
                                });
    }

    private void remember(Pod pod) {
        for (ContainerStatus container : pod.getStatus().getContainerStatuses()) {
            if (container.getContainerID() != null && began(container.getState())) {
                String step =
                        Objects.requireNonNullElse(
                                pod.getMetadata().getLabels().get(Names.STEP), "");
                String attempt =
                        Objects.requireNonNullElse(
                                pod.getMetadata().getLabels().get(Names.ATTEMPT), "");
                begun.computeIfAbsent(key(step, attempt), _ -> ConcurrentHashMap.newKeySet())
                        .add(container.getContainerID());
            }
        }
    }

    private static boolean began(ContainerState state) {
        return state.getRunning() != null
                || (state.getTerminated() != null
                        && !"StartError".equals(state.getTerminated().getReason()));
    }

    private static String key(String step, String attempt) {
        return step + "#" + attempt;
    }

    @Override
    public String kind() {
        return "k8s-job";
    }

    @Override
    public Set<RuntimeClass> runtimeClasses() {
        return EnumSet.of(RuntimeClass.JOB);
    }

    @Override
    public Set<Capability> claims() {
        return EnumSet.complementOf(EnumSet.of(Capability.GPU));
    }

    @Override
    public RunnerAdapter newAdapter(String installation) {
        return cluster.adapter(installation, Map.of());
    }

    @Override
    public Optional<RunnerAdapter> newAdapter(String installation, Fault fault) {
        Map<String, String> impatient =
                Map.of("outage-patience-seconds", "6", "compare-seconds", "1");
        Map<String, String> settings = new HashMap<>(impatient);
        String server =
                switch (fault) {
                    case BACKEND_DOWN -> "https://127.0.0.1:1";
                    case REPLY_LOST_AFTER_CREATE -> proxy(new LosesTheReply());
                    case CONNECTION_LOST_WHILE_RUNNING -> proxy(new CutsOnceItRuns());
                };
        settings.put("kubeconfig", cluster.kubeconfig(server).toString());
        return Optional.of(cluster.adapter(installation, settings));
    }

    private String proxy(ApiProxy.Harm harm) {
        ApiProxy proxy = new ApiProxy(cluster.admin.getConfiguration(), harm);
        proxies.add(proxy);
        if (harm instanceof CutsOnceItRuns cuts) {
            cuts.proxy = proxy;
        }
        return proxy.address();
    }

    private static final class LosesTheReply implements ApiProxy.Harm {
        private final AtomicBoolean lost = new AtomicBoolean();

        @Override
        public boolean answered(String method, String path) {
            return method.equals("POST") && path.endsWith("/jobs") && !lost.getAndSet(true);
        }
    }

    /** The pod that is let go is the one that will run. */
    private final class CutsOnceItRuns implements ApiProxy.Harm {
        private final AtomicBoolean seen = new AtomicBoolean();
        private volatile @Nullable ApiProxy proxy;

        @Override
        public boolean answered(String method, String path) {
            if (method.equals("PATCH") && path.contains("/pods/") && !seen.getAndSet(true)) {
                String name = path.substring(path.lastIndexOf('/') + 1).replaceAll("\\?.*", "");
                Thread.startVirtualThread(() -> {
                    RealCluster.until("pod " + name + " runs", () -> isRunning(name));
                    Objects.requireNonNull(proxy).cut();
                });
            }
            return false;
        }

        private boolean isRunning(String name) {
            Pod pod = cluster.admin.pods().inNamespace(cluster.namespace).withName(name).get();
            return pod.getStatus().getContainerStatuses().stream()
                    .anyMatch(it -> it.getState() != null && it.getState().getRunning() != null);
        }
    }

    @Override
    public Optional<Workload> workload(Behaviour behaviour) {
        return Optional.of(Shells.workload(behaviour));
    }

    @Override
    public Optional<Workload.Function> function() {
        return Optional.of(
                new Workload.Function(
                        "kit/step",
                        "1.0.0",
                        Map.of(
                                "image",
                                RealCluster.IMAGE,
                                "command",
                                List.of("/bin/true"),
                                "arguments",
                                List.of("-x"),
                                "environment",
                                Map.of("LEVEL", "info"),
                                "pullPolicy",
                                "never",
                                "shell",
                                true)));
    }

    @Override
    public int runs(Attempt attempt) {
        pods(attempt).forEach(this::remember);
        return begun.getOrDefault(
                        key(attempt.externalName(), Integer.toString(attempt.context().attempt())),
                        Set.of())
                .size();
    }

    private List<Pod> pods(Attempt attempt) {
        return cluster.pods(attempt.externalName()).stream()
                .filter(pod ->
                        Integer.toString(attempt.context().attempt())
                                .equals(pod.getMetadata().getLabels().get(Names.ATTEMPT)))
                .toList();
    }

    @Override
    public boolean alive(Attempt attempt) {
        return pods(attempt).stream()
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .anyMatch(it -> it.getState() != null && it.getState().getRunning() != null);
    }

    @Override
    public Optional<Duration> overdue() {
        return Optional.of(JobTemplate.OVERDUE.plusSeconds(20));
    }

    @Override
    public Duration moment() {
        return Duration.ofSeconds(4);
    }

    @Override
    public Duration patience() {
        return Duration.ofMinutes(2);
    }

    /** Each kind of step twice. */
    @Override
    public int chaos() {
        return 12;
    }

    @Override
    public int crowd() {
        return 4;
    }

    @Override
    public void close() {
        watch.stop();
        proxies.forEach(ApiProxy::close);
    }
}
