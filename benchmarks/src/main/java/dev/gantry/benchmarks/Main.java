package dev.gantry.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gantry.orchestrator.GantryServer;
import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs W1 and W2, and DBOS beside them, and prints the numbers as Markdown. */
public final class Main {
    private static final TenantId TENANT = new TenantId("default");
    private static final Initiator WHO = new Initiator(Initiator.Kind.SYSTEM, "benchmark");
    private static final String TOKEN = "benchmark-token-0123456789";
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("warmup", 15));
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("seconds", 20));
    private static final int RATE = 500;
    private static final int CALLERS = Integer.getInteger("callers", 512);

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        Path data = Files.createTempDirectory("gantry-benchmark");
        ConfigurableApplicationContext context =
                SpringApplication.run(
                        GantryServer.class,
                        "--gantry.data-dir=" + data.resolve("data"),
                        "--server.port=0",
                        "--gantry.dev.enabled=true",
                        "--gantry.dev.token=" + TOKEN,
                        "--logging.level.root=warn");
        try (context) {
            publish(context.getBean(Definitions.class));
            report(context, data.resolve("data"));
        }
    }

    private static void report(ConfigurableApplicationContext context, Path data) throws Exception {
        System.out.printf(
                Locale.ROOT,
                "%n%d processors, heap of at most %,d MiB, JDK %s, PostgreSQL on the same machine, fsync on%n%n| what | measured |%n|---|---|%n",
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory() >> 20,
                Runtime.version());
        Load.Result inProcess = w1(context, data);
        System.gc();
        System.out.printf(
                Locale.ROOT,
                "| heap in use after a collection | %,d MiB |%n",
                (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
        w1Http(context);
        w2(context);
        Load.Result dbos = dbos(context.getBean(DataSource.class));
        System.out.printf(
                Locale.ROOT,
                "| W1 in-process against DBOS | %.1f times |%n",
                inProcess.perSecond() / dbos.perSecond());
    }

    private static void publish(Definitions definitions) {
        for (String adapter : List.of("local-mock", "first-step")) {
            publish(
                    definitions,
                    """
                    function: %s
                    namespace: bench
                    version: 1.0.0
                    runtime: {class: faas, adapters: [%s]}
                    tags: {owner: bench, domain: bench, sensitivity: internal, lifecycle: experimental}
                    """
                            .formatted("f-" + adapter, adapter));
            publish(
                    definitions,
                    """
                    document: {dsl: 1.0.3, namespace: bench, name: "three-%1$s", version: 1.0.0}
                    do:
                      - a: {call: "f-%1$s:1.0.0@default"}
                      - b: {call: "f-%1$s:1.0.0@default"}
                      - c: {call: "f-%1$s:1.0.0@default"}
                    """
                            .formatted(adapter));
        }
    }

    private static void publish(Definitions definitions, String document) {
        Definitions.Published published =
                definitions.publish(
                        TENANT,
                        "benchmark",
                        document.getBytes(StandardCharsets.UTF_8),
                        Definitions.Format.YAML);
        if (!(published instanceof Definitions.Published.New)) {
            throw new IllegalStateException("not published: " + published);
        }
    }

    private static Load.Result w1(ConfigurableApplicationContext context, Path data)
            throws Exception {
        Executions executions = context.getBean(Executions.class);
        Jdbi jdbi = context.getBean(Jdbi.class);
        JsonNode input = new ObjectMapper().readTree("{\"order\": 4711, \"customer\": \"Ann\"}");
        Executions.StartRequest request =
                new Executions.StartRequest(
                        TENANT,
                        WHO,
                        DefinitionKind.WORKFLOW,
                        "bench",
                        "three-local-mock",
                        null,
                        input,
                        null,
                        null,
                        null);
        long[] commits = new long[2];
        long[] began = new long[1];
        Load.Result result =
                Load.closed(
                        CALLERS,
                        WARM_UP,
                        MEASURED,
                        () -> {
                            commits[0] = commits(jdbi);
                            began[0] = System.nanoTime();
                        },
                        () -> executions.run(request, Duration.ofSeconds(30)).get());
        commits[1] = commits(jdbi);
        double workflows = result.perSecond() * (System.nanoTime() - began[0]) / 1e9;
        System.out.printf("| W1 in-process, %d callers | %s |%n", CALLERS, result);
        System.out.printf(
                Locale.ROOT,
                "| commits a workflow | %.3f |%n",
                (commits[1] - commits[0]) / workflows);
        countStatements(executions, request, new ServerLog(jdbi, data));
        return result;
    }

    private static void countStatements(
            Executions executions, Executions.StartRequest request, ServerLog log)
            throws Exception {
        LongAdder workflows = new LongAdder();
        long statements =
                log.statementsDuring(() ->
                        Load.closed(
                                512,
                                Duration.ZERO,
                                Duration.ofSeconds(5),
                                () -> {},
                                () -> {
                                    executions.run(request, Duration.ofSeconds(30)).get();
                                    workflows.increment();
                                }));
        System.out.printf(
                Locale.ROOT,
                "| statements a workflow, transaction control included | %.2f |%n",
                (double) statements / workflows.sum());
    }

    private static long commits(Jdbi jdbi) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                "select xact_commit from pg_stat_database where datname = current_database()")
                        .mapTo(Long.class)
                        .one());
    }

    private static void w1Http(ConfigurableApplicationContext context) throws Exception {
        URI uri =
                URI.create(
                        "http://127.0.0.1:"
                                + context.getEnvironment().getProperty("local.server.port")
                                + "/v1/executions");
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request = start(uri, "three-local-mock", "", "wait=30");
            Load.Result result =
                    Load.closed(
                            128,
                            WARM_UP,
                            MEASURED,
                            () -> {},
                            () -> {
                                int status =
                                        http.send(request, HttpResponse.BodyHandlers.discarding())
                                                .statusCode();
                                if (status != 200) {
                                    throw new IOException("status " + status);
                                }
                            });
            System.out.printf(
                    "| W1 over HTTP, 128 callers, client in the same process | %s |%n", result);
        }
    }

    private static HttpRequest start(URI uri, String workflow, String correlation, String prefer) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"definition\":{\"namespace\":\"bench\",\"name\":\"%s\"},\"input\":{\"order\":4711}%s}"
                                                .formatted(
                                                        workflow,
                                                        correlation.isEmpty()
                                                                ? ""
                                                                : ",\"correlationId\":\""
                                                                        + correlation
                                                                        + "\"")));
        return prefer.isEmpty() ? request.build() : request.header("Prefer", prefer).build();
    }

    /**
     * Starts come at a fixed rate whatever the answers do; measured from then to the first step's
     * call.
     */
    private static void w2(ConfigurableApplicationContext context) throws Exception {
        URI uri =
                URI.create(
                        "http://127.0.0.1:"
                                + context.getEnvironment().getProperty("local.server.port")
                                + "/v1/executions");
        Map<String, Long> due = new HashMap<>();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            int warm = (int) WARM_UP.toSeconds() * RATE;
            int total = warm + (int) MEASURED.toSeconds() * RATE;
            long began = System.nanoTime();
            for (int i = 0; i < total; i++) {
                long at = began + i * (1_000_000_000L / RATE);
                long left = at - System.nanoTime();
                if (left > 0) {
                    Thread.sleep(Duration.ofNanos(left));
                }
                String id = "w2-" + i;
                if (i >= warm) {
                    due.put(id, at);
                }
                answers.add(
                        http.sendAsync(
                                start(uri, "three-first-step", id, ""),
                                HttpResponse.BodyHandlers.discarding()));
            }
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
        }
        long[] waits =
                due.entrySet().stream()
                        .filter(e -> FirstStepProvider.CALLED.containsKey(e.getKey()))
                        .mapToLong(e ->
                                FirstStepProvider.CALLED.getOrDefault(e.getKey(), 0L)
                                        - e.getValue())
                        .toArray();
        System.out.printf(
                "| W2 over HTTP at %d starts/s: due time to first step | %s |%n",
                RATE, Load.result(waits, (double) MEASURED.toSeconds(), due.size() - waits.length));
    }

    private static Load.Result dbos(DataSource gantry) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(gantry.unwrap(HikariDataSource.class).getDataSource());
        config.setMaximumPoolSize(20);
        try (HikariDataSource pool = new HikariDataSource(config);
                Dbos.Started dbos = Dbos.start(pool)) {
            Load.Result result =
                    Load.closed(
                            64,
                            WARM_UP,
                            MEASURED,
                            () -> {},
                            () -> dbos.work().three("{\"order\": 4711}"));
            System.out.printf(
                    "| DBOS Transact for Java, the same work, 64 callers | %s |%n", result);
            return result;
        }
    }
}
