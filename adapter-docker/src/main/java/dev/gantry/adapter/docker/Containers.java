package dev.gantry.adapter.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Creates, adopts, stops and removes containers. */
final class Containers {
    static final String RETENTION = StepContext.LABEL_PREFIX + "retention";
    static final String KEEP_SECONDS = StepContext.LABEL_PREFIX + "keep-seconds";
    static final String NAME = StepContext.LABEL_PREFIX + "name";
    private static final int LARGEST_VARIABLE = 32 * 1024;
    private static final int PULL_MINUTES = 10;
    private static final int CREATE_TRIES = 100;

    private final DockerClient docker;
    private final DockerSettings settings;
    private final ContainerFiles files;
    private final DockerPolicy policy;

    Containers(
            DockerClient docker,
            DockerSettings settings,
            ContainerFiles files,
            DockerPolicy policy) {
        this.docker = docker;
        this.settings = settings;
        this.files = files;
        this.policy = policy;
    }

    Handle provision(Attempt attempt, ContainerPlan plan) throws ProvisionException {
        String doing = "container %s cannot be created".formatted(attempt.externalName());
        try {
            pull(plan);
            for (int n = 0; ; n++) {
                try {
                    return ready(create(attempt, plan), attempt, plan);
                } catch (ConflictException e) {
                    Optional<Handle> adopted = adopt(attempt, plan);
                    if (adopted.isPresent()) {
                        return adopted.get();
                    }
                    // The name is taken before there is a container to look at.
                    pause();
                    if (n == CREATE_TRIES) {
                        throw new ProvisionException(
                                Failures.of(doing, e, Progress.NEVER_STARTED), e);
                    }
                }
            }
        } catch (NotFoundException e) {
            throw new ProvisionException(
                    Failures.noImage(plan.image(), String.valueOf(e.getMessage())), e);
        } catch (RuntimeException e) {
            throw new ProvisionException(Failures.of(doing, e, Progress.NEVER_STARTED), e);
        }
    }

    /** Input is there before anybody has the handle; putting it twice changes nothing. */
    private Handle ready(String container, Attempt attempt, ContainerPlan plan) {
        files.put(container, attempt.input(), plan.script());
        return handle(container, attempt.externalName(), volume(attempt));
    }

    static Handle handle(String container, String name, String volume) {
        return new Handle(
                DockerProvider.KIND, 1, name, Map.of("container", container, "volume", volume));
    }

    /** One per attempt: what belongs to a later attempt is not removed with an earlier one. */
    private static String volume(Attempt attempt) {
        return "%s-a%d".formatted(attempt.externalName(), attempt.context().attempt());
    }

