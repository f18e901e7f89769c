package dev.gantry.adapter.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.contract.SettingsPage;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The settings on the adapter's page are those that it reads, with its defaults. */
class DocumentationTest {
    private final SettingsPage page =
            new SettingsPage(
                    "docker", "none", "`DOCKER_HOST`, or the local socket", "`DOCKER_CERT_PATH`");

    DocumentationTest() throws IOException {}

    @Test
    void listsTheSettings() {
        page.assertLists(DockerSettings.KNOWN);
    }

    @Test
    void statesTheDefaults() {
        page.assertStatesDefaults(DockerSettings::of);
    }

    /** What has a default to be stated refuses nonsense, or is text of its own. */
    @Test
    void statesADefaultWhereThereIsOne() {
        DockerSettings defaults = DockerSettings.of(Map.of());

        for (String name : page.withoutDefault()) {
            assertThat(DockerSettings.of(Map.of(name, "unix:///nonsense")))
                    .as("'%s' has no default to be stated", name)
                    .isNotEqualTo(defaults);
        }
    }

    @Test
    void refusesWhatIsNotOnThePage() {
        assertThatThrownBy(() -> DockerSettings.of(Map.of("hots", "unix:///run/docker.sock")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("setting 'hots' is unknown");
    }
}
