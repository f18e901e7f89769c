package dev.gantry.adapter.docker;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import dev.gantry.process.ImagePolicy;
import dev.gantry.process.LimitPolicy;
import dev.gantry.process.Settings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings under {@code gantry.adapters.docker}.
 *
 * @param host of the engine; null for {@code DOCKER_HOST} or the local socket
 * @param network of containers whose function names none
 * @param allowedNetworks that functions may ask for, besides; {@code {tenant}} stands for theirs
 * @param user that workloads run as
 * @param allowRoot whether functions may ask for root, or for a user by name
 * @param images that may run
 * @param maxInFlight containers at the same time
 * @param pidsLimit processes in one container
 * @param limits of processor and memory
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
        ImagePolicy images,
        int maxInFlight,
        long pidsLimit,
        LimitPolicy limits,
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

    static DockerSettings of(Map<String, String> values) {
        Settings settings = new Settings(DockerProvider.KIND, values, KNOWN);
        String host = settings.text("host");
        if (host != null && !host.matches("(unix|tcp|npipe)://.+")) {
            throw settings.wrong("host", "unix:///path or tcp://host:port");
        }
        return new DockerSettings(
                host,
                settings.flag("tls-verify", false),
                settings.text("cert-path"),
                settings.text("registry-username"),
                settings.text("registry-password"),
                networks(settings, "network").getFirst(),
                networks(settings, "allowed-networks"),
                user(settings),
                settings.flag("allow-root", false),
                ImagePolicy.of(settings),
                settings.number("max-in-flight", 50, 1, 10_000),
                settings.number("pids-limit", 256, 1, 100_000),
                LimitPolicy.of(settings),
                settings.number("tmp-mib", 64, 1, 100_000),
                settings.number("log-disk-mib", 1_024, 2, 10_000_000));
    }

    /** What would put tenants into the engine's own network is no network for containers. */
    private static List<String> networks(Settings settings, String name) {
        List<String> networks = settings.list(name, "none");
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

    private static String user(Settings settings) {
        String user = settings.text("user", "1000:1000");
        if (!settings.flag("allow-root", false) && !DockerPolicy.isNoRoot(user)) {
            throw new IllegalArgumentException(
                    "setting 'user' is '%s', which is or may be root; expected are numbers above 0 such as 1000:1000, or allow-root"
                            .formatted(user));
        }
        return user;
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
