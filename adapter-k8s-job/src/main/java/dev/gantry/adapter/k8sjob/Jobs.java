package dev.gantry.adapter.k8sjob;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSchedulingGate;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The API server, by what is asked of it. Everything is done to one object by its UID. */
final class Jobs {
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final PatchContext JSON = PatchContext.of(PatchType.JSON);

    private final KubernetesClient client;

    Jobs(KubernetesClient client) {
        this.client = client;
    }

    Job create(Job job) {
        return client.resource(job).create();
    }

    void create(Secret secret) {
        client.resource(secret).create();
    }

    Optional<Job> find(String namespace, String name) {
        return Optional.ofNullable(
                client.batch().v1().jobs().inNamespace(namespace).withName(name).get());
    }

    /** The Job as it is now; empty if it is gone, also if there is another one of its name. */
    Optional<Job> find(JobRef ref) {
        return find(ref.namespace(), ref.name()).filter(ref::is);
    }

    boolean hasSecret(String namespace, String name) {
        return client.secrets().inNamespace(namespace).withName(name).get() != null;
    }

    /** All Jobs of one step, whatever the attempt. */
    List<Job> ofStep(String namespace, String installation, String step) {
        return client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withLabels(Map.of(Names.INSTALLATION, installation, Names.STEP, step))
                .list()
                .getItems();
    }

    List<Pod> podsOf(JobRef ref) {
        return client.pods()
                .inNamespace(ref.namespace())
                .withLabel(Names.JOB_UID, ref.uid())
                .list()
                .getItems();
    }

    /**
     * Changes one of {@link Names#DECISIONS}, if all are as they were read; whatever else has
     * changed, such as the Job's status. The API server answers 422 if they are not.
     *
     * @return the Job with it
     */
    Job decide(Job job, String key, String value) {
        List<Map<String, Object>> patch = new ArrayList<>();
        patch.add(operation("test", "/metadata/uid", job.getMetadata().getUid()));
        Map<String, String> annotations = job.getMetadata().getAnnotations();
        for (String decision : Names.DECISIONS) {
            String known = annotations.getOrDefault(decision, "");
            patch.add(operation("test", annotation(decision), known));
        }
        patch.add(operation("replace", annotation(key), value));
        return client.batch()
                .v1()
                .jobs()
                .inNamespace(job.getMetadata().getNamespace())
                .withName(job.getMetadata().getName())
                .patch(JSON, Json.write(patch));
    }

    private static String annotation(String key) {
        return "/metadata/annotations/" + key.replace("/", "~1");
    }

    /** Asks for no pods, if nobody has changed the Job meanwhile. */
    void suspend(Job job) {
        client.batch()
                .v1()
                .jobs()
                .inNamespace(job.getMetadata().getNamespace())
                .withName(job.getMetadata().getName())
                .patch(
                        MERGE,
                        Json.write(
                                Map.of(
                                        "metadata",
                                        precondition(job),
                                        "spec",
                                        Map.of("suspend", true))));
    }

    /** Lets the pod go; what others hold it back by stays. */
    void lift(Pod pod) {
        List<PodSchedulingGate> gates = pod.getSpec().getSchedulingGates();
        List<PodSchedulingGate> left =
                gates.stream().filter(gate -> !gate.getName().equals(Names.GATE)).toList();
        replace(pod, "/spec/schedulingGates", gates, left);
    }

    /** What the pod tells is needed no more. */
    void release(Pod pod) {
        List<String> finalizers = pod.getMetadata().getFinalizers();
        List<String> left = new ArrayList<>(finalizers);
        if (left.remove(Names.FINALIZER)) {
            replace(pod, "/metadata/finalizers", finalizers, left);
        }
    }

    /** The API server answers 422 if it is another pod, or the value another one meanwhile. */
    private void replace(Pod pod, String path, Object before, Object after) {
        List<Map<String, Object>> patch =
                List.of(
                        operation("test", "/metadata/uid", pod.getMetadata().getUid()),
                        operation("test", path, before),
                        operation("replace", path, after));
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .patch(JSON, Json.write(patch));
    }

    private static Map<String, Object> operation(String name, String path, Object value) {
        return Map.of("op", name, "path", path, "value", value);
    }

    /** The API server answers 409 if it is another object, or was changed since it was read. */
    private static Map<String, Object> precondition(HasMetadata resource) {
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("uid", resource.getMetadata().getUid());
        metadata.put("resourceVersion", resource.getMetadata().getResourceVersion());
        return metadata;
    }

    /**
     * Has its node end the pod within its own grace period, and keep it: what is deleted has no log
     * any more.
     */
    void expire(Pod pod) {
        replace(
                pod,
                "/spec/activeDeadlineSeconds",
                Objects.requireNonNull(pod.getSpec().getActiveDeadlineSeconds()),
                1);
    }

    /** Asks for the end of the pod; its kubelet says when that has come. */
    void stop(Pod pod, long graceSeconds) {
        delete(
                "/api/v1/namespaces/%s/pods/%s"
                        .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName()),
                Map.of(
                        "gracePeriodSeconds",
                        graceSeconds,
                        "preconditions",
                        Map.of("uid", pod.getMetadata().getUid())));
    }

    /** Its pods and its Secret go after it. */
    void delete(JobRef ref) {
        delete(
                "/apis/batch/v1/namespaces/%s/jobs/%s".formatted(ref.namespace(), ref.name()),
                Map.of(
                        "propagationPolicy",
                        DeletionPropagation.BACKGROUND.toString(),
                        "preconditions",
                        Map.of("uid", ref.uid())));
    }

    private void delete(String path, Map<String, ?> options) {
        Map<String, Object> body = new HashMap<>(options);
        body.put("apiVersion", "v1");
        body.put("kind", "DeleteOptions");
        try {
            client.raw(path, "DELETE", body);
        } catch (RuntimeException e) {
            // Another one of the same name is not what was asked about, and what is gone is gone.
            if (!Failures.isGone(e) && !Failures.isConflict(e)) {
                throw e;
            }
        }
    }

    /** What was told of the Job itself, such as why it gets no pods; the newest last. */
    List<Event> events(JobRef ref) {
        return client.v1()
                .events()
                .inNamespace(ref.namespace())
                .withField("involvedObject.uid", ref.uid())
                .list()
                .getItems();
    }
}
