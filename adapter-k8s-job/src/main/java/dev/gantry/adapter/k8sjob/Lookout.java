package dev.gantry.adapter.k8sjob;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Watches all pods of an installation, in one namespace or all: one watch, however many Jobs there
 * are. A Job is only read when its pods give reason to. What the watch told is compared now and
 * then with what is there, as a watch can die unseen.
 */
final class Lookout implements AutoCloseable {
    private static final String BY_JOB = "job";

    private final KubernetesClient client;
    private final @Nullable String namespace;
    private final String installation;
    private final Duration compare;
    private final Map<String, Sight> sights = new ConcurrentHashMap<>();
    private volatile SharedIndexInformer<Pod> watched;
    private volatile long contact = System.nanoTime();
    private volatile boolean closed;

    /** Versions that the last comparison found behind, by UID. */
    private Map<String, String> behind = Map.of();

    /**
     * @param namespace null for all
     */
    Lookout(
            KubernetesClient client,
            @Nullable String namespace,
            String installation,
            Duration compare,
            Executor threads) {
        this.client = client;
        this.namespace = namespace;
        this.installation = installation;
        this.compare = compare;
        this.watched = watch();
        threads.execute(this::compareAgainAndAgain);
    }

    private SharedIndexInformer<Pod> watch() {
        SharedIndexInformer<Pod> fresh = mine().runnableInformer(0);
        fresh.addIndexers(Map.of(BY_JOB, pod -> List.of(jobUid(pod))));
        // An API server that is away comes back.
        fresh.exceptionHandler((_, _) -> !closed).addEventHandler(new Handler());
        var _ = fresh.start();
        return fresh;
    }

    private FilterWatchListDeletable<Pod, PodList, PodResource> mine() {
        var pods = client.pods();
        return (namespace == null ? pods.inAnyNamespace() : pods.inNamespace(namespace))
                .withLabel(Names.INSTALLATION, installation);
    }

    private static String jobUid(Pod pod) {
        return Objects.requireNonNullElse(pod.getMetadata().getLabels().get(Names.JOB_UID), "");
    }

    /** Its thread serves all Jobs: it only passes on that there is something to see. */
    private final class Handler implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            changed(pod);
        }

        @Override
        public void onUpdate(Pod before, Pod after) {
            changed(after);
        }

        @Override
        public void onDelete(Pod pod, boolean unknown) {
            changed(pod);
        }

        private void changed(Pod pod) {
            contact = System.nanoTime();
            wake(jobUid(pod));
        }
    }

    private void wake(String uid) {
        Sight sight = sights.get(uid);
        if (sight != null) {
            sight.change();
        }
    }

    /** Something of the Job has changed that no pod of it tells. */
    void wake(JobRef ref) {
        wake(ref.uid());
    }

    Sight observe(JobRef ref) {
        return sights.computeIfAbsent(ref.uid(), _ -> new Sight());
    }

    void forget(JobRef ref) {
        sights.remove(ref.uid());
    }

    /** The pods of the Job, as far as the watch has told. */
    List<Pod> pods(JobRef ref) {
        return watched.getIndexer().byIndex(BY_JOB, ref.uid());
    }

    /** How long the API server has told nothing, not even when it was asked. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - contact);
    }

    private void compareAgainAndAgain() {
        while (!closed) {
            try {
                Thread.sleep(compare);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (sights.isEmpty()) {
                contact = System.nanoTime();
            } else {
                compareOnce();
            }
        }
    }

    private void compareOnce() {
        try {
            SharedIndexInformer<Pod> known = watched;
            Map<String, String> now = difference(mine().list().getItems(), known);
            contact = System.nanoTime();
            boolean isDead = now.entrySet().stream().anyMatch(behind.entrySet()::contains);
            behind = isDead ? Map.of() : now;
            if (isDead && !closed) {
                watched = watch();
                known.stop();
            }
            sights.values().forEach(Sight::change);
        } catch (RuntimeException e) {
            // It does not answer: that is what the silence tells.
        }
    }

    /** What is there or gone unknown to the watch, with its version. */
    private static Map<String, String> difference(List<Pod> there, SharedIndexInformer<Pod> known) {
        Map<String, String> versions = new HashMap<>();
        known.getStore()
                .list()
                .forEach(it ->
                        versions.put(
                                it.getMetadata().getUid(), it.getMetadata().getResourceVersion()));
        Map<String, String> difference = new HashMap<>();
        for (Pod pod : there) {
            String uid = pod.getMetadata().getUid();
            String version = pod.getMetadata().getResourceVersion();
            if (!version.equals(versions.remove(uid))) {
                difference.put(uid, version);
            }
        }
        versions.keySet().forEach(uid -> difference.put(uid, "gone"));
        return difference;
    }

    @Override
    public void close() {
        closed = true;
        watched.stop();
    }
}
