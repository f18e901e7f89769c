package dev.gantry.adapter.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
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
import com.github.dockerjava.transport.DockerHttpClient;
import dev.gantry.process.LimitPolicy;
import dev.gantry.process.ProcessStart;
import dev.gantry.process.Refusal;
import dev.gantry.process.StepFiles;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.time.Duration;
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
    private static final int PULL_MINUTES = 10;
    private static final int CREATE_TRIES = 100;

    private final DockerClient docker;
    private final DockerHttpClient http;
    private final DockerSettings settings;
    private final ContainerFiles files;

    Containers(
            DockerClient docker,
            DockerHttpClient http,
            DockerSettings settings,
            ContainerFiles files) {
        this.docker = docker;
        this.http = http;
        this.settings = settings;
        this.files = files;
    }

    Handle provision(Attempt attempt, ContainerPlan plan) throws ProvisionException {
        String doing = "container %s cannot be created".formatted(attempt.externalName());
        try {
            if (plan.process().pull() == Workload.PullPolicy.ALWAYS) {
                pull(plan);
            }
            for (int n = 0; ; n++) {
                try {
                    return ready(create(attempt, plan), attempt, plan);
                } catch (NotFoundException e) {
                    if (n == CREATE_TRIES || isThere(plan)) {
                        throw e;
                    }
                    // Rare: asking for the image before each step would cost a round trip.
                    pull(plan);
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
                    Failures.noImage(plan.process().image(), String.valueOf(e.getMessage())), e);
        } catch (RuntimeException e) {
            throw new ProvisionException(Failures.of(doing, e, Progress.NEVER_STARTED), e);
        }
    }

    /** Input is there before anybody has the handle; putting it twice changes nothing. */
    private Handle ready(String container, Attempt attempt, ContainerPlan plan) {
        files.put(container, attempt.input(), plan.process().script());
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
        String image = plan.process().image();
        if (plan.process().pull() == Workload.PullPolicy.NEVER) {
            throw new ProvisionException(Failures.noImage(image, "its pull policy is 'never'"));
        }
        try {
            if (!docker.pullImageCmd(asked(plan))
                    .start()
                    .awaitCompletion(PULL_MINUTES, TimeUnit.MINUTES)) {
                throw new ProvisionException(
                        Failures.pull(
                                image,
                                new DockerClientException(
                                        "pulling took longer than %d minutes"
                                                .formatted(PULL_MINUTES))));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProvisionException(
                    Failures.unavailable("pulling was interrupted", e, Progress.NEVER_STARTED), e);
        } catch (DockerException | DockerClientException e) {
            throw new ProvisionException(Failures.pull(image, e), e);
        }
    }

    private boolean isThere(ContainerPlan plan) {
        try {
            docker.inspectImageCmd(asked(plan)).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private String asked(ContainerPlan plan) {
        return settings.images().asked(plan.process().image());
    }

    private String create(Attempt attempt, ContainerPlan plan) {
        Map<String, String> labels = new HashMap<>(attempt.context().labels());
        labels.put(RETENTION, plan.process().retention().name());
        labels.put(NAME, plan.process().name());
        Duration kept = plan.process().keepFor();
        if (kept != null) {
            labels.put(KEEP_SECONDS, Long.toString(kept.toSeconds()));
        }
        Mount files =
                new Mount()
                        .withType(MountType.VOLUME)
                        .withSource(volume(attempt))
                        .withTarget(StepFiles.ROOT)
                        .withVolumeOptions(new VolumeOptions().withLabels(labels));
        HostConfig host = host(attempt, plan, files);
        CreateContainerCmd command =
                docker.createContainerCmd(asked(plan))
                        .withName(attempt.externalName())
                        .withHostConfig(host)
                        .withLabels(labels)
                        .withUser(plan.user() == null ? settings.user() : plan.user())
                        .withEnv(environment(attempt, plan))
                        .withStdinOpen(true)
                        .withStdInOnce(true)
                        .withTty(false);
        if (!plan.process().command().isEmpty()) {
            command.withEntrypoint(plan.process().command());
        }
        List<String> arguments = ProcessStart.arguments(plan.process());
        if (!arguments.isEmpty()) {
            command.withCmd(arguments);
        }
        return command.exec().getId();
    }

    private HostConfig host(Attempt attempt, ContainerPlan plan, Mount files) {
        LimitPolicy limits = settings.limits();
        long memoryBytes = limits.memoryBytes(attempt.limits());
        return HostConfig.newHostConfig()
                .withMounts(List.of(files))
                .withNanoCPUs(limits.cpuMillis(attempt.limits()) * 1_000_000L)
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
        return ProcessStart.environment(plan.process(), attempt).entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
    }

    /** The name is taken: by this attempt, or by an earlier one, which is ended first. */
    private Optional<Handle> adopt(Attempt attempt, ContainerPlan plan) throws ProvisionException {
        Seen there = inspect(attempt.externalName());
        if (there == null) {
            return Optional.empty();
        }
        Map<String, String> labels = there.labels();
        StepContext context = attempt.context();
        if (!context.installation().equals(labels.get(StepContext.LABEL_PREFIX + "installation"))) {
            throw new ProvisionException(
                    Refusal.invalid(
                            "container %s belongs to somebody else"
                                    .formatted(attempt.externalName())));
        }
        if (Integer.toString(context.attempt())
                .equals(labels.get(StepContext.LABEL_PREFIX + "attempt"))) {
            if (there.isCreated()) {
                files.put(there.id(), attempt.input(), plan.process().script());
            }
            return Optional.of(handle(there.id(), attempt.externalName(), volume(attempt)));
        }
        remove(
                there.id(),
                attempt.externalName() + "-a" + labels.get(StepContext.LABEL_PREFIX + "attempt"));
        return Optional.empty();
    }

    @Nullable Seen inspect(String container) {
        return Seen.on(http, container);
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
