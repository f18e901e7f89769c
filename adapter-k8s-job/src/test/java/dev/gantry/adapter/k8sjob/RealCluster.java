package dev.gantry.adapter.k8sjob;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.spi.BlobStore;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerAdapterProvider.AdapterContext;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of its own in a real cluster, seen without the adapter. The adapter gets an account
 * that may do no more than {@code docs/adapters/k8s-job/role.yaml} says.
 */
final class RealCluster implements AutoCloseable {
    static final String REQUIRED = "GANTRY_REQUIRE_KUBERNETES";
    static final String IMAGE = "gantry/busybox:test";
    private static final Path ROLE = Path.of("../docs/adapters/k8s-job/role.yaml");
    static final String ACCOUNT = "gantry";

    final KubernetesClient admin;
    final String namespace = "gantry-test-" + UUID.randomUUID().toString().substring(0, 8);
    final String token;
    private final Path kubeconfig;

    private final List<String> namespaces = new CopyOnWriteArrayList<>();
    private final List<HasMetadata> clusterWide = new CopyOnWriteArrayList<>();

    private RealCluster(KubernetesClient admin) {
        this.admin = admin;
        makeNamespace(namespace);
        makeAccount(ACCOUNT);
        Role role = admin.rbac().roles().load(ROLE.toFile()).item();
        admin.rbac().roles().inNamespace(namespace).resource(role).create();
        bind(namespace, "Role", role.getMetadata().getName(), ACCOUNT);
        this.token = token(ACCOUNT);
        this.kubeconfig = kubeconfig(admin.getMasterUrl().toString());
    }

    void makeNamespace(String name) {
        namespaces.add(name);
        admin.namespaces()
                .resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                                .endMetadata()
                                .build())
                .create();
        until(
                "the namespace's service account",
                () -> admin.serviceAccounts().inNamespace(name).withName("default").get() != null);
    }

    /** Nobody's own cluster is met by chance: {@code KUBECONFIG} is not read. */
    private static @Nullable String configured() {
        String file = System.getProperty("gantry.kubeconfig", "");
        return file.isEmpty() ? System.getenv("GANTRY_TEST_KUBECONFIG") : file;
    }

    /** Skips the test where there is no cluster, unless one is required. */
    static RealCluster require() {
        String file = configured();
        if (file == null || file.isEmpty()) {
            if ("true".equals(System.getenv(REQUIRED))) {
                throw new IllegalStateException(
                        "no cluster: set GANTRY_TEST_KUBECONFIG or -Dgantry.kubeconfig to a kubeconfig");
            }
            assumeTrue(
                    false,
                    "left out: neither GANTRY_TEST_KUBECONFIG nor -Dgantry.kubeconfig names a cluster");
        }
        Config config = Config.fromKubeconfig(new File(String.valueOf(file)));
        config.setHttp2Disable(true);
        return new RealCluster(new KubernetesClientBuilder().withConfig(config).build());
    }

    void makeAccount(String name) {
        admin.serviceAccounts()
                .inNamespace(namespace)
                .resource(
                        new ServiceAccountBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .build())
                .create();
    }

    void bind(String in, String kind, String role, String account) {
        admin.rbac()
                .roleBindings()
                .inNamespace(in)
                .resource(
                        new RoleBindingBuilder()
                                .withNewMetadata()
                                .withName(account)
                                .endMetadata()
                                .withNewRoleRef("rbac.authorization.k8s.io", kind, role)
                                .addNewSubject("", "ServiceAccount", account, namespace)
                                .build())
                .create();
    }

    /** In all namespaces. */
    void bindEverywhere(String role, String account) {
        ClusterRoleBinding binding =
                new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(role + "-" + account)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                        .addNewSubject("", "ServiceAccount", account, namespace)
                        .build();
        clusterWide.add(binding);
        admin.resource(binding).create();
    }

    /**
     * Makes the roles of a page's file, of which there may be others on the cluster.
     *
     * @return their names here, in the file's order
     */
    List<String> makeClusterRoles(String file) throws IOException {
        List<String> names = new ArrayList<>();
        try (InputStream in = Files.newInputStream(ROLE.resolveSibling(file))) {
            for (HasMetadata role : admin.load(in).items()) {
                role.getMetadata().setName(role.getMetadata().getName() + "-" + namespace);
                clusterWide.add(role);
                admin.resource(role).create();
                names.add(role.getMetadata().getName());
            }
        }
        return names;
    }

    /** A new one. */
    String token(String account) {
        return admin.serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(
                        new TokenRequestBuilder()
                                .withNewSpec()
                                .withExpirationSeconds(7_200L)
                                .endSpec()
                                .build())
                .getStatus()
                .getToken();
    }

    /** A file for the adapter's account, at this address of the API server. */
    Path kubeconfig(String server) {
        return kubeconfig(server, token);
    }

    Path kubeconfig(String server, String token) {
        try {
            Path file = Files.createTempFile("gantry-", ".kubeconfig");
            file.toFile().deleteOnExit();
            String ca = admin.getConfiguration().getCaCertData();
            Files.writeString(
                    file,
                    """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: c, cluster: {server: "%s"%s}}]
                    users: [{name: u, user: {token: "%s"}}]
                    contexts: [{name: x, context: {cluster: c, user: u}}]
                    current-context: x
                    """
                            .formatted(
                                    server,
                                    server.startsWith("https") && ca != null
                                            ? ", certificate-authority-data: \"" + ca + "\""
                                            : "",
                                    token));
            return file;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    RunnerAdapter adapter(String installation, Map<String, String> settings) {
        return adapter(installation, settings, null);
    }

    RunnerAdapter adapter(
            String installation, Map<String, String> settings, @Nullable BlobStore blobs) {
        Map<String, String> all = new HashMap<>();
        all.put("kubeconfig", kubeconfig.toString());
        all.put("namespace", namespace);
        // A test machine has few processors, and most steps of tests sleep.
        all.put("cpu-request-percent", "1");
        all.put("default-memory-mib", "160");
        all.put("storage-mib", "256");
        all.putAll(settings);
        return new K8sJobProvider().create(new AdapterContext(installation, all, blobs));
    }

    List<Pod> pods(String step) {
        return admin.pods().inNamespace(namespace).withLabel(Names.STEP, step).list().getItems();
    }

    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain: " + what);
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    /** What a failed test left would keep the namespaces. */
    @Override
    public void close() {
        for (String name : namespaces) {
            admin.batch().v1().jobs().inNamespace(name).delete();
            admin.pods()
                    .inNamespace(name)
                    .list()
                    .getItems()
                    .forEach(pod -> new Jobs(admin).release(pod));
            admin.namespaces().withName(name).delete();
        }
        clusterWide.forEach(it -> admin.resource(it).delete());
        admin.close();
    }
}
