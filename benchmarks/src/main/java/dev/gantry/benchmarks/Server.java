package dev.gantry.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import dev.gantry.orchestrator.GantryServer;
import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** A fresh installation in this process, with a PostgreSQL and a folder of its own. */
final class Server implements AutoCloseable {
    static final String TOKEN = "benchmark-token-0123456789";

    /** The local mock gives its input back; the other notes when it was called. */
    static final String MOCK = "local-mock";

    static final String FIRST_STEP = "first-step";

    private static final TenantId TENANT = new TenantId("default");
    private static final Initiator WHO = new Initiator(Initiator.Kind.SYSTEM, "benchmark");

    private final Path folder;
    private final ConfigurableApplicationContext context;
    private final Executions executions;
    private final Executions.StartRequest threeSteps;
    private final DataSource database;

    private Server(Path folder, ConfigurableApplicationContext context) throws IOException {
        this.folder = folder;
        this.context = context;
        this.executions = context.getBean(Executions.class);
        HikariDataSource pool = context.getBean(HikariDataSource.class);
        this.database = pool.getDataSource();
        JsonNode input = new ObjectMapper().readTree("{\"order\": 4711, \"customer\": \"Ann\"}");
        this.threeSteps =
                new Executions.StartRequest(
                        TENANT,
                        WHO,
                        DefinitionKind.WORKFLOW,
                        "bench",
                        "three-" + MOCK,
                        null,
                        input,
                        null,
                        null,
                        null);
    }

    static Server start() throws IOException {
        return start("");
    }

    /**
     * @param settings further ones of PostgreSQL's configuration
     */
    static Server start(String settings) throws IOException {
        Path folder = Files.createTempDirectory("gantry-benchmark");
        Path postgres = Files.createDirectories(folder.resolve("data/postgres"));
        // Counts statements where they arrive, at a cost that all who are measured share.
        Files.writeString(
                postgres.resolve("extra.conf"),
                """
                shared_preload_libraries = 'pg_stat_statements'
                pg_stat_statements.max = 10000
                """
                        + settings);
        ConfigurableApplicationContext context =
                SpringApplication.run(
                        GantryServer.class,
                        "--gantry.data-dir=" + folder.resolve("data"),
                        "--server.port=0",
                        "--gantry.dev.enabled=true",
                        "--gantry.dev.token=" + TOKEN,
                        "--logging.level.root=" + System.getProperty("log", "error"));
        Server server = new Server(folder, context);
        server.jdbi().useHandle(handle -> handle.execute("create extension pg_stat_statements"));
        server.publish(MOCK);
        server.publish(FIRST_STEP);
        return server;
    }

    private void publish(String adapter) {
        publishDocument(
                """
                function: f-%1$s
                namespace: bench
                version: 1.0.0
                runtime: {class: faas, adapters: [%1$s]}
                tags: {owner: bench, domain: bench, sensitivity: internal, lifecycle: experimental}
                """
                        .formatted(adapter));
        publishDocument(
                """
                document: {dsl: 1.0.3, namespace: bench, name: "three-%1$s", version: 1.0.0}
                do:
                  - a: {call: "f-%1$s:1.0.0@default"}
                  - b: {call: "f-%1$s:1.0.0@default"}
                  - c: {call: "f-%1$s:1.0.0@default"}
                """
                        .formatted(adapter));
    }

    private void publishDocument(String document) {
        Definitions.Published published =
                context.getBean(Definitions.class)
                        .publish(
                                TENANT,
                                "benchmark",
                                document.getBytes(StandardCharsets.UTF_8),
                                Definitions.Format.YAML);
        if (!(published instanceof Definitions.Published.New)) {
            throw new IllegalStateException("not published: " + published);
        }
    }

    /** W1, in this process: three steps through the local mock, until the result is there. */
    void run() throws Exception {
        executions.run(threeSteps, Duration.ofSeconds(30)).get();
    }

    String url() {
        return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
    }

    Jdbi jdbi() {
        return context.getBean(Jdbi.class);
    }

    /** Gives connections that are in nobody's pool. */
    DataSource database() {
        return database;
    }

    /** Of the PostgreSQL that all others of its processes are children of. */
    long postmaster() throws IOException {
        List<String> lines =
                Files.readAllLines(folder.resolve("data/postgres/data/postmaster.pid"));
        return Long.parseLong(lines.getFirst().strip());
    }

    @Override
    public void close() throws IOException {
        context.close();
        FileSystemUtils.deleteRecursively(folder);
    }
}
