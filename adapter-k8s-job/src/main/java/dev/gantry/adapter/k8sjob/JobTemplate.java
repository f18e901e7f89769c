package dev.gantry.adapter.k8sjob;

import dev.gantry.process.ProcessStart;
import dev.gantry.process.Refusal;
import dev.gantry.process.StepFiles;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.Limits;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.Workload;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Job of one attempt, and the Secret with what it is given. */
final class JobTemplate {
    /** Of all that a step is given: a Secret takes no more. */
    static final int MOST_INPUT = 1 << 20;

    /** After its timeout, which is Gantry's to keep, a pod ends by itself. */
    static final Duration OVERDUE = Duration.ofSeconds(15);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MARK_BYTES = 16;
    private static final int READABLE = 0444;

    private final K8sSettings settings;
    private final Attempt attempt;
    private final JobPlan plan;
    private final Map<String, byte[]> given = new TreeMap<>();
    private final List<KeyToPath> files = new ArrayList<>();
    private final List<EnvVar> variables = new ArrayList<>();
    private final String mark;

    /**
     * @param mark of the Job, as it is annotated on one that is there
     */
    JobTemplate(K8sSettings settings, Attempt attempt, JobPlan plan, String mark)
            throws ProvisionException {
        this.settings = settings;
        this.attempt = attempt;
        this.plan = plan;
        this.mark = mark;
        give();
        long bytes = given.values().stream().mapToLong(value -> value.length).sum();
        if (bytes > MOST_INPUT) {
            throw new ProvisionException(
                    Refusal.invalid(
                            "input, script, arguments and variables have %d bytes together, a Secret of Kubernetes takes %d: set runtime.k8s-job.largeInput to reference and let the process read its input from where it says, or make the others smaller"
                                    .formatted(bytes, MOST_INPUT)));
        }
    }

