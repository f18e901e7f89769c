package dev.gantry.adapter.k8sjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.process.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings are read, or refused by name. */
class K8sSettingsTest {
    private static K8sSettings settings(Map<String, String> settings) {
        return K8sSettings.of(new Settings("k8s-job", settings, K8sSettings.KNOWN));
    }

    @Test
    void readsWhatAllPodsHave() {
        K8sSettings.PodDefaults pod =
                settings(
                                Map.of(
                                        "node-selector", "pool=steps, example.org/zone=a",
                                        "tolerations",
                                                "dedicated=steps:NoSchedule, spot, x:NoExecute",
                                        "pull-secrets", "one, two",
                                        "user", "2000"))
                        .pod();

        assertThat(pod.nodeSelector()).isEqualTo(Map.of("pool", "steps", "example.org/zone", "a"));
        assertThat(pod.tolerations())
                .extracting(it ->
                        it.getKey()
                                + " "
                                + it.getOperator()
                                + " "
                                + it.getValue()
                                + " "
                                + it.getEffect())
                .containsExactly(
                        "dedicated Equal steps NoSchedule",
                        "spot Exists null null",
                        "x Exists null NoExecute");
        assertThat(pod.pullSecrets()).containsExactly("one", "two");
        assertThat(pod.user()).isEqualTo(2_000);
    }

    @Test
    void givesTenantsTheirNamespaces() {
        Namespaces one =
                settings(Map.of("namespace", "steps", "tenant-namespaces", "acme=a")).namespaces();
        Namespaces each =
                settings(Map.of("namespace", "steps-{tenant}", "tenant-namespaces", "acme=a"))
                        .namespaces();

        assertThat(one.of("acme")).isEqualTo("a");
        assertThat(one.of("beta")).isEqualTo("steps");
        assertThat(one.all()).isEqualTo(List.of("a", "steps"));
        assertThat(each.of("acme")).isEqualTo("a");
        assertThat(each.of("beta")).isEqualTo("steps-beta");
        assertThat(each.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "kubekonfig, /x, 'setting ''kubekonfig'' is unknown'",
        "in-cluster, yes, true or false",
        "context, prod, 'there is no ''kubeconfig'''",
        "namespace, Team_A, a namespace's name",
        "tenant-namespaces, acme, tenant=namespace",
        "node-selector, pool, label=value",
        "tolerations, 'a b', key",
        "user, 0, a number from 1",
        "cpu-request-percent, 101, a number from 1 to 100",
        "max-in-flight, 0, a number from 1"
    })
    void refusesWhatIsWrong(String name, String value, String expected) {
        assertThatThrownBy(() -> settings(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(expected);
    }

    @Test
    void refusesTwoWaysToTheCluster() {
        assertThatThrownBy(() -> settings(Map.of("kubeconfig", "/x", "in-cluster", "true")))
                .hasMessageContaining("in-cluster");
    }
}
