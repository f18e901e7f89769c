package dev.gantry.adapter.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Limits;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What documents may ask of the engine, when they are published and when they run. */
class DockerPolicyTest {
    private static final String NOWHERE = "tcp://127.0.0.1:1";

    private static RunnerAdapter adapter(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("host", NOWHERE);
        return Engine.adapter("test", all);
    }

    private static Workload.Function with(String key, Object value) {
        Map<String, Object> binding = new HashMap<>(Map.of("image", "tool"));
        binding.put(key, value);
        return Steps.function(binding);
    }

    private static Workload.Process image(String image) {
        return Steps.process(image, List.of(), null, List.of(), Map.of(), Workload.Result.FUNCTION);
    }

    /** Both looks must say the same; without an engine, what may run is only unavailable. */
    private static void assertRefused(
            Map<String, String> settings, Workload workload, String pointer) {
        try (RunnerAdapter adapter = adapter(settings)) {
            assertThat(adapter.check("acme", workload))
                    .extracting(WorkloadProblem::pointer)
                    .containsExactly(pointer);
            Failure failure = provisionFailure(adapter, Steps.of("test", workload));
            assertThat(failure.code()).isEqualTo(Code.NOT_ALLOWED);
            assertThat(failure.actor()).isEqualTo(Actor.AUTHOR);
            assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
            assertThat(failure.retryable()).isFalse();
        }
    }

    private static void assertAllowed(Map<String, String> settings, Workload workload) {
        try (RunnerAdapter adapter = adapter(settings)) {
            assertThat(adapter.check("acme", workload)).isEmpty();
            assertThat(provisionFailure(adapter, Steps.of("test", workload)).code())
                    .isEqualTo(Code.BACKEND_UNAVAILABLE);
        }
    }

    private static Failure provisionFailure(RunnerAdapter adapter, Attempt attempt) {
        try {
            adapter.provision(attempt);
        } catch (ProvisionException e) {
            return e.failure();
        }
        throw new AssertionError("it was provisioned");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host",
                "container:other",
                "container:gantry-postgres",
                "ns:/proc/1/ns/net",
                "",
                "bridge",
                "default",
                "HOST",
                "4f1d2c7e9a00"
            })
    void refusesNetworksThatAreNotAllowed(String network) {
        assertRefused(Map.of(), with("network", network), "/network");
    }

    @Test
    void allowsTheNetworksOfTheSettings() {
        Map<String, String> settings =
                Map.of("network", "quiet", "allowed-networks", "shared, net-{tenant}");

        assertAllowed(Map.of(), with("network", "none"));
        for (String network : List.of("none", "quiet", "shared", "net-acme")) {
            assertAllowed(settings, with("network", network));
        }
        assertRefused(settings, with("network", "net-other"), "/network");
        assertRefused(settings, with("network", "host"), "/network");
    }

    @ParameterizedTest
    @CsvSource({
        "network, host",
        "network, container:x",
        "allowed-networks, 'bridge,host'",
        "user, root",
        "user, 0",
        "allow-root, yes"
    })
    void startsWithNoSettingThatIsNoPolicy(String setting, String value) {
        assertThatThrownBy(() -> adapter(Map.of(setting, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(setting);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0:0",
                "00",
                "root",
                "1000:0",
                "0:1000",
                "+0",
                "-1",
                "app",
                "app:app",
                "4294967296",
                " 0",
                ""
            })
    void refusesUsersWhoAreOrMayBeRoot(String user) {
        assertRefused(Map.of(), with("user", user), "/user");
        assertAllowed(Map.of("allow-root", "true"), with("user", user));
    }

    @Test
    void allowsUsersWhoAreNotRoot() {
        assertAllowed(Map.of(), with("user", "1000:1000"));
        assertAllowed(Map.of(), with("user", 65534));
    }

    @Test
    void knowsWhichImagesMayRun() {
        Map<String, String> settings = Map.of("allowed-images", "registry.example/{tenant}/*");

        assertAllowed(settings, image("registry.example/acme/a:1"));
        assertAllowed(settings, with("image", "registry.example/acme/a:1"));
        assertRefused(settings, image("registry.example/other/a:1"), "/image");
        assertRefused(settings, with("image", "registry.example/other/a:1"), "/image");
        assertAllowed(Map.of(), image("anything/at/all"));
    }

    @Test
    void givesNoMoreThanAContainerMayHave() {
        try (RunnerAdapter adapter =
                adapter(Map.of("max-cpu-millis", "500", "max-memory-mib", "64"))) {
            assertThat(limited(adapter, 501, 64L << 20)).isEqualTo(Code.NOT_ALLOWED);
            assertThat(limited(adapter, 500, 65L << 20)).isEqualTo(Code.NOT_ALLOWED);
            assertThat(limited(adapter, 500, 64L << 20)).isEqualTo(Code.BACKEND_UNAVAILABLE);
        }
    }

    private static String limited(RunnerAdapter adapter, int cpuMillis, long memoryBytes) {
        Limits it = Limits.defaults();
        Limits limits =
                new Limits(
                        cpuMillis,
                        memoryBytes,
                        it.timeout(),
                        it.maxOutputBytes(),
                        it.maxLogBytes(),
                        it.maxArtifactBytes());
        return provisionFailure(adapter, Steps.of("test", image("tool"), limits)).code();
    }

    @ParameterizedTest
    @CsvSource({
        "volumes, /volumes",
        "privileged, /privileged",
        "pid, /pid",
        "devices, /devices",
        "capAdd, /capAdd",
        "imgae, /imgae"
    })
    void knowsNothingElseThatCouldBeAskedFor(String key, String pointer) {
        try (RunnerAdapter adapter = adapter(Map.of())) {
            assertThat(adapter.check("acme", with(key, "x")))
                    .extracting(WorkloadProblem::pointer)
                    .containsExactly(pointer);
        }
    }

    @Test
    void findsWhatHasTheWrongType() {
        try (RunnerAdapter adapter = adapter(Map.of())) {
            Workload.Function wrong =
                    Steps.function(
                            Map.of(
                                    "image", "Not An Image",
                                    "command", Map.of("a", 1),
                                    "arguments", List.of("a", List.of()),
                                    "environment",
                                            Map.of("a=b", "x", "GANTRY_STEP", "1", "L", List.of()),
                                    "pullPolicy", "allways"));

            assertThat(adapter.check("acme", wrong))
                    .extracting(WorkloadProblem::pointer)
                    .containsExactlyInAnyOrder(
                            "/image",
                            "/command",
                            "/arguments/1",
                            "/environment/a=b",
                            "/environment/L",
                            "/environment/GANTRY_STEP",
                            "/pullPolicy");
            assertThat(adapter.check("acme", Steps.function(Map.of())))
                    .extracting(WorkloadProblem::suggestion)
                    .containsExactly("add runtime.docker.image");
        }
    }

    @Test
    void looksAtWhatAProcessIsGiven() {
        try (RunnerAdapter adapter = adapter(Map.of())) {
            Workload.Process process =
                    Steps.process(
                            "tool",
                            List.of("/bin/true"),
                            null,
                            List.of("a", "a\0b"),
                            Map.of(),
                            Workload.Result.FUNCTION);

            assertThat(adapter.check("acme", process))
                    .extracting(WorkloadProblem::pointer)
                    .containsExactly("/arguments/1");
            Failure failure = provisionFailure(adapter, Steps.of("test", process));
            assertThat(failure.code()).isEqualTo(Code.INVALID_WORKLOAD);
            assertThat(failure.message()).contains("argument 2", "NUL");
        }
    }
}