    static String newMark(JobPlan plan) {
        if (!plan.usesShell()) {
            return "";
        }
        byte[] bytes = new byte[MARK_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private void give() {
        Workload.Process process = plan.process();
        file("input", StepFiles.INPUT, attempt.input());
        if (process.script() != null) {
            byte[] script = process.script().text().getBytes(StandardCharsets.UTF_8);
            file("script", StepFiles.script(process.script()), script);
        }
        if (plan.usesShell()) {
            file("stdin", StepShell.STDIN, ProcessStart.stdin(process, attempt));
            String text =
                    StepShell.text(
                            process,
                            mark,
                            attempt.limits().maxOutputBytes(),
                            Math.min(settings.filesBytes(), attempt.limits().maxArtifactBytes()));
            file("run", StepShell.PATH, text.getBytes(StandardCharsets.UTF_8));
        }
        Map<String, String> environment = ProcessStart.environment(process, attempt);
        if (!plan.usesShell()) {
            // What nobody collects is not asked for.
            environment.remove("GANTRY_ARTIFACTS");
        }
        environment.forEach(this::variable);
    }

    private void file(String key, String path, byte[] content) {
        given.put(key, content);
        files.add(new KeyToPath(key, null, path.substring(StepFiles.IN.length() + 1)));
    }

    /**
     * By the Secret: Kubernetes would read {@code $(…)} in a value, and show it to whoever sees
     * pods.
     */
    private void variable(String name, String value) {
        String key = "variable-" + variables.size();
        given.put(key, value.getBytes(StandardCharsets.UTF_8));
        variables.add(
                new EnvVarBuilder()
                        .withName(name)
                        .withNewValueFrom()
                        .withNewSecretKeyRef(key, Names.job(attempt), false)
                        .endValueFrom()
                        .build());
    }

    /**
     * @param input what its input is called where it is stored, or null
     */
    Job job(String namespace, @Nullable BlobName input) {
        Map<String, String> labels = Names.labels(attempt);
        Map<String, String> annotations = Names.annotations(attempt, mark);
        if (input != null) {
            annotations.put(Names.INPUT, input.toString());
        }
        return new JobBuilder()
                .withNewMetadata()
                .withName(Names.job(attempt))
                .withNamespace(namespace)
                .withLabels(labels)
                .withAnnotations(Names.undecided(annotations))
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withCompletions(1)
                .withParallelism(1)
                .withPodReplacementPolicy("Failed")
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .withAnnotations(annotations)
                .withFinalizers(Names.FINALIZER)
                .endMetadata()
                .withSpec(pod())
                .endTemplate()
                .endSpec()
                .build();
    }

    private PodSpec pod() {
        K8sSettings.PodDefaults defaults = settings.pod();
        Map<String, String> nodes = new TreeMap<>(plan.nodeSelector());
        nodes.putAll(defaults.nodeSelector());
        boolean namesAccount = plan.serviceAccount() != null;
        return new PodSpecBuilder()
                .withRestartPolicy("Never")
                .addNewSchedulingGate(Names.GATE)
                .withActiveDeadlineSeconds(overdue(attempt.limits()))
                .withTerminationGracePeriodSeconds(settings.grace().toSeconds())
                .withServiceAccountName(
                        namesAccount ? plan.serviceAccount() : defaults.serviceAccount())
                .withAutomountServiceAccountToken(namesAccount)
                .withEnableServiceLinks(false)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(defaults.user())
                .withRunAsGroup(defaults.user())
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withNodeSelector(nodes)
                .withTolerations(defaults.tolerations())
                .withPriorityClassName(defaults.priorityClass())
                .withRuntimeClassName(defaults.runtimeClass())
                .withImagePullSecrets(
                        defaults.pullSecrets().stream().map(LocalObjectReference::new).toList())
                .withContainers(container())
                .withVolumes(volumes())
                .build();
    }

    private static long overdue(Limits limits) {
        return Math.min(Integer.MAX_VALUE, limits.timeout().plus(OVERDUE).toSeconds());
    }

    private Container container() {
        Workload.Process process = plan.process();
        ContainerBuilder container =
                new ContainerBuilder()
                        .withName(Names.CONTAINER)
                        .withImage(settings.images().asked(process.image()))
                        .withImagePullPolicy(
                                switch (process.pull()) {
                                    case ALWAYS -> "Always";
                                    case IF_NOT_PRESENT -> "IfNotPresent";
                                    case NEVER -> "Never";
                                })
                        .withEnv(variables)
                        .withResources(resources())
                        .withNewSecurityContext()
                        .withAllowPrivilegeEscalation(false)
                        .withReadOnlyRootFilesystem(true)
                        .withNewCapabilities()
                        .withDrop("ALL")
                        .endCapabilities()
                        .endSecurityContext()
                        .addNewVolumeMount()
                        .withName("in")
                        .withMountPath(StepFiles.IN)
                        .withReadOnly(true)
                        .endVolumeMount()
                        .addNewVolumeMount()
                        .withName("tmp")
                        .withMountPath("/tmp")
                        .endVolumeMount()
                        .addNewVolumeMount()
                        .withName("out")
                        .withMountPath(StepFiles.OUT)
                        .endVolumeMount();
        if (plan.usesShell()) {
            return container
                    .withCommand(StepShell.command())
                    .addNewVolumeMount()
                    .withName("artifacts")
                    .withMountPath(StepFiles.ARTIFACTS)
                    .endVolumeMount()
                    .build();
        }
        return container
                .withCommand(literally(process.command()))
                .withArgs(literally(ProcessStart.arguments(process)))
                .withTerminationMessagePath(StepFiles.OUTPUT)
                .build();
    }

    /** Kubernetes puts variables in for {@code $(…)}; {@code $$} is one of these signs as it is. */
    private static List<String> literally(List<String> words) {
        return words.stream().map(word -> word.replace("$", "$$")).toList();
    }

    private ResourceRequirements resources() {
        int cpu = settings.limits().cpuMillis(attempt.limits());
        Quantity memory =
                new Quantity(Long.toString(settings.limits().memoryBytes(attempt.limits())));
        Quantity storage = new Quantity(Long.toString(settings.storageBytes()));
        int request = Math.max(1, (int) ((long) cpu * settings.cpuRequestPercent() / 100));
        return new ResourceRequirementsBuilder()
                .addToLimits("cpu", new Quantity(cpu + "m"))
                .addToLimits("memory", memory)
                .addToLimits("ephemeral-storage", storage)
                .addToRequests("cpu", new Quantity(request + "m"))
                .addToRequests("memory", memory)
                .addToRequests("ephemeral-storage", storage)
                .build();
    }

    private List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        volumes.add(
                new VolumeBuilder()
                        .withName("in")
                        .withNewSecret()
                        .withSecretName(Names.job(attempt))
                        .withDefaultMode(READABLE)
                        .withItems(files)
                        .endSecret()
                        .build());
        volumes.add(folder("tmp"));
        volumes.add(folder("out"));
        if (plan.usesShell()) {
            volumes.add(folder("artifacts"));
        }
        return volumes;
    }

    private Volume folder(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withSizeLimit(new Quantity(Long.toString(settings.storageBytes())))
                .endEmptyDir()
                .build();
    }

    /** It goes with its Job. */
    Secret secret(Job owner) {
        Map<String, String> data = new TreeMap<>();
        given.forEach((key, value) -> data.put(key, Base64.getEncoder().encodeToString(value)));
        return new SecretBuilder()
                .withNewMetadata()
                .withName(owner.getMetadata().getName())
                .withNamespace(owner.getMetadata().getNamespace())
                .withLabels(Names.labels(attempt))
                .withOwnerReferences(
                        new OwnerReferenceBuilder()
                                .withApiVersion("batch/v1")
                                .withKind("Job")
                                .withName(owner.getMetadata().getName())
                                .withUid(owner.getMetadata().getUid())
                                .build())
                .endMetadata()
                .withImmutable(true)
                .withData(data)
                .build();
    }
}
