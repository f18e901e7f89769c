package dev.gantry.acceptance;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The Docker engine, if there is one; required where the environment says so. */
final class TestDocker {
    private static final String IMAGE = "gantry/busybox:test";

    private TestDocker() {}

    private static DockerClient client() {
        DefaultDockerClientConfig config =
                DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        return DockerClientImpl.getInstance(
                config,
                new ApacheDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
    }

    static boolean isThere() throws IOException {
        try (DockerClient docker = client()) {
            docker.inspectImageCmd(IMAGE).exec();
            return true;
        } catch (RuntimeException e) {
            if ("true".equals(System.getenv("GANTRY_REQUIRE_DOCKER"))) {
                throw new IllegalStateException("no Docker engine with image " + IMAGE, e);
            }
            System.getLogger("crash")
                    .log(
                            System.Logger.Level.WARNING,
                            "container steps are left out: no Docker engine with image " + IMAGE);
            return false;
        }
    }

    static List<String> leftovers(Set<String> executions) throws IOException {
        try (DockerClient docker = client()) {
            return docker.listContainersCmd().withShowAll(true).exec().stream()
                    .map(Container::getLabels)
                    .map(labels -> Objects.requireNonNullElse(labels, Map.<String, String>of()))
                    .map(labels -> labels.getOrDefault("dev.gantry.execution", ""))
                    .filter(executions::contains)
                    .toList();
        }
    }
}
