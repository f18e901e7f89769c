package dev.gantry.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.GantryServer;
import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.execution.Lanes;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Many executions that are due at the same time, beside as many that do one step, and many whose
 * times come one after the other; prints Markdown. {@code -Dtimers=100000} sets how many.
 */
public final class Timers {
    private static final TenantId TENANT = new TenantId("default");
    private static final Initiator WHO = new Initiator(Initiator.Kind.SYSTEM, "benchmark");
    private static final int MANY = Integer.getInteger("timers", 100_000);
    private static final int CALLERS = 256;

    private Timers() {}

    public static void main(String[] arguments) throws Exception {
        Path data = Files.createTempDirectory("gantry-benchmark");
        try (ConfigurableApplicationContext server = server(data, "0s")) {
            publish(server);
            all(server, "one", Math.max(1, MANY / 10));
            long began = System.nanoTime();
            all(server, "one", MANY);
            awaitNoneOpen(server);
            row("%,d executions of one step".formatted(MANY), seconds(began));
            began = System.nanoTime();
            all(server, "day", MANY);
            row("%,d starts of a wait".formatted(MANY), seconds(began));
        }
        try (ConfigurableApplicationContext server = server(data, "25h")) {
            due(server);
            lateness(server, MANY * 3 / 10);
        }
    }

    private static void due(ConfigurableApplicationContext server) throws Exception {
        long began = System.nanoTime();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger backlog = new AtomicInteger();
        ConcurrentLinkedQueue<Long> starts = new ConcurrentLinkedQueue<>();
        Thread probe =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!over.get()) {
                                long sent = System.nanoTime();
                                start(server, "one");
                                starts.add(System.nanoTime() - sent);
                                server.getBean(Lanes.class)
                                        .lanes()
                                        .forEach(lane ->
                                                backlog.accumulateAndGet(
                                                        lane.backlog(), Math::max));
                                sleep(50);
                            }
                        });
        awaitNoneDue(server);
        String took = seconds(began);
        over.set(true);
        probe.join();
        row("%,d waits that are due at once".formatted(MANY), took);
        long[] nanos = starts.stream().mapToLong(Long::longValue).toArray();
        Load.Result result = Load.result(nanos, 1, 0);
        row(
                "starts meanwhile",
                "p50 %.1f ms, p95 %.1f ms, p99 %.1f ms"
                        .formatted(result.p50(), result.p95(), result.p99()));
        row("messages that waited for one lane, at most", "%,d".formatted(backlog.get()));
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        row(
                "heap in use after a collection",
                "%,d MiB".formatted((runtime.totalMemory() - runtime.freeMemory()) >> 20));
    }

    private static void lateness(ConfigurableApplicationContext server, int count)
            throws Exception {
        long began = System.nanoTime();
        all(server, "moment", count);
        row("%,d starts of a wait of 45 s".formatted(count), seconds(began));
        awaitNoneOpen(server);
        double[] late =
                server.getBean(Jdbi.class)
                        .withHandle(handle ->
                                handle
                                        .createQuery(
                                                """
                                                select extract(epoch from ended_at - started_at) - 45
                                                  from execution where name = 'moment'
                                                """)
                                        .mapTo(Double.class)
                                        .list()
                                        .stream()
                                        .mapToDouble(x -> x)
                                        .toArray());
        Arrays.sort(late);
        row(
                "how late they end",
                "p50 %.2f s, p99 %.2f s, at most %.2f s"
                        .formatted(
                                late[late.length / 2],
                                late[(int) (late.length * 0.99)],
                                late[late.length - 1]));
    }

    private static ConfigurableApplicationContext server(Path data, String ahead) {
        return SpringApplication.run(
                GantryServer.class,
                "--gantry.data-dir=" + data.resolve("data"),
                "--server.port=0",
                "--gantry.dev.enabled=true",
                "--gantry.dev.token=benchmark-token-0123456789",
                "--gantry.dev.clock-offset=" + ahead,
                "--logging.level.root=warn");
    }

    private static void publish(ConfigurableApplicationContext server) {
        publish(
                server,
                """
                function: f
                namespace: bench
                version: 1.0.0
                runtime: {class: faas, adapters: [local-mock]}
                tags: {owner: bench, domain: bench, sensitivity: internal, lifecycle: experimental}
                """);
        publish(server, workflow("one", "call: \"f:1.0.0@default\""));
        publish(server, workflow("day", "wait: {days: 1}"));
        publish(server, workflow("moment", "wait: {seconds: 45}"));
    }

    private static String workflow(String name, String task) {
        return """
        document: {dsl: 1.0.3, namespace: bench, name: %s, version: 1.0.0}
        do:
          - a: {%s}
        """
                .formatted(name, task);
    }

    private static void publish(ConfigurableApplicationContext server, String document) {
        Definitions.Published published =
                server.getBean(Definitions.class)
                        .publish(
                                TENANT,
                                "benchmark",
                                document.getBytes(StandardCharsets.UTF_8),
                                Definitions.Format.YAML);
        if (!(published instanceof Definitions.Published.New)) {
            throw new IllegalStateException("not published: " + published);
        }
    }

    private static void all(ConfigurableApplicationContext server, String name, int count)
            throws InterruptedException {
        AtomicInteger left = new AtomicInteger(count);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                callers.execute(() -> {
                    while (left.getAndDecrement() > 0) {
                        start(server, name);
                    }
                });
            }
        }
    }

    /** Again while the server says that it has no room. */
    private static void start(ConfigurableApplicationContext server, String name) {
        while (true) {
            try {
                server.getBean(Executions.class)
                        .start(
                                new Executions.StartRequest(
                                        TENANT,
                                        WHO,
                                        DefinitionKind.WORKFLOW,
                                        "bench",
                                        name,
                                        "1.0.0",
                                        JsonNodeFactory.instance.objectNode(),
                                        null,
                                        null,
                                        null))
                        .join();
                return;
            } catch (java.util.concurrent.CompletionException e) {
                if (!(e.getCause() instanceof Executions.Refused)) {
                    throw e;
                }
                sleep(100);
            }
        }
    }

    private static void awaitNoneOpen(ConfigurableApplicationContext server) {
        awaitNone(server, "select count(*) from execution where residence < 2");
    }

    private static void awaitNoneDue(ConfigurableApplicationContext server) {
        awaitNone(server, "select count(*) from execution where residence = 1");
    }

    private static void awaitNone(ConfigurableApplicationContext server, String sql) {
        Jdbi jdbi = server.getBean(Jdbi.class);
        while (jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(Integer.class).one()) > 0) {
            sleep(200);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String seconds(long began) {
        return "%.1f s".formatted((System.nanoTime() - began) / 1e9);
    }

    private static void row(String what, String measured) {
        System.out.printf(Locale.ROOT, "| %s | %s |%n", what, measured);
    }
}
