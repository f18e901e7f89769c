package dev.gantry.adapter.docker;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings under {@code gantry.adapters.docker}.
 *
 * @param host of the engine; null for {@code DOCKER_HOST} or the local socket
 * @param network of containers whose function names none
 * @param allowedNetworks that functions may ask for, besides; {@code {tenant}} stands for theirs
 * @param user that workloads run as
 * @param allowRoot whether functions may ask for root, or for a user by name
 * @param allowedImages patterns of images that may run; {@code {tenant}} stands for the tenant
 * @param maxInFlight containers at the same time
 * @param pidsLimit processes in one container
 * @param cpuMillis and {@code memoryBytes} of workloads that name none
 * @param maxCpuMillis and {@code maxMemoryBytes} that a container may be given
 * @param tmpMegabytes of {@code /tmp}, which is memory
 * @param logDiskMegabytes of one container's log on the engine's disk
 */
record DockerSettings(
        @Nullable String host,
        boolean tlsVerify,
        @Nullable String certPath,
        @Nullable String registryUsername,
        @Nullable String registryPassword,
        String network,
        List<String> allowedNetworks,
        String user,
        boolean allowRoot,
        List<String> allowedImages,
        int maxInFlight,
        long pidsLimit,
        int cpuMillis,
        long memoryBytes,
        int maxCpuMillis,
        long maxMemoryBytes,
        int tmpMegabytes,
        int logDiskMegabytes) {
    static final Set<String> KNOWN =
            Set.of(
                    "host",
                    "tls-verify",
                    "cert-path",
                    "registry-username",
                    "registry-password",
                    "network",
                    "allowed-networks",
                    "user",
                    "allow-root",
                    "allowed-images",
                    "max-in-flight",
                    "pids-limit",
                    "default-cpu-millis",
                    "default-memory-mib",
                    "max-cpu-millis",
                    "max-memory-mib",
                    "tmp-mib",
                    "log-disk-mib",
                    "enabled");

    static DockerSettings of(Map<String, String> settings) {
        for (String name : new TreeSet<>(settings.keySet())) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(
                        "setting '%s' is unknown; expected is one of %s"
                                .formatted(name, new TreeSet<>(KNOWN)));
            }
        }
        String host = settings.get("host");
        if (host != null && !host.matches("(unix|tcp|npipe)://.+")) {
            throw new IllegalArgumentException(
                    "setting 'host' is '%s'; expected is unix:///path or tcp://host:port"
                            .formatted(host));
        }
        return new DockerSettings(
                host,
                flag(settings, "tls-verify"),
                settings.get("cert-path"),
                settings.get("registry-username"),
                settings.get("registry-password"),
                networks(settings, "network", "none").getFirst(),
                networks(settings, "allowed-networks", "none"),
                user(settings),
                flag(settings, "allow-root"),
                list(settings.getOrDefault("allowed-images", "*")),
                number(settings, "max-in-flight", 50, 1, 10_000),
                number(settings, "pids-limit", 256, 1, 100_000),
                number(settings, "default-cpu-millis", 1_000, 10, 1_000_000),
                number(settings, "default-memory-mib", 512, 6, 10_000_000) * (1L << 20),
                number(settings, "max-cpu-millis", 8_000, 10, 1_000_000),
                number(settings, "max-memory-mib", 8_192, 6, 10_000_000) * (1L << 20),
                number(settings, "tmp-mib", 64, 1, 100_000),
                number(settings, "log-disk-mib", 1_024, 2, 10_000_000));
    }

    private static boolean flag(Map<String, String> settings, String name) {
        String text = settings.getOrDefault(name, "false");
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(
                    "setting '%s' is '%s'; expected is true or false".formatted(name, text));
        }
        return Boolean.parseBoolean(text);
    }

    private static List<String> list(String text) {
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /** What would put tenants into the engine's own network is no network for containers. */
    private static List<String> networks(
            Map<String, String> settings, String name, String otherwise) {
        List<String> networks = list(settings.getOrDefault(name, otherwise));
        for (String network : networks) {
            if (DockerPolicy.isShared(network)) {
                throw new IllegalArgumentException(
                        "setting '%s' has '%s', which would share a network that is not the container's own; expected are names of networks, such as bridge"
                                .formatted(name, network));
            }
        }
        if (networks.isEmpty()) {
            throw new IllegalArgumentException(
                    "setting '%s' is empty; expected are names of networks, or none"
                            .formatted(name));
        }
        return networks;
    }

    private static String user(Map<String, String> settings) {
        String user = settings.getOrDefault("user", "1000:1000");
        if (!flag(settings, "allow-root") && !DockerPolicy.isNoRoot(user)) {
            throw new IllegalArgumentException(
                    "setting 'user' is '%s', which is or may be root; expected are numbers above 0 such as 1000:1000, or allow-root"
                            .formatted(user));
        }
        return user;
    }

    private static int number(
            Map<String, String> settings, String name, int otherwise, int least, int most) {
        String text = settings.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number that is out of range.
        }
        throw new IllegalArgumentException(
                "setting '%s' is '%s'; expected is a number from %d to %d"
                        .formatted(name, text, least, most));
    }

    DefaultDockerClientConfig clientConfig() {
        DefaultDockerClientConfig.Builder builder =
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerTlsVerify(tlsVerify);
        if (host != null) {
            builder.withDockerHost(URI.create(host).toString());
        }
        if (certPath != null) {
            builder.withDockerCertPath(certPath);
        }
        if (registryUsername != null) {
            builder.withRegistryUsername(registryUsername).withRegistryPassword(registryPassword);
        }
        return builder.build();
    }
}
