package dev.gantry.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import java.io.BufferedReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What {@code -Dsteps=1000} steps of the Kubernetes Job adapter cost that run at the same time: on
 * an API server that runs nothing, in another process, so that only the adapter is measured.
 */
public final class KubernetesCrowd {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_ONCE = 16;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;

    private KubernetesCrowd(String address) {
        this.address = address;
    }

    public static void main(String[] arguments) throws Exception {
        Process stub =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx1g",
                                "-cp",
                                System.getProperty("java.class.path"),
                                KubernetesStub.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader lines = stub.inputReader(UTF_8)) {
            new KubernetesCrowd("http://127.0.0.1:" + lines.readLine())
                    .measure(Integer.getInteger("steps", 1_000));
        } finally {
            stub.destroy();
        }
        System.exit(0);
    }

    private void measure(int count) throws Exception {
        AdapterStep steps = steps();
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        outcomes.addAll(begin(steps, 1));
        awaitFollowed(1);
        long heap = heap();
        int threads = threads();
        outcomes.addAll(begin(steps, count - 1));
        awaitFollowed(count);
        System.out.printf("| %d steps of the Kubernetes Job adapter | more than of one |%n", count);
        System.out.printf("|---|---|%n");
        System.out.printf("| heap and direct buffers | %d MB |%n", (heap() - heap) / 1_000_000);
        System.out.printf("| platform threads | %d |%n", threads() - threads);
        System.out.printf("| watches, in all | %d |%n", count("watches"));
        ask("POST", "/end");
        for (CompletableFuture<Outcome> outcome : outcomes) {
            outcome.get();
        }
    }

    private AdapterStep steps() throws Exception {
        Path kubeconfig = Files.createTempFile("gantry-bench-", ".kubeconfig");
        kubeconfig.toFile().deleteOnExit();
        Files.writeString(
                kubeconfig,
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s"}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """
                        .formatted(address));
        Workload workload =
                new Workload.Process(
                        "bench",
                        "bench:1",
                        List.of("/bin/true"),
                        List.of(),
                        Map.of(),
                        null,
                        Workload.PullPolicy.NEVER,
                        Workload.Result.FUNCTION,
                        Workload.Retention.REMOVE);
        return new AdapterStep(
                "k8s-job",
                Map.of("kubeconfig", kubeconfig.toString()),
                RuntimeClass.JOB,
                workload,
                "{}");
    }

    private static List<CompletableFuture<Outcome>> begin(AdapterStep steps, int count)
            throws Exception {
        Callable<CompletableFuture<Outcome>> one = steps::begin;
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            for (var begun : threads.invokeAll(Collections.nCopies(count, one))) {
                outcomes.add(begun.get());
            }
        }
        return outcomes;
    }

    private void awaitFollowed(int count) throws Exception {
        while (count("logs") < count) {
            Thread.sleep(100);
        }
    }

    private int count(String what) throws Exception {
        return JSON.readTree(ask("GET", "/counts")).path(what).intValue();
    }

    private String ask(String method, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static long heap() throws InterruptedException {
        System.gc();
        Thread.sleep(500);
        System.gc();
        long direct =
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + direct;
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }
}
