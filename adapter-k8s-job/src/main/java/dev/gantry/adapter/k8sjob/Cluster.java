package dev.gantry.adapter.k8sjob;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** How a client for the configured cluster is made. */
final class Cluster {
    private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/";
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 20_000;
    private static final int RETRIES = 3;

    /** As API servers that are busy ask for; it doubles. */
    private static final int RETRY_MILLIS = 1_000;

    private Cluster() {}

    static KubernetesClient connect(K8sSettings.Access access, Executor threads) {
        Config config = access.kubeconfig() == null ? inCluster() : file(access);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setRequestTimeout(ANSWER_MILLIS);
        config.setRequestRetryBackoffLimit(RETRIES);
        config.setRequestRetryBackoffInterval(RETRY_MILLIS);
        // With HTTP/2 all logs that are followed would share one connection, which has room for
        // few.
        config.setHttp2Disable(true);
        config.setUserAgent("gantry");
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withTaskExecutorSupplier(() -> threads)
                .withHttpClientFactory(new OnThreads(threads))
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor(Pace.NAME, new Pace(threads)))
                .build();
    }

    /** Answers of many Jobs at the same time would get a thread of the system each. */
    private static final class OnThreads extends JdkHttpClientFactory {
        private final Executor threads;

        OnThreads(Executor threads) {
            this.threads = threads;
        }

        @Override
        protected void additionalConfig(HttpClient.Builder builder) {
            builder.executor(threads);
        }
    }

    private static Config file(K8sSettings.Access access) {
        File file = new File(String.valueOf(access.kubeconfig()));
        if (!file.canRead()) {
            throw new IllegalStateException(
                    "the file '%s' of gantry.adapters.k8s-job.kubeconfig cannot be read"
                            .formatted(file));
        }
        return Config.fromKubeconfig(access.context(), file);
    }

    /**
     * The token is read for each request: Kubernetes writes a new one before the old one expires.
     */
    private static Config inCluster() {
        String host = System.getenv("KUBERNETES_SERVICE_HOST");
        if (host == null) {
            throw new IllegalStateException(
                    "gantry.adapters.k8s-job.in-cluster is true, and this is no pod of a cluster: KUBERNETES_SERVICE_HOST is not set");
        }
        String address = host.contains(":") ? "[" + host + "]" : host;
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(
                        "https://%s:%s/"
                                .formatted(address, System.getenv("KUBERNETES_SERVICE_PORT")))
                .withCaCertFile(ACCOUNT + "ca.crt")
                .withOauthTokenProvider(Cluster::token)
                .build();
    }

    private static String token() {
        try {
            return Files.readString(Path.of(ACCOUNT + "token")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the pod's service account has no token", e);
        }
    }
}
