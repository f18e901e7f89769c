package dev.gantry.adapter.docker;

import dev.gantry.process.ImagePolicy;
import dev.gantry.process.WorkloadCheck;
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
final class DockerPolicy implements WorkloadCheck.Policy<ContainerPlan> {
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

    @Override
    public List<WorkloadProblem> violations(String tenant, ContainerPlan plan) {
        return Stream.of(
                        network(tenant, plan.network()),
                        user(plan.user()),
                        settings.images().violations(tenant, plan.process().image()))
                .flatMap(List::stream)
                .toList();
    }

    private List<WorkloadProblem> network(String tenant, @Nullable String network) {
        if (network == null) {
            return List.of();
        }
        List<String> allowed =
                new ArrayList<>(ImagePolicy.forTenant(settings.allowedNetworks(), tenant));
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
}