    private void pull(ContainerPlan plan) throws ProvisionException {
        String asked = policy.asked(plan.image());
        boolean there = isThere(asked);
        if (plan.pull() == Workload.PullPolicy.NEVER && !there) {
            throw new ProvisionException(
                    Failures.noImage(plan.image(), "its pull policy is 'never'"));
        }
        if (plan.pull() == Workload.PullPolicy.ALWAYS || !there) {
            try {
                if (!docker.pullImageCmd(asked)
                        .start()
                        .awaitCompletion(PULL_MINUTES, TimeUnit.MINUTES)) {
                    throw new ProvisionException(
                            Failures.pull(
                                    plan.image(),
                                    new DockerClientException(
                                            "pulling took longer than %d minutes"
                                                    .formatted(PULL_MINUTES))));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ProvisionException(
                        Failures.unavailable("pulling was interrupted", e, Progress.NEVER_STARTED),
                        e);
            } catch (DockerException | DockerClientException e) {
                throw new ProvisionException(Failures.pull(plan.image(), e), e);
            }
        }
    }

    private boolean isThere(String image) {
        try {
            docker.inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    /** Whether the container has ended and is to stay, at least for now. */
    static boolean isKept(InspectContainerResponse container) {
        Map<String, String> labels = labels(container);
        if (!Workload.Retention.KEEP.name().equals(labels.get(RETENTION))) {
            return false;
        }
        String seconds = labels.get(KEEP_SECONDS);
        String ended = container.getState().getFinishedAt();
        return seconds == null
                || ended == null
                || Instant.now()
                        .isBefore(Instant.parse(ended).plusSeconds(Long.parseLong(seconds)));
    }

    private String create(Attempt attempt, ContainerPlan plan) {
        Map<String, String> labels = new HashMap<>(attempt.context().labels());
        labels.put(RETENTION, plan.retention().name());
        labels.put(NAME, plan.name());
        Duration kept = plan.keepFor();
        if (kept != null) {
            labels.put(KEEP_SECONDS, Long.toString(kept.toSeconds()));
        }
        Mount files =
                new Mount()
                        .withType(MountType.VOLUME)
                        .withSource(volume(attempt))
                        .withTarget(ContainerFiles.MOUNT)
                        .withVolumeOptions(new VolumeOptions().withLabels(labels));
        HostConfig host = host(attempt, plan, files);
        CreateContainerCmd command =
                docker.createContainerCmd(policy.asked(plan.image()))
                        .withName(attempt.externalName())
                        .withHostConfig(host)
                        .withLabels(labels)
                        .withUser(plan.user() == null ? settings.user() : plan.user())
                        .withEnv(environment(attempt, plan))
                        .withStdinOpen(true)
                        .withStdInOnce(true)
                        .withTty(false);
        if (!plan.command().isEmpty()) {
            command.withEntrypoint(plan.command());
        }
        List<String> arguments = plan.allArguments();
        if (!arguments.isEmpty()) {
            command.withCmd(arguments);
        }
        return command.exec().getId();
    }

    private HostConfig host(Attempt attempt, ContainerPlan plan, Mount files) {
        Integer cpu = attempt.limits().cpuMillis();
        Long memory = attempt.limits().memoryBytes();
        long memoryBytes = memory == null ? settings.memoryBytes() : memory;
        return HostConfig.newHostConfig()
                .withMounts(List.of(files))
                .withNanoCPUs((cpu == null ? settings.cpuMillis() : cpu) * 1_000_000L)
                .withMemory(memoryBytes)
                // Swap would turn a memory limit into slowness.
                .withMemorySwap(memoryBytes)
                .withPidsLimit(settings.pidsLimit())
                .withNetworkMode(plan.network() == null ? settings.network() : plan.network())
                .withReadonlyRootfs(true)
                .withTmpFs(
                        Map.of(
                                "/tmp",
                                "rw,nosuid,nodev,size=%dm".formatted(settings.tmpMegabytes())))
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withPrivileged(false)
                // Of its own, whatever the engine's default is.
                .withIpcMode("private")
                // json-file alters bytes that are not UTF-8. Two files: when the second is full,
                // the first goes, which is what nobody may have read after a restart.
                .withLogConfig(
                        new LogConfig(
                                LogConfig.LoggingType.LOCAL,
                                Map.of(
                                        "max-size",
                                        "%dm".formatted(settings.logDiskMegabytes() / 2),
                                        "max-file",
                                        "2",
                                        "compress",
                                        "false")));
    }

    private static List<String> environment(Attempt attempt, ContainerPlan plan) {
        StepContext context = attempt.context();
        Map<String, String> variables = new HashMap<>(plan.environment());
        variables.put("GANTRY_INPUT_FILE", ContainerFiles.INPUT);
        variables.put("GANTRY_OUTPUT_FILE", ContainerFiles.OUTPUT);
        variables.put("GANTRY_ARTIFACTS", ContainerFiles.ARTIFACTS);
        variables.put("GANTRY_EXECUTION_ID", context.executionId());
        variables.put("GANTRY_STEP", Integer.toString(context.step()));
        variables.put("GANTRY_ATTEMPT", Integer.toString(context.attempt()));
        variables.put("GANTRY_CORRELATION_ID", context.correlationId());
        variables.put("GANTRY_IDEMPOTENCY_KEY", context.idempotencyKey());
        variables.put("GANTRY_TENANT", context.tenant());
        variables.put("GANTRY_INITIATOR", context.initiator());
        if (context.traceparent() != null) {
            variables.put("TRACEPARENT", context.traceparent());
        }
        if (attempt.input().length <= LARGEST_VARIABLE) {
            variables.put("GANTRY_INPUT", new String(attempt.input(), StandardCharsets.UTF_8));
        }
        List<String> environment = new ArrayList<>();
        variables.forEach((name, value) -> environment.add(name + "=" + value));
        return environment;
    }

    /** The name is taken: by this attempt, or by an earlier one, which is ended first. */
    private Optional<Handle> adopt(Attempt attempt, ContainerPlan plan) throws ProvisionException {
        InspectContainerResponse there = inspect(attempt.externalName());
        if (there == null) {
            return Optional.empty();
        }
        Map<String, String> labels = labels(there);
        StepContext context = attempt.context();
        if (!context.installation().equals(labels.get(StepContext.LABEL_PREFIX + "installation"))) {
            throw new ProvisionException(
                    Failures.invalid(
                            "container %s belongs to somebody else"
                                    .formatted(attempt.externalName())));
        }
        if (Integer.toString(context.attempt())
                .equals(labels.get(StepContext.LABEL_PREFIX + "attempt"))) {
            if (isCreated(there)) {
                files.put(there.getId(), attempt.input(), plan.script());
            }
            return Optional.of(handle(there.getId(), attempt.externalName(), volume(attempt)));
        }
        remove(
                there.getId(),
                attempt.externalName() + "-a" + labels.get(StepContext.LABEL_PREFIX + "attempt"));
        return Optional.empty();
    }

    @Nullable InspectContainerResponse inspect(String container) {
        try {
            return docker.inspectContainerCmd(container).exec();
        } catch (NotFoundException e) {
            return null;
        }
    }

    static Map<String, String> labels(InspectContainerResponse container) {
        Map<String, String> labels = container.getConfig().getLabels();
        return labels == null ? Map.of() : labels;
    }

    static boolean isCreated(InspectContainerResponse container) {
        return "created".equals(container.getState().getStatus());
    }

    static boolean isRunning(InspectContainerResponse container) {
        return Boolean.TRUE.equals(container.getState().getRunning())
                || "removing".equals(container.getState().getStatus());
    }

    /** Removing by force kills, and returns when the container is gone. */
    void remove(String container, String volume) {
        try {
            docker.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
        } catch (NotFoundException e) {
            // Gone already.
        } catch (ConflictException e) {
            awaitGone(container);
        }
        try {
            docker.removeVolumeCmd(volume).exec();
        } catch (NotFoundException e) {
            // Gone already.
        }
    }

    /** Somebody else removes it at this moment. */
    private void awaitGone(String container) {
        for (int n = 0; n < 200 && inspect(container) != null; n++) {
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
