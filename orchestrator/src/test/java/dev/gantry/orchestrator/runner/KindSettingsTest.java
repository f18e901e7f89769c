package dev.gantry.orchestrator.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

class KindSettingsTest {
    private final StandardEnvironment environment = new StandardEnvironment();

    private KindSettings read(String kind) {
        return KindSettings.read(Binder.get(environment), kind);
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

    @Test
    void readsVariablesOfTheEnvironment() {
        environment
                .getPropertySources()
                .addFirst(
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of(
                                        "GANTRY_ADAPTERS_LOCALMOCK_SEED", "7",
                                        "GANTRY_ADAPTERS_DOCKER_ENABLED", "false")));

        assertThat(read("local-mock").flat()).containsExactly(Map.entry("seed", "7"));
        assertThat(read("docker").enabled()).isFalse();
        assertThat(read("docker").flat()).isEmpty();
    }
}
