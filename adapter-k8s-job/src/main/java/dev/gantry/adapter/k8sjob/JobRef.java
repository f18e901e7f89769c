package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.Handle;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One Job, and not another one of the same name.
 *
 * @param step the external name of its step
 * @param input what its input is called where it is stored; null if it is not
 */
record JobRef(String namespace, String name, String uid, String step, @Nullable String input) {
    private static final int VERSION = 1;
    private static final String INPUT = "input";

    static JobRef of(Job job) {
        return new JobRef(
                job.getMetadata().getNamespace(),
                job.getMetadata().getName(),
                job.getMetadata().getUid(),
                step(job),
                input(job));
    }

    static JobRef of(Handle handle) {
        return new JobRef(
                required(handle, "namespace"),
                required(handle, "job"),
                required(handle, "uid"),
                handle.externalName(),
                handle.state().get(INPUT));
    }

    /** The Job that made the pod, which may be gone. */
    static Optional<JobRef> owner(Pod pod) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        String uid = labels.get(Names.JOB_UID);
        String name = labels.get("batch.kubernetes.io/job-name");
        return uid == null || name == null
                ? Optional.empty()
                : Optional.of(
                        new JobRef(
                                pod.getMetadata().getNamespace(),
                                name,
                                uid,
                                step(pod),
                                input(pod)));
    }

    private static String step(HasMetadata resource) {
        return Objects.requireNonNullElse(resource.getMetadata().getLabels().get(Names.STEP), "");
    }

    private static @Nullable String input(HasMetadata resource) {
        @Nullable Map<String, String> annotations = resource.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Names.INPUT);
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
        Map<String, String> state = new TreeMap<>();
        state.put("namespace", namespace);
        state.put("job", name);
        state.put("uid", uid);
        if (input != null) {
            state.put(INPUT, input);
        }
        return new Handle(K8sJobProvider.KIND, VERSION, step, state);
    }

    boolean is(Job job) {
        return uid.equals(job.getMetadata().getUid());
    }

    @Override
    public String toString() {
        return "Job %s/%s".formatted(namespace, name);
    }
}
