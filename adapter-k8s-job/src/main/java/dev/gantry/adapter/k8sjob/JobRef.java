package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.Handle;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One Job, and not another one of the same name.
 *
 * @param step the external name of its step
 */
record JobRef(String namespace, String name, String uid, String step) {
    private static final int VERSION = 1;

    static JobRef of(Job job) {
        return new JobRef(
                job.getMetadata().getNamespace(),
                job.getMetadata().getName(),
                job.getMetadata().getUid(),
                step(job));
    }

    static JobRef of(Handle handle) {
        return new JobRef(
                required(handle, "namespace"),
                required(handle, "job"),
                required(handle, "uid"),
                handle.externalName());
    }

    /** The Job that made the pod, which may be gone. */
    static Optional<JobRef> owner(Pod pod) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        String uid = labels.get(Names.JOB_UID);
        String name = labels.get("batch.kubernetes.io/job-name");
        return uid == null || name == null
                ? Optional.empty()
                : Optional.of(new JobRef(pod.getMetadata().getNamespace(), name, uid, step(pod)));
    }

    private static String step(HasMetadata resource) {
        return Objects.requireNonNullElse(resource.getMetadata().getLabels().get(Names.STEP), "");
    }

    private static String required(Handle handle, String key) {
        String value = handle.state().get(key);
        if (value == null) {
            throw new IllegalArgumentException(
                    "handle '%s' of version %d has no '%s'"
                            .formatted(handle.externalName(), handle.version(), key));
        }
        return value;
    }

    Handle handle() {
        return new Handle(
                K8sJobProvider.KIND,
                VERSION,
                step,
                Map.of("namespace", namespace, "job", name, "uid", uid));
    }

    boolean is(Job job) {
        return uid.equals(job.getMetadata().getUid());
    }

    @Override
    public String toString() {
        return "Job %s/%s".formatted(namespace, name);
    }
}
