package dev.gantry.orchestrator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.orchestrator.installation.DataFolder;
import dev.gantry.orchestrator.installation.StartRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeNamesTest {
    @TempDir private Path folder;

    private static Node named(Path path, @Nullable String name) {
        try (DataFolder folder = new DataFolder(path)) {
            return NodeNames.of(folder, name, "1");
        }
    }

    @Test
    void keepsNameAndPlaceOverRestarts() {
        Node first = named(folder.resolve("a"), null);
        Node second = named(folder.resolve("a"), null);

        assertThat(first.name()).matches("[\\w-]+-[0-9a-f]{6}");
        assertThat(second.name()).isEqualTo(first.name());
        assertThat(second.place()).isEqualTo(first.place());
        assertThat(second.process()).isNotEqualTo(first.process());
        Node other = named(folder.resolve("b"), null);
        assertThat(other.name()).isNotEqualTo(first.name());
        assertThat(other.place()).isNotEqualTo(first.place());
    }

    @Test
    void takesTheNameThatIsSet() {
        Node node = named(folder, "east-1");
        assertThat(node.name()).isEqualTo("east-1");
        assertThat(named(folder, "east-1").place()).isEqualTo(node.place());
    }

    @Test
    void twoProcessesNeedTwoFolders() {
        try (DataFolder taken = new DataFolder(folder)) {
            NodeNames.of(taken, null, "1");
            assertThatThrownBy(() -> named(folder, null))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("is in use by");
        }
    }

    @Test
    void saysWhatIsWrongWithItsFile() throws Exception {
        Files.writeString(folder.resolve("node"), "what is this");
        assertThatThrownBy(() -> named(folder, null))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("'what is this'")
                .hasMessageContaining("no node's name and place");
    }

    @Test
    void isAnotherNodeEachTimeWhereNothingCanBeKept() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Node first = named(file.resolve("data"), null);
        Node second = named(file.resolve("data"), null);
        assertThat(second.name()).isNotEqualTo(first.name());
    }
}
