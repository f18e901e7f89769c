package dev.gantry.adapter.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.Container;
import dev.gantry.process.StepFiles;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What on the engine belongs to an installation, by its labels. */
final class Ownership {
    private final DockerClient docker;
    private final Containers containers;
    private final String installation;

    Ownership(DockerClient docker, Containers containers, String installation) {
        this.docker = docker;
        this.containers = containers;
        this.installation = installation;
    }

    /** A container that its workload asked to keep is nobody's once it has ended. */
    List<OwnedResource> owned() throws ExecutionException {
        Map<String, String> mine = Map.of(StepContext.LABEL_PREFIX + "installation", installation);
        try {
            List<OwnedResource> owned = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (Container container :
                    docker.listContainersCmd().withShowAll(true).withLabelFilter(mine).exec()) {
                String name = container.getNames()[0].substring(1);
                String volume = volume(container);
                names.add(volume);
                Map<String, String> labels =
                        Objects.requireNonNullElse(container.getLabels(), Map.of());
                boolean mayBeKept =
                        Workload.Retention.KEEP.name().equals(labels.get(Containers.RETENTION))
                                && "exited".equals(container.getState());
                if (!mayBeKept || !isKept(container.getId())) {
                    owned.add(
                            new OwnedResource(
                                    Containers.handle(container.getId(), name, volume),
                                    known(labels),
                                    Instant.ofEpochSecond(container.getCreated())));
                }
            }
            for (InspectVolumeResponse volume :
                    docker.listVolumesCmd()
                            .withFilter(
                                    "label",
                                    List.of(
                                            StepContext.LABEL_PREFIX
                                                    + "installation="
                                                    + installation))
                            .exec()
                            .getVolumes()) {
                if (!names.contains(volume.getName())) {
                    owned.add(
                            new OwnedResource(
                                    Containers.handle(
                                            volume.getName(),
                                            volume.getName().replaceFirst("-a[0-9]+$", ""),
                                            volume.getName()),
                                    known(Objects.requireNonNullElse(volume.getLabels(), Map.of())),
                                    Instant.EPOCH));
                }
            }
            return owned;
        } catch (RuntimeException e) {
            throw new ExecutionException(
                    Failures.of("containers cannot be listed", e, Progress.NEVER_STARTED), e);
        }
    }

    private boolean isKept(String container) {
        Seen there = containers.inspect(container);
        // If it is gone, somebody has removed it just now.
        return there == null || there.isKept();
    }

    private static String volume(Container container) {
        return container.getMounts().stream()
                .filter(mount -> StepFiles.ROOT.equals(mount.getDestination()))
                .map(mount -> Objects.requireNonNullElse(mount.getName(), ""))
                .findFirst()
                .orElse("");
    }

    private static Map<String, String> known(Map<String, String> labels) {
        Map<String, String> own = new java.util.TreeMap<>(labels);
        List.of(Containers.RETENTION, Containers.KEEP_SECONDS, Containers.NAME)
                .forEach(own::remove);
        own.keySet().removeIf(label -> !label.startsWith(StepContext.LABEL_PREFIX));
        return own;
    }
}
