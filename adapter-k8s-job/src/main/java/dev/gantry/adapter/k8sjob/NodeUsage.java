package dev.gantry.adapter.k8sjob;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the kubelets of nodes tell of pods that run, for steps without a shell that could. A kubelet
 * is asked once for all its pods; what it told last of a pod, and the most that it had, is kept.
 */
final class NodeUsage implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final Executor threads;

    /** Node and sample of each pod, by UID. */
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();

    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looks = new AtomicBoolean();
    private volatile boolean closed;
    private volatile @Nullable String trouble;

    private record Watched(String node, @Nullable Sample sample) {}

    /**
     * Of one container.
     *
     * @param memoryBytes without files that Linux kept in memory, the most that was seen
     */
    record Sample(long cpuMillis, long memoryBytes) {
        Sample and(@Nullable Sample earlier) {
            return earlier == null
                    ? this
                    : new Sample(
                            Math.max(cpuMillis, earlier.cpuMillis),
                            Math.max(memoryBytes, earlier.memoryBytes));
        }
    }

    NodeUsage(KubernetesClient client, Executor threads) {
        this.client = client;
        this.threads = threads;
    }

    void watch(Pod pod) {
        String uid = pod.getMetadata().getUid();
        watched.putIfAbsent(uid, new Watched(pod.getSpec().getNodeName(), null));
        if (looks.compareAndSet(false, true)) {
            threads.execute(this::lookAgainAndAgain);
        }
    }

    /** What is known of the pod; null if nothing is. */
    @Nullable Sample of(Pod pod) {
        Watched one = watched.get(pod.getMetadata().getUid());
        return one == null ? null : one.sample();
    }

    void forget(String uid) {
        watched.remove(uid);
    }

    /** Why nothing is known, as it was the last time; null if it was. */
    @Nullable String trouble() {
        return trouble;
    }

    private void lookAgainAndAgain() {
        while (!closed) {
            Set<String> nodes = new HashSet<>();
            watched.values().forEach(one -> nodes.add(one.node()));
            // One that does not answer keeps nobody from the others.
            nodes.stream().filter(asked::add).forEach(node -> threads.execute(() -> ask(node)));
            try {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void ask(String node) {
        try {
            String path =
                    "/api/v1/nodes/%s/proxy/stats/summary?only_cpu_and_memory=true".formatted(node);
            JsonNode summary = Json.read(client.raw(path));
            summary.path("pods").forEach(this::take);
            trouble = null;
        } catch (RuntimeException e) {
            trouble = "the usage of node %s cannot be read: %s".formatted(node, Failures.reason(e));
        } finally {
            asked.remove(node);
        }
    }

    private void take(JsonNode pod) {
        for (JsonNode container : pod.path("containers")) {
            JsonNode cpu = container.at("/cpu/usageCoreNanoSeconds");
            JsonNode anonymous = container.at("/memory/rssBytes");
            JsonNode memory =
                    anonymous.isNumber() ? anonymous : container.at("/memory/workingSetBytes");
            if (Names.CONTAINER.equals(container.path("name").textValue())
                    && cpu.isNumber()
                    && memory.isNumber()) {
                Sample sample =
                        new Sample(
                                TimeUnit.NANOSECONDS.toMillis(cpu.longValue()), memory.longValue());
                watched.computeIfPresent(
                        String.valueOf(pod.at("/podRef/uid").textValue()),
                        (_, one) -> new Watched(one.node(), sample.and(one.sample())));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
