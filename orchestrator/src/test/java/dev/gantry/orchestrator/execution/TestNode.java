package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.engine.PlanBuilder;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.journal.Journals;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.jspecify.annotations.Nullable;

/** A node with its own PostgreSQL and hand-made plans. */
final class TestNode implements AutoCloseable, Catalog {
    static final TenantId TENANT = new TenantId("acme");
    private final EmbeddedPostgres postgres;
    private final HikariDataSource pool;
    private final Map<String, WorkflowPlan> plans = new ConcurrentHashMap<>();
    private final EchoRunners runners = new EchoRunners();
    private final ExecutionNode node;
    private final Executions executions;

    static TestNode open() throws Exception {
        return new TestNode();
    }

    private TestNode() throws Exception {
        postgres =
                EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("shared_buffers", "256MB")
                        .setServerConfig("max_wal_size", "4GB")
                        .start();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.getJdbcUrl("postgres", "postgres"));
        config.setMaximumPoolSize(12);
        pool = new HikariDataSource(config);
        Flyway.configure().dataSource(pool).load().migrate();
        Jdbi jdbi = Jdbi.create(pool).installPlugin(new PostgresPlugin());
        ExecutionProperties properties =
                new ExecutionProperties(
                        16,
                        Integer.getInteger("lanes", 4),
                        "node-1",
                        Duration.ofSeconds(10),
                        50_000,
                        1_000,
                        2_500,
                        Duration.ofDays(90),
                        4 << 20,
                        4 << 20,
                        256 << 20,
                        256 << 20,
                        Duration.ofMinutes(5),
                        Duration.ofHours(24),
                        Duration.ofSeconds(10),
                        Duration.ZERO,
                        "busybox",
                        "python",
                        "node");
        Watchers watchers = new Watchers();
        JdbiStepOutput outputs = new JdbiStepOutput(jdbi);
        var index = Journals.index(jdbi);
        node =
                new ExecutionNode(
                        properties,
                        Clock.systemUTC(),
                        Journals.journal(jdbi),
                        index,
                        new JdbiShardLeases(jdbi),
                        runners,
                        this,
                        outputs,
                        watchers,
                        "test");
        node.start();
        executions =
                new ExecutionService(
                        node,
                        index,
                        new ExecutionStarts(node, index, this, runners),
                        outputs,
                        watchers,
                        this);
    }

    ExecutionNode node() {
        return node;
    }

    Executions executions() {
        return executions;
    }

    EchoRunners runners() {
        return runners;
    }

    void define(String name, Task... tasks) {
        plans.put(name, PlanBuilder.workflow(name, tasks));
    }

    Executions.StartRequest start(String name, String input) throws Exception {
        return new Executions.StartRequest(
                TENANT,
                new Initiator(Initiator.Kind.USER, "ann"),
                DefinitionKind.WORKFLOW,
                "test",
                name,
                null,
                new ObjectMapper().readTree(input),
                null,
                null,
                null);
    }

    @Override
    public DefinitionRef resolve(
            TenantId tenant,
            DefinitionKind kind,
            String namespace,
            String name,
            @Nullable String version) {
        return plan(tenant, new DefinitionRef(kind, namespace, name, "1.0.0")).ref();
    }

    @Override
    public WorkflowPlan plan(TenantId tenant, DefinitionRef ref) {
        WorkflowPlan plan = plans.get(ref.name());
        if (plan == null) {
            throw new IllegalStateException("no plan " + ref);
        }
        return plan;
    }

    private final Map<DefinitionRef, FunctionPlan> functions = new ConcurrentHashMap<>();

    @Override
    public FunctionPlan function(TenantId tenant, DefinitionRef ref) {
        return functions.computeIfAbsent(ref, r -> PlanBuilder.function(r, true, null));
    }

    @Override
    public void close() throws IOException {
        node.close();
        pool.close();
        postgres.close();
    }
}
