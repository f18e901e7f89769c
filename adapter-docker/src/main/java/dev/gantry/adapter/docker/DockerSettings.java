package dev.gantry.adapter.docker;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Settings under {@code gantry.adapters.docker}.
 *
 * @param host of the engine; null for {@code DOCKER_HOST} or the local socket
 * @param network of containers whose function names none
 * @param user that workloads run as
 * @param maxInFlight containers at the same time
 * @param pidsLimit processes in one container
 * @param cpuMillis and {@code memoryBytes} of workloads that name none
 * @param tmpMegabytes of {@code /tmp}, which is memory
 */
record DockerSettings(
        @Nullable String host,
        boolean tlsVerify,
        @Nullable String certPath,
        @Nullable String registryUsername,
        @Nullable String registryPassword,
        String network,
        String user,
        int maxInFlight,
        long pidsLimit,
        int cpuMillis,
        long memoryBytes,
        int tmpMegabytes) {
    static final Set<String> KNOWN =
            Set.of(
                    "host",
                    "tls-verify",
                    "cert-path",
                    "registry-username",
                    "registry-password",
                    "network",
                    "user",
                    "max-in-flight",
                    "pids-limit",
                    "default-cpu-millis",
                    "default-memory-mib",
                    "tmp-mib",
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
                Boolean.parseBoolean(settings.getOrDefault("tls-verify", "false")),
                settings.get("cert-path"),
                settings.get("registry-username"),
                settings.get("registry-password"),
                settings.getOrDefault("network", "none"),
                settings.getOrDefault("user", "1000:1000"),
                number(settings, "max-in-flight", 50, 1, 10_000),
                number(settings, "pids-limit", 256, 1, 100_000),
                number(settings, "default-cpu-millis", 1_000, 10, 1_000_000),
                number(settings, "default-memory-mib", 512, 6, 10_000_000) * (1L << 20),
                number(settings, "tmp-mib", 64, 1, 100_000));
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
