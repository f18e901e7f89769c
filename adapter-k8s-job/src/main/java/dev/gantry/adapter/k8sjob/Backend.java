package dev.gantry.adapter.k8sjob;

import dev.gantry.process.Capture;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A connected cluster. */
final class Backend implements AutoCloseable {
    private static final String ALL = "";

    private final KubernetesClient client;
    private final K8sSettings settings;
    private final String installation;
    private final Executor threads;
    private final Jobs jobs;
    private final Claims claims;
    private final NodeUsage nodeUsage;
    private final Map<String, Lookout> lookouts = new ConcurrentHashMap<>();

    Backend(KubernetesClient client, K8sSettings settings, String installation, Executor threads) {
        this.client = client;
        this.settings = settings;
        this.installation = installation;
        this.threads = threads;
        this.jobs = new Jobs(client);
        this.claims = new Claims(jobs);
        this.nodeUsage = new NodeUsage(client, threads);
    }

    KubernetesClient client() {
        return client;
    }

    K8sSettings settings() {
        return settings;
    }

    /** As the label's value. */
    String installation() {
        return installation;
    }

    Jobs jobs() {
        return jobs;
    }

    Claims claims() {
        return claims;
    }

    NodeUsage nodeUsage() {
        return nodeUsage;
    }

    Stop stop() {
        return new Stop(this);
    }

    /** One for each namespace, or one for all where nobody knows them all. */
    Lookout lookout(String namespace) {
        boolean isKnown = settings.namespaces().all().contains(namespace);
        return lookouts.computeIfAbsent(
                isKnown ? namespace : ALL,
                of ->
                        new Lookout(
                                client,
                                of.isEmpty() ? null : of,
                                installation,
                                settings.patience().compare(),
                                threads));
    }

    StepLog log(Pod pod, Capture capture, StepOutput.Files files, Runnable lostStart) {
        return new StepLog(
                LogSource.of(client, pod), mark(pod), capture, files, lostStart, threads);
    }

    private static String mark(Pod pod) {
        @Nullable Map<String, String> annotations = pod.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(Names.MARK, "");
    }

    @Override
    public void close() {
        lookouts.values().forEach(Lookout::close);
        nodeUsage.close();
        client.close();
    }
}
