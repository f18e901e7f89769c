package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.StepContext;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What carries this installation's label in the cluster. */
final class Ownership {
    private final Backend backend;

    Ownership(Backend backend) {
        this.backend = backend;
    }

    /** Jobs, and pods that Gantry still keeps though their Job is gone. */
    List<OwnedResource> owned() {
        List<OwnedResource> owned = new ArrayList<>();
        List<String> namespaces = backend.settings().namespaces().all();
        if (namespaces.isEmpty()) {
            KubernetesClient client = backend.client();
            collect(
                    owned,
                    client.batch()
                            .v1()
                            .jobs()
                            .inAnyNamespace()
                            .withLabel(Names.INSTALLATION, backend.installation())
                            .list()
                            .getItems(),
                    client.pods()
                            .inAnyNamespace()
                            .withLabel(Names.INSTALLATION, backend.installation())
                            .list()
                            .getItems());
        }
        namespaces.forEach(namespace -> in(namespace, owned));
        return owned;
    }

    private void in(String namespace, List<OwnedResource> owned) {
        KubernetesClient client = backend.client();
        collect(
                owned,
                client.batch()
                        .v1()
                        .jobs()
                        .inNamespace(namespace)
                        .withLabel(Names.INSTALLATION, backend.installation())
                        .list()
                        .getItems(),
                client.pods()
                        .inNamespace(namespace)
                        .withLabel(Names.INSTALLATION, backend.installation())
                        .list()
                        .getItems());
    }

    private static void collect(List<OwnedResource> owned, List<Job> jobs, List<Pod> pods) {
        Set<String> known = new HashSet<>();
        for (Job job : jobs) {
            known.add(job.getMetadata().getUid());
            owned.add(resource(JobRef.of(job), job));
        }
        for (Pod pod : pods) {
            JobRef.owner(pod)
                    .filter(_ -> pod.getMetadata().getFinalizers().contains(Names.FINALIZER))
                    .filter(owner -> known.add(owner.uid()))
                    .ifPresent(owner -> owned.add(resource(owner, pod)));
        }
    }

    private static OwnedResource resource(JobRef ref, HasMetadata of) {
        Map<String, String> labels = new TreeMap<>();
        of.getMetadata()
                .getAnnotations()
                .forEach((key, value) -> {
                    if (key.startsWith(StepContext.LABEL_PREFIX)) {
                        labels.put(key, value);
                    }
                });
        return new OwnedResource(
                ref.handle(), labels, Instant.parse(of.getMetadata().getCreationTimestamp()));
    }
}
