package dev.gantry.adapter.k8sjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.Workload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What other accounts may than that of {@code role.yaml}, and what they are for. */
@Execution(ExecutionMode.CONCURRENT)
class PermissionsOnClusterTest {
    private static final String INSTALLATION = "permissions";
    private static final long HELD = 64L << 20;
    private static @Nullable RealCluster shared;

    @BeforeAll
    static void findCluster() {
        shared = RealCluster.require();
    }

    @AfterAll
    static void removeNamespace() {
        if (shared != null) {
            shared.close();
        }
    }

    private static RealCluster cluster() {
        return Objects.requireNonNull(shared);
    }

    private static Attempt of(String tenant) {
        return Steps.of(INSTALLATION, tenant, Shells.shell("echo 1"), Limits.defaults());
    }

    @Test
    void runsTheStepsOfATenantWhereItMay() throws Exception {
        RealCluster cluster = cluster();
        cluster.makeAccount("tenants");
        List<String> roles = cluster.makeClusterRoles("role-tenants.yaml");
        cluster.bindEverywhere(roles.getFirst(), "tenants");
        for (String tenant : List.of("acme", "beta", "stranger")) {
            cluster.makeNamespace(cluster.namespace + "-" + tenant);
        }
        for (String tenant : List.of("acme", "beta")) {
            cluster.bind(
                    cluster.namespace + "-" + tenant, "ClusterRole", roles.getLast(), "tenants");
        }
        String server = cluster.admin.getMasterUrl().toString();
        try (RunnerAdapter adapter =
                        cluster.adapter(
                                INSTALLATION,
                                Map.of(
                                        "namespace",
                                        cluster.namespace + "-{tenant}",
                                        "kubeconfig",
                                        cluster.kubeconfig(server, cluster.token("tenants"))
                                                .toString()));
                Steps.Run acme = Steps.Run.begin(adapter, of("acme"));
                Steps.Run beta = Steps.Run.begin(adapter, of("beta"))) {
            assertThat(acme.output()).isEqualTo("1\n");
            assertThat(beta.output()).isEqualTo("1\n");
            assertThat(acme.job().namespace()).isEqualTo(cluster.namespace + "-acme");
            assertThat(beta.job().namespace()).isEqualTo(cluster.namespace + "-beta");
            assertThat(adapter.owned())
                    .extracting(it -> it.handle())
                    .contains(acme.handle(), beta.handle());

            Failure refused =
                    catchThrowableOfType(
                                    ProvisionException.class,
                                    () -> adapter.provision(of("stranger")))
                            .failure();

            assertThat(refused.code()).isEqualTo("BACKEND_REFUSED");
            assertThat(refused.actor()).isEqualTo(Actor.PLATFORM);
            assertThat(refused.progress()).isEqualTo(Progress.NEVER_STARTED);
            assertThat(refused.message()).contains("stranger", "not allowed");
        }
    }

    /** 20 seconds, in which it burns 5 of a processor and holds 64 MiB. */
    private static Workload.Function work() {
        String script =
                """
                dd if=/dev/zero bs=%d count=1 2>/dev/null | {
                  timeout 5 sh -c 'while :; do :; done'
                  sleep 15
                  cat > /dev/null
                }
                if [ -f /sys/fs/cgroup/cpuacct/cpuacct.usage ]; then
                  awk '{ printf "%%d", $1 / 1000000 }' /sys/fs/cgroup/cpuacct/cpuacct.usage
                else
                  awk '/usage_usec/ { printf "%%d", $2 / 1000 }' /sys/fs/cgroup/cpu.stat
                fi > $GANTRY_OUTPUT_FILE
                """
                        .formatted(HELD);
        return withoutShell(script);
    }

    private static Workload.Function withoutShell(String script) {
        return Steps.function(
                Map.of(
                        "image",
                        RealCluster.IMAGE,
                        "pullPolicy",
                        "never",
                        "shell",
                        false,
                        "command",
                        List.of("/bin/sh", "-c"),
                        "arguments",
                        List.of(script)));
    }

    @Test
    void asksTheKubeletWhatAStepWithoutAShellUses() throws Exception {
        RealCluster cluster = cluster();
        String role = cluster.makeClusterRoles("usage.yaml").getFirst();
        cluster.makeAccount("measures");
        cluster.bind(cluster.namespace, "Role", "gantry-steps", "measures");
        cluster.bindEverywhere(role, "measures");
        String server = cluster.admin.getMasterUrl().toString();
        try (RunnerAdapter adapter =
                        cluster.adapter(
                                INSTALLATION,
                                Map.of(
                                        "kubelet-usage",
                                        "true",
                                        "kubeconfig",
                                        cluster.kubeconfig(server, cluster.token("measures"))
                                                .toString()));
                Steps.Run run = Steps.Run.begin(adapter, Steps.of(INSTALLATION, work()))) {
            assertThat(adapter.capabilities(work()).can(Capability.USAGE)).isTrue();

            Outcome.Succeeded ended = (Outcome.Succeeded) run.await();

            double cpuMillis =
                    Double.parseDouble(new String(ended.output(), StandardCharsets.UTF_8));
            assertThat(ended.usage().cpuMillis()).as("CPU time of %s", cpuMillis).isNotNull();
            assertThat(ended.usage().cpuMillis() / cpuMillis).isBetween(0.75, 1.25);
            assertThat(ended.usage().peakMemoryBytes())
                    .isBetween((long) (0.75 * HELD), (long) (1.25 * HELD));
        }
    }

    /** The account may not ask: nothing is made up, and whoever looks after it is told. */
    @Test
    void tellsWhyNoKubeletAnswers() throws Exception {
        Workload sleeps = withoutShell("sleep 8");
        try (RunnerAdapter adapter =
                        cluster().adapter(INSTALLATION, Map.of("kubelet-usage", "true"));
                Steps.Run run = Steps.Run.begin(adapter, Steps.of(INSTALLATION, sleeps))) {
            RealCluster.until(
                    "the adapter has asked",
                    () -> adapter.health().detail().contains("usage of node"));

            Outcome outcome = run.await();

            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
            Outcome.Usage usage = ((Outcome.Succeeded) outcome).usage();
            assertThat(usage.cpuMillis()).isNull();
            assertThat(usage.peakMemoryBytes()).isNull();
        }
    }

    @Test
    void asksNoKubeletUnlessItIsTold() throws Exception {
        Workload.Function ends = withoutShell("echo null > $GANTRY_OUTPUT_FILE");
        try (RunnerAdapter adapter = cluster().adapter(INSTALLATION, Map.of());
                Steps.Run run = Steps.Run.begin(adapter, Steps.of(INSTALLATION, ends))) {
            Outcome.Succeeded ended = (Outcome.Succeeded) run.await();

            assertThat(adapter.capabilities(ends).can(Capability.USAGE)).isFalse();
            assertThat(ended.usage().cpuMillis()).isNull();
            assertThat(adapter.health().detail()).doesNotContain("node");
        }
    }
}
