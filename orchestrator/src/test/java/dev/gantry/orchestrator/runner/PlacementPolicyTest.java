package dev.gantry.orchestrator.runner;

import static dev.gantry.spi.RuntimeClass.CALL;
import static dev.gantry.spi.RuntimeClass.CONTAINER;
import static dev.gantry.spi.RuntimeClass.FAAS;
import static dev.gantry.spi.RuntimeClass.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.installation.StartRefused;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.RuntimeClass;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlacementPolicyTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");
    private static final Map<String, Capabilities> ADAPTERS =
            Map.of(
                    "lambda", serving(FAAS),
                    "docker", serving(CONTAINER, JOB),
                    "k8s-job", serving(JOB),
                    "local-mock", serving(FAAS, CONTAINER, JOB),
                    "universal", serving(FAAS, CONTAINER, JOB));

    private final Set<String> connected = new HashSet<>(ADAPTERS.keySet());
    private final Set<String> able = new HashSet<>(ADAPTERS.keySet());

    private static Capabilities serving(RuntimeClass... classes) {
        return new Capabilities(Set.of(classes), Set.of(), 1);
    }

    private static PlacementPolicy policy(
            Map<RuntimeClass, List<String>> classes,
            Map<String, Map<RuntimeClass, List<String>>> tenants) {
        return new PlacementPolicy(
                new PlacementSettings(classes, tenants, List.of("local-mock")), ADAPTERS, false);
    }

    @Test
    void refusesAnOrderForWhatGantryServesItself() {
        assertThatThrownBy(() -> policy(Map.of(CALL, List.of("docker")), Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("gantry.placement.classes names the class 'call'");
        assertThatThrownBy(() -> policy(Map.of(), Map.of("acme", Map.of(CALL, List.of("docker")))))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("gantry.placement.tenants.acme names the class 'call'");
    }

    private @Nullable String place(
            PlacementPolicy policy, TenantId tenant, RuntimeClass runtimeClass, String... own) {
        return place(policy, tenant, runtimeClass, (String) null, List.of(own));
    }

    private @Nullable String place(
            PlacementPolicy policy,
            TenantId tenant,
            RuntimeClass runtimeClass,
            @Nullable String only,
            List<String> own) {
        Runners.Placement placed =
                policy.place(
                        tenant,
                        new Need(List.of(runtimeClass), only, own, Map.of(), true),
                        able::contains,
                        connected::contains);
        return placed == null ? null : placed.adapter();
    }

    @Test
    void fallsBackToTheNextClassOnlyWhenNothingOfTheFirstIsConnected() {
        PlacementPolicy policy = policy(Map.of(), Map.of());
        Need need = new Need(List.of(FAAS, CONTAINER), null, List.of(), Map.of(), true);

        assertThat(policy.place(ACME, need, able::contains, connected::contains))
                .isEqualTo(new Runners.Placement(FAAS, "lambda"));
        connected.remove("lambda");
        assertThat(policy.place(ACME, need, able::contains, connected::contains))
                .isEqualTo(new Runners.Placement(FAAS, "universal"));
        connected.remove("universal");
        assertThat(policy.place(ACME, need, able::contains, connected::contains))
                .isEqualTo(new Runners.Placement(CONTAINER, "docker"));
        connected.clear();
        assertThat(policy.place(ACME, need, able::contains, connected::contains))
                .as("where it waits, or is refused with the reason")
                .isEqualTo(new Runners.Placement(FAAS, "lambda"));
    }

    @Test
    void prefersTheSpecialistAndLeavesTheMockOut() {
        PlacementPolicy policy = policy(Map.of(), Map.of());

        assertThat(policy.order(ACME, FAAS)).containsExactly("lambda", "universal");
        assertThat(policy.order(ACME, CONTAINER)).containsExactly("docker", "universal");
        assertThat(policy.order(ACME, JOB)).containsExactly("k8s-job", "docker", "universal");
    }

    @Test
    void letsTheMockStandInLastInDevelopment() {
        PlacementPolicy policy =
                new PlacementPolicy(
                        new PlacementSettings(Map.of(), Map.of(), List.of("local-mock")),
                        ADAPTERS,
                        true);

        assertThat(policy.order(ACME, FAAS)).containsExactly("lambda", "universal", "local-mock");
    }

    @Test
    void takesTheConfiguredOrderAndTheTenantsBeforeIt() {
        PlacementPolicy policy =
                policy(
                        Map.of(FAAS, List.of("local-mock", "lambda")),
                        Map.of("acme", Map.of(FAAS, List.of("universal"), JOB, List.of())));

        assertThat(place(policy, OTHER, FAAS)).isEqualTo("local-mock");
        assertThat(place(policy, ACME, FAAS)).isEqualTo("universal");
        assertThat(place(policy, ACME, JOB)).isNull();
        assertThat(place(policy, ACME, CONTAINER)).isEqualTo("docker");
    }

    @Test
    void goesOnToTheNextConnectedOneAndElseNamesTheFirst() {
        PlacementPolicy policy = policy(Map.of(), Map.of());

        connected.remove("k8s-job");
        assertThat(place(policy, ACME, JOB)).isEqualTo("docker");
        connected.clear();
        assertThat(place(policy, ACME, JOB)).isEqualTo("k8s-job");
    }

    @Test
    void letsAFunctionChooseAmongWhatThePolicyAllows() {
        PlacementPolicy policy = policy(Map.of(), Map.of());

        assertThat(place(policy, ACME, JOB, "universal", "docker")).isEqualTo("universal");
        connected.remove("universal");
        assertThat(place(policy, ACME, JOB, "universal", "docker")).isEqualTo("docker");
        assertThat(place(policy, ACME, JOB, "local-mock")).isNull();
        assertThat(place(policy, ACME, FAAS, "docker")).isNull();
    }

    @Test
    void passesOverWhatCannotRunIt() {
        PlacementPolicy policy = policy(Map.of(), Map.of());

        able.remove("k8s-job");
        assertThat(place(policy, ACME, JOB)).isEqualTo("docker");
        assertThat(place(policy, ACME, JOB, "k8s-job", "universal")).isEqualTo("universal");
        assertThat(place(policy, ACME, JOB, "k8s-job", List.of())).isNull();
        able.clear();
        assertThat(place(policy, ACME, JOB)).as("not even to wait there").isNull();
    }

    @Test
    void letsATaskAskForOneAdapter() {
        PlacementPolicy policy = policy(Map.of(), Map.of());

        assertThat(place(policy, ACME, JOB, "docker", List.of())).isEqualTo("docker");
        assertThat(place(policy, ACME, JOB, "local-mock", List.of())).isNull();
        connected.clear();
        assertThat(place(policy, ACME, JOB, "docker", List.of())).isEqualTo("docker");
    }

    @Test
    void refusesNamesOfAdaptersThatAreNotThere() {
        assertThatThrownBy(() -> policy(Map.of(FAAS, List.of("lamda")), Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("gantry.placement.classes.faas")
                .hasMessageContaining("'lamda'")
                .hasMessageContaining("docker, k8s-job, lambda");
        assertThatThrownBy(() -> policy(Map.of(), Map.of("acme", Map.of(JOB, List.of("lambda")))))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("gantry.placement.tenants.acme.job")
                .hasMessageContaining("serves only [faas]");
        assertThatThrownBy(() -> policy(Map.of(), Map.of("Acme!", Map.of())))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("Acme!");
    }
}
