package dev.gantry.orchestrator.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

class KindSettingsTest {
    private final StandardEnvironment environment = new StandardEnvironment();

    private KindSettings read(String kind) {
        return KindSettings.read(environment, kind);
    }

    @Test
    void flattensWhateverIsBelowTheKind() throws java.io.IOException {
        String yaml =
                """
                gantry:
                  adapters:
                    docker:
                      maxInFlight: 5
                      read-only: true
                      networks: [front, back]
                      tls:
                        cert-path: ${where}/certs
                    docker-other:
                      host: elsewhere
                where: /etc
                """;
        new YamlPropertySourceLoader()
                .load(
                        "test",
                        new ByteArrayResource(
                                yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .forEach(environment.getPropertySources()::addFirst);

        assertThat(read("docker").flat())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "max-in-flight", "5",
                                "read-only", "true",
                                "networks", "front,back",
                                "tls.cert-path", "/etc/certs"));
        assertThat(read("docker").enabled()).isTrue();
        assertThat(read("lambda").flat()).isEmpty();
    }

    private void variables(Map<String, Object> variables) {
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                variables));
    }

    @Test
    void readsVariablesOfTheEnvironment() {
        variables(
                Map.of(
                        "GANTRY_ADAPTERS_LOCALMOCK_SEED", "7",
                        "GANTRY_ADAPTERS_LOCALMOCK_MAX_IN_FLIGHT", "5",
                        "GANTRY_ADAPTERS_DOCKER_ENABLED", "false"));

        assertThat(read("local-mock").flat())
                .containsExactlyInAnyOrderEntriesOf(Map.of("seed", "7", "max-in-flight", "5"));
        assertThat(read("docker").enabled()).isFalse();
        assertThat(read("docker").flat()).isEmpty();
    }

    @Test
    void seesNamesThatAreNoKind() {
        variables(Map.of("GANTRY_ADAPTERS_LOCALMOCK_SEED", "7"));
        environment
                .getPropertySources()
                .addLast(
                        new MapPropertySource(
                                "file",
                                Map.of(
                                        "gantry.adapters.directory", "/jars",
                                        "gantry.adapters.docker.host", "a",
                                        "gantry.adapters.dokcer.host", "b")));

        assertThat(KindSettings.unknown(environment, List.of("docker", "local-mock")))
                .containsExactly("dokcer");
    }

    @Test
    void putsTheMoreSpecificSourceFirst() {
        variables(
                Map.of(
                        "GANTRY_ADAPTERS_DOCKER_HOST", "variable",
                        "GANTRY_ADAPTERS_DOCKER_REGION", "variable"));
        environment
                .getPropertySources()
                .addFirst(
                        new MapPropertySource(
                                "arguments", Map.of("gantry.adapters.docker.host", "argument")));
        environment
                .getPropertySources()
                .addLast(
                        new MapPropertySource(
                                "file",
                                Map.of(
                                        "gantry.adapters.docker.region", "file",
                                        "gantry.adapters.docker.pull", "file")));

        assertThat(read("docker").flat())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("host", "argument", "region", "variable", "pull", "file"));
    }
}
