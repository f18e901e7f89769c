package dev.gantry.adapter.docker;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Limits;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.WorkloadProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What documents may ask of the engine. Nothing but images, networks, users, processor and memory
 * can be asked for at all: no mounts, ports, devices, capabilities, privileges, or namespaces.
 */
final class DockerPolicy {
    /** In these a container would be in the engine's own network, or in another container's. */
    private static final Pattern SHARED_NETWORK = Pattern.compile("host|container:.*|ns:.*|");

    private static final Pattern NO_ROOT = Pattern.compile("[1-9][0-9]{0,8}(?::[1-9][0-9]{0,8})?");

    private final DockerSettings settings;

    DockerPolicy(DockerSettings settings) {
        this.settings = settings;
    }

    static boolean isShared(String network) {
        return SHARED_NETWORK.matcher(network).matches();
    }

    /**
     * Whether the user is one that cannot be root. A name may be: the image says which number it
     * has.
     */
    static boolean isNoRoot(String user) {
        return NO_ROOT.matcher(user).matches();
    }

    /** What the plan asks for and the tenant may not have. */
    List<WorkloadProblem> violations(String tenant, ContainerPlan plan) {
        return Stream.of(
                        network(tenant, plan.network()),
                        user(plan.user()),
                        image(tenant, plan.image()))
                .flatMap(List::stream)
                .toList();
    }

    private List<WorkloadProblem> network(String tenant, @Nullable String network) {
        if (network == null) {
            return List.of();
        }
        List<String> allowed = new ArrayList<>(of(tenant, settings.allowedNetworks()));
        allowed.addAll(List.of("none", settings.network()));
        if (isShared(network)) {
            return List.of(
                    new WorkloadProblem(
                            "/network",
                            "network '%s' is never allowed: the container would be in a network that is not its own"
                                    .formatted(network),
                            "one of " + allowed.stream().distinct().sorted().toList(),
                            "remove 'network'"));
        }
        return allowed.contains(network)
                ? List.of()
                : List.of(
                        new WorkloadProblem(
                                "/network",
                                "network '%s' is not allowed by this Gantry".formatted(network),
                                "one of " + allowed.stream().distinct().sorted().toList(),
                                "remove 'network', or have it added to gantry.adapters.docker.allowed-networks"));
    }

    private List<WorkloadProblem> user(@Nullable String user) {
        return (user == null || settings.allowRoot() || isNoRoot(user))
                ? List.of()
                : List.of(
                        new WorkloadProblem(
                                "/user",
                                "user '%s' is not allowed: it is or may be root".formatted(user),
                                "numbers above 0, such as 1000:1000; a name may be any user of the image",
                                "remove 'user' to run as %s".formatted(settings.user())));
    }

    private List<WorkloadProblem> image(String tenant, String image) {
        // Empty where a document is looked at whose image is known when it runs.
        if (image.isEmpty()) {
            return List.of();
        }
        List<String> allowed = of(tenant, settings.allowedImages());
        boolean matches =
                ImageName.of(image)
                        .map(name -> allowed.stream().anyMatch(name::matches))
                        .orElse(true);
        return matches
                ? List.of()
                : List.of(
                        new WorkloadProblem(
                                "/image",
                                "image '%s' is not allowed by this Gantry".formatted(image),
                                "one of " + allowed,
                                "have it added to gantry.adapters.docker.allowed-images"));
    }

    private static List<String> of(String tenant, List<String> patterns) {
        return patterns.stream().map(pattern -> pattern.replace("{tenant}", tenant)).toList();
    }

    /** The name under which the engine is asked: where names are limited, never an image's id. */
    String asked(String image) {
        return settings.allowedImages().contains("*")
                ? image
                : ImageName.of(image).map(ImageName::toString).orElse(image);
    }

    /** Nobody gets more than a container may have here. */
    void require(Limits limits) throws ProvisionException {
        Integer cpu = limits.cpuMillis();
        Long memory = limits.memoryBytes();
        if (cpu != null && cpu > settings.maxCpuMillis()) {
            throw refused(
                    "%dm of CPU are asked for, at most %dm are allowed (gantry.adapters.docker.max-cpu-millis)"
                            .formatted(cpu, settings.maxCpuMillis()));
        }
        if (memory != null && memory > settings.maxMemoryBytes()) {
            throw refused(
                    "%d MiB of memory are asked for, at most %d MiB are allowed (gantry.adapters.docker.max-memory-mib)"
                            .formatted(memory >> 20, settings.maxMemoryBytes() >> 20));
        }
    }

    static ProvisionException refused(String message) {
        return new ProvisionException(
                new Failure(
                        Code.NOT_ALLOWED, message, Actor.AUTHOR, false, Progress.NEVER_STARTED));
    }
}
