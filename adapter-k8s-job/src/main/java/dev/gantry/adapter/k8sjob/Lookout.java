package dev.gantry.adapter.k8sjob;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
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
 * Watches all Jobs and pods of an installation, in one namespace or all: one watch of each kind,
 * however many there are. What it was told is compared now and then with what is there, as a watch
 * can die unseen.
 */
final class Lookout implements AutoCloseable {
    private static final String BY_JOB = "job";

    private final KubernetesClient client;
    private final @Nullable String namespace;
    private final String installation;
    private final Duration compare;
    private final Map<String, Sight> sights = new ConcurrentHashMap<>();
    private volatile Watched watched;
    private volatile long contact = System.nanoTime();
    private volatile boolean closed;

    /** Versions that the last comparison found behind, by UID. */
    private Map<String, String> behind = Map.of();

    private record Watched(SharedIndexInformer<Job> jobs, SharedIndexInformer<Pod> pods) {
        void stop() {
            jobs.stop();
            pods.stop();
        }
    }

    /**
     * What is known of a Job.
     *
     * @param job null if it is not known
     */
    record View(@Nullable Job job, List<Pod> pods) {}

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

    private Watched watch() {
        var jobs = client.batch().v1().jobs();
        var pods = client.pods();
        Watched fresh =
                namespace == null
                        ? new Watched(
                                jobs.inAnyNamespace()
                                        .withLabel(Names.INSTALLATION, installation)
                                        .runnableInformer(0),
                                pods.inAnyNamespace()
                                        .withLabel(Names.INSTALLATION, installation)
                                        .runnableInformer(0))
                        : new Watched(
                                jobs.inNamespace(namespace)
                                        .withLabel(Names.INSTALLATION, installation)
                                        .runnableInformer(0),
                                pods.inNamespace(namespace)
                                        .withLabel(Names.INSTALLATION, installation)
                                        .runnableInformer(0));
        fresh.jobs().addIndexers(Map.of(BY_JOB, job -> List.of(job.getMetadata().getUid())));
        fresh.pods().addIndexers(Map.of(BY_JOB, pod -> List.of(jobUid(pod))));
        // An API server that is away comes back.
        fresh.jobs().exceptionHandler((_, _) -> !closed).addEventHandler(new Handler<>());
        fresh.pods().exceptionHandler((_, _) -> !closed).addEventHandler(new Handler<>());
        var _ = fresh.jobs().start();
        var _ = fresh.pods().start();
        return fresh;
    }

    private static String jobUid(HasMetadata resource) {
        return resource instanceof Job
                ? resource.getMetadata().getUid()
                : Objects.requireNonNullElse(
                        resource.getMetadata().getLabels().get(Names.JOB_UID), "");
    }

    /** Its thread serves all Jobs: it only passes on that there is something to see. */
    private final class Handler<T extends HasMetadata> implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T resource) {
            changed(resource);
        }

        @Override
        public void onUpdate(T before, T after) {
            changed(after);
        }

        @Override
        public void onDelete(T resource, boolean unknown) {
            changed(resource);
        }

        private void changed(T resource) {
            contact = System.nanoTime();
            Sight sight = sights.get(jobUid(resource));
            if (sight != null) {
                sight.change();
            }
        }
    }

    Sight observe(JobRef ref) {
        return sights.computeIfAbsent(ref.uid(), _ -> new Sight());
    }

    void forget(JobRef ref) {
        sights.remove(ref.uid());
    }

    View view(JobRef ref) {
        Watched now = watched;
        Job job =
                now.jobs().getIndexer().byIndex(BY_JOB, ref.uid()).stream()
                        .findFirst()
                        .orElse(null);
        return new View(job, now.pods().getIndexer().byIndex(BY_JOB, ref.uid()));
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
            Map<String, String> now = new HashMap<>();
            Watched known = watched;
            difference(now, jobs(), known.jobs());
            difference(now, pods(), known.pods());
            contact = System.nanoTime();
            boolean isDead = now.entrySet().stream().anyMatch(behind.entrySet()::contains);
            behind = isDead ? Map.of() : now;
            if (isDead && !closed) {
                Watched fresh = watch();
                watched = fresh;
                known.stop();
            }
            sights.values().forEach(Sight::change);
        } catch (RuntimeException e) {
            // It does not answer: that is what the silence tells.
        }
    }

    private List<Job> jobs() {
        var jobs = client.batch().v1().jobs();
        return (namespace == null
                        ? jobs.inAnyNamespace().withLabel(Names.INSTALLATION, installation).list()
                        : jobs.inNamespace(namespace)
                                .withLabel(Names.INSTALLATION, installation)
                                .list())
                .getItems();
    }

    private List<Pod> pods() {
        var pods = client.pods();
        return (namespace == null
                        ? pods.inAnyNamespace().withLabel(Names.INSTALLATION, installation).list()
                        : pods.inNamespace(namespace)
                                .withLabel(Names.INSTALLATION, installation)
                                .list())
                .getItems();
    }

    private static <T extends HasMetadata> void difference(
            Map<String, String> into, List<T> there, SharedIndexInformer<T> known) {
        Map<String, String> versions = new HashMap<>();
        known.getStore()
                .list()
                .forEach(it ->
                        versions.put(
                                it.getMetadata().getUid(), it.getMetadata().getResourceVersion()));
        for (T resource : there) {
            String uid = resource.getMetadata().getUid();
            String version = resource.getMetadata().getResourceVersion();
            if (!version.equals(versions.remove(uid))) {
                into.put(uid, version);
            }
        }
        versions.keySet().forEach(uid -> into.put(uid, "gone"));
    }

    @Override
    public void close() {
        closed = true;
        watched.stop();
    }
}
