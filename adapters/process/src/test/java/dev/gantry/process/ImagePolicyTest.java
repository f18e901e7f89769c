package dev.gantry.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.WorkloadProblem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePolicyTest {
    private static ImagePolicy of(String patterns) {
        return ImagePolicy.of(
                new Settings("kit", Map.of("allowed-images", patterns), Set.of("allowed-images")));
    }

    @ParameterizedTest
    @CsvSource({
        "busybox, busybox",
        "busybox, docker.io/library/busybox:1",
        "registry.example/{tenant}/*, registry.example/acme/a/b:1",
        "'other, tools/*', tools/x",
        "busybox:1.*, busybox:1.36",
        "busybox:latest, busybox",
        "registry.example:5000/a, registry.example:5000/a:2",
        "*@sha256:*, busybox@sha256:0123456789012345678901234567890123456789012345678901234567890123",
        "*, anything/at/all"
    })
    void allowsImagesThatMatch(String patterns, String image) {
        assertThat(of(patterns).violations("acme", image)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "busybox, evil.example/library/busybox",
        "busybox, busyboxes",
        "registry.example/*, registry.example.evil.example/a",
        "registry.example/{tenant}/*, registry.example/other/a",
        "busybox:1, busybox:2",
        "busybox:1, busybox",
        "busybox:1, busybox:1@sha256:0123456789012345678901234567890123456789012345678901234567890123",
        "*@sha256:*, busybox:1",
        "tools/*, tools"
    })
    void refusesImagesThatDoNot(String patterns, String image) {
        assertThat(of(patterns).violations("acme", image))
                .extracting(WorkloadProblem::pointer, WorkloadProblem::suggestion)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "/image", "have it added to gantry.adapters.kit.allowed-images"));
    }

    @Test
    void saysNothingOfWhatIsKnownOnlyLater() {
        assertThat(of("busybox").violations("acme", "")).isEmpty();
        assertThat(of("busybox").violations("acme", "No Image")).isEmpty();
    }

    @Test
    void asksForNamesAndNeverForIdsWhereNamesAreLimited() {
        assertThat(of("docker.io/library/*").asked("4bcff63911fc"))
                .isEqualTo("docker.io/library/4bcff63911fc:latest");
        assertThat(of("*").asked("4bcff63911fc")).isEqualTo("4bcff63911fc");
    }

    @Test
    void putsTheTenantIntoPatterns() {
        assertThat(ImagePolicy.forTenant(List.of("net-{tenant}", "shared"), "acme"))
                .containsExactly("net-acme", "shared");
    }
}
