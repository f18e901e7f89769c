package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gantry.orchestrator.cluster.JdbiShardLeases;
import dev.gantry.orchestrator.cluster.Node;
import dev.gantry.orchestrator.database.TestPostgres;
import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.SecretException;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Ledger;
import dev.gantry.orchestrator.engine.PlanBuilder;
import dev.gantry.orchestrator.engine.ReadRows;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.journal.Journals;
import dev.gantry.orchestrator.payload.Turned;
import dev.gantry.orchestrator.runner.RecordedSpans;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A node on a real PostgreSQL, with hand-made plans and a stage for an adapter. */
final class TestNode implements AutoCloseable, Catalog {
    static final TenantId TENANT = new TenantId("acme");
    static final Initiator ANN = new Initiator(Initiator.Kind.USER, "ann");

    /** What differs from test to test. */
    record Settings(
            String name,
            String place,
            Duration lease,
            int parkedInMemory,
            Duration maxDuration,
            Duration reapInterval,
            long maxOutputBytes,
            Duration patience) {
        static final Settings DEFAULT =
                new Settings(
                        "node-1",
                        "node-1",
                        Duration.ofSeconds(10),
                        2_500,
                        Duration.ofDays(90),
                        Duration.ZERO,
                        4 << 20,
                        Duration.ofHours(1));

        Settings named(String other) {
            return at(other, other);
        }

        /** Another folder of data. */
        Settings at(String other) {
            return at(name, other);
        }

        private Settings at(String name, String place) {
            return new Settings(
                    name,
                    place,
                    lease,
                    parkedInMemory,
                    maxDuration,
                    reapInterval,
                    maxOutputBytes,
                    patience);
        }

        Settings withLease(Duration other) {
            return new Settings(
                    name,
                    place,
                    other,
                    parkedInMemory,
                    maxDuration,
                    reapInterval,
                    maxOutputBytes,
                    patience);
        }

        Settings withParked(int other) {
            return new Settings(
                    name, place, lease, other, maxDuration, reapInterval, maxOutputBytes, patience);
        }

        Settings withMaxDuration(Duration other) {
            return new Settings(
                    name,
                    place,
                    lease,
                    parkedInMemory,
                    other,
                    reapInterval,
                    maxOutputBytes,
                    patience);
        }

        Settings withReaper(Duration other) {
            return new Settings(
                    name,
                    place,
                    lease,
                    parkedInMemory,
                    maxDuration,
                    other,
                    maxOutputBytes,
                    patience);
        }

        Settings withPatience(Duration other) {
            return new Settings(
                    name,
                    place,
                    lease,
                    parkedInMemory,
                    maxDuration,
                    reapInterval,
                    maxOutputBytes,
                    other);
        }

        /** What is not named here is as in production. */
        ExecutionProperties properties() {
            Map<String, Object> set =
                    Map.of(
                            "gantry.execution.node", name,
                            "gantry.execution.lease", lease,
                            "gantry.execution.parked-in-memory", parkedInMemory,
                            "gantry.execution.max-duration", maxDuration,
                            "gantry.execution.reap-interval", reapInterval,
                            "gantry.execution.reap-grace", reapInterval.multipliedBy(3),
                            "gantry.execution.max-output-bytes", maxOutputBytes,
                            "gantry.execution.adapter-patience", patience);
            return new Binder(new MapConfigurationPropertySource(set))
                    .bindOrCreate("gantry.execution", ExecutionProperties.class);
        }
    }

    final Map<String, WorkflowPlan> plans;
    final Map<DefinitionRef, FunctionPlan> functions = new ConcurrentHashMap<>();
    final Stage stage;
    final TestPostgres.Database database;
    final Jdbi jdbi;
    final RecordedSpans spans = new RecordedSpans();
    private final SdkTracerProvider tracing =
            SdkTracerProvider.builder()
                    .setIdGenerator(ExecutionSpans.IDS)
                    .addSpanProcessor(spans)
                    .build();
    final MeterRegistry meters = new SimpleMeterRegistry();
    private final MetricTags tags =
            new MetricTags(new MetricSettings(10, 2, Duration.ofMinutes(1)));

    /** How often each execution was read from the journal. */
    final Map<ExecutionId, Integer> read = new ConcurrentHashMap<>();

    /** How many entries readers have asked for. */
    final AtomicInteger entriesRead = new AtomicInteger();

    /** Whether the test made what is stored unreadable. */
    boolean isSpoilt;

    private final ReadOracle oracle;
    private final MovableClock clock = new MovableClock();
    private final Settings settings;
    private final HikariDataSource pool;
    private final PausableLeases leases;
    final Ledger ledger;
    private final ExecutionNode node;
    private final Executions executions;

    static TestNode open() {
        return new TestNode(
                Settings.DEFAULT, TestPostgres.migrated(), new Stage(), new ConcurrentHashMap<>());
    }

    static TestNode open(Settings settings) {
        return new TestNode(
                settings, TestPostgres.migrated(), new Stage(), new ConcurrentHashMap<>());
    }

    /** Another node on the same database and backend, or the same one after a restart. */
    TestNode another(Settings settings) {
        return new TestNode(settings, database, stage, plans);
    }

    private TestNode(
            Settings settings,
            TestPostgres.Database database,
            Stage stage,
            Map<String, WorkflowPlan> plans) {
        this.settings = settings;
        this.database = database;
        this.stage = stage;
        this.plans = plans;
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(12);
        config.setConnectionTimeout(1_000);
        pool = new HikariDataSource(config);
        jdbi = Jdbi.create(pool).installPlugin(new PostgresPlugin());
        ExecutionProperties properties = settings.properties();
        Watchers watchers = new Watchers();
        JdbiStepOutput outputs = new JdbiStepOutput(jdbi, new Turned());
        var index = Journals.index(jdbi);
        ledger = Journals.ledger(jdbi);
        leases = new PausableLeases(new JdbiShardLeases(jdbi));
        // One of the same name is the same one after a restart.
        Node self =
                new Node(
                        settings.name(),
                        UUID.nameUUIDFromBytes(settings.place().getBytes(StandardCharsets.UTF_8)),
                        UUID.randomUUID(),
                        "test");
        Journal journal = new CountedReads(Journals.journal(jdbi), read);
        ReadRows rows = new CountedRows(Journals.reads(jdbi), entriesRead);
        oracle = new ReadOracle(journal, rows, index, this);
        node =
                new ExecutionNode(
                        properties,
                        clock,
                        journal,
                        index,
                        leases,
                        ledger,
                        stage,
                        this,
                        outputs,
                        watchers,
                        new ExecutionMeters(meters, tags),
                        new ExecutionSpans(tracing.get("test")),
                        self,
                        Journals.post(jdbi),
                        "test");
        node.start();
        executions =
                new ExecutionService(
                        node,
                        index,
                        ledger,
                        new ExecutionStarts(node, index, this, stage),
                        outputs,
                        watchers,
                        new ExecutionReader(rows, index, this, node::blocker));
    }

    /** In microseconds, as the database keeps times, and as far ahead as a test wants. */
    private static final class MovableClock extends Clock {
        private final Clock clock = Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
        private volatile Duration ahead = Duration.ZERO;

        @Override
        public ZoneId getZone() {
            return clock.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return clock.withZone(zone);
        }

        @Override
        public Instant instant() {
            return clock.instant().plus(ahead);
        }
    }

    private record CountedReads(Journal journal, Map<ExecutionId, Integer> read)
            implements Journal {
        @Override
        public void commit(Batch batch) throws Fenced, Unavailable {
            journal.commit(batch);
        }

        @Override
        public boolean isCommitted(Batch batch) throws Fenced, Unavailable {
            return journal.isCommitted(batch);
        }

        @Override
        public Map<ExecutionId, Recorded> read(Collection<ExecutionId> ids) throws Unavailable {
            ids.forEach(id -> read.merge(id, 1, Integer::sum));
            return journal.read(ids);
        }

        @Override
        public void saveSnapshot(Head head, Snapshot snapshot) throws Unavailable {
            journal.saveSnapshot(head, snapshot);
        }
    }

    /** Sets the node's clock ahead. */
    void after(Duration time) {
        clock.ahead = clock.ahead.plus(time);
    }

    /** Whether it cannot renew its leases, and knows that; all else works. */
    void cutOff(boolean isCutOff) {
        leases.cutOff = isCutOff;
    }

    void stopRenewing() {
        leases.paused = true;
    }

    /** Counts what is stored. */
    StoredGauges gauges() {
        return new StoredGauges(
                Journals.census(jdbi), () -> node.held().keySet(), meters, tags, Clock.systemUTC());
    }

    ExecutionNode node() {
        return node;
    }

    Executions executions() {
        return executions;
    }

    void define(String name, Task... tasks) {
        plans.put(name, PlanBuilder.workflow(name, tasks));
    }

    /** As an event starts it: nobody waits for the answer. */
    ExecutionId startByEvent(String name, String input)
            throws InterruptedException, ExecutionException, TimeoutException {
        Executions.StartRequest request = request(name, input, null);
        return executions
                .start(
                        new Executions.StartRequest(
                                TENANT,
                                new Initiator(Initiator.Kind.SYSTEM, "event"),
                                request.kind(),
                                request.namespace(),
                                request.name(),
                                null,
                                request.input(),
                                null,
                                null,
                                null))
                .get(20, TimeUnit.SECONDS)
                .id();
    }

    static Executions.StartRequest request(String name, String input, @Nullable String key) {
        try {
            return new Executions.StartRequest(
                    TENANT,
                    new Initiator(Initiator.Kind.USER, "ann"),
                    DefinitionKind.WORKFLOW,
                    "test",
                    name,
                    null,
                    Json.read(input.getBytes(StandardCharsets.UTF_8)),
                    null,
                    key,
                    null);
        } catch (IOException e) {
            throw new AssertionError(input, e);
        }
    }

    ExecutionId startWithin(String name, String traceparent)
            throws InterruptedException, ExecutionException, TimeoutException {
        Executions.StartRequest plain = request(name, "{}", null);
        return executions
                .start(
                        new Executions.StartRequest(
                                TENANT,
                                plain.initiator(),
                                plain.kind(),
                                plain.namespace(),
                                name,
                                null,
                                plain.input(),
                                "order-7",
                                null,
                                traceparent))
                .get(20, TimeUnit.SECONDS)
                .id();
    }

    ExecutionId start(String name, String input)
            throws InterruptedException, ExecutionException, TimeoutException {
        return executions.start(request(name, input, null)).get(20, TimeUnit.SECONDS).id();
    }

    ExecutionView await(ExecutionId id)
            throws InterruptedException, ExecutionException, TimeoutException {
        return executions.await(TENANT, id, Duration.ofSeconds(20)).get(25, TimeUnit.SECONDS);
    }

    ExecutionView run(String name, String input)
            throws InterruptedException, ExecutionException, TimeoutException {
        return executions
                .run(request(name, input, null), Duration.ofSeconds(20))
                .get(25, TimeUnit.SECONDS)
                .view();
    }

    /** A query for one number. */
    int count(String sql) {
        return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }

    /** Stops this node and starts another process of the same name. */
    TestNode restarted() {
        close();
        // A process takes its places with it.
        stage.holders.clear();
        return another(settings);
    }

    ExecutionView view(ExecutionId id) {
        return executions.find(TENANT, id).orElseThrow();
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

    @Override
    public JsonNode secret(TenantId tenant, String name) throws SecretException {
        throw new SecretException("there is no secret '%s'".formatted(name));
    }

    @Override
    public FunctionPlan function(TenantId tenant, DefinitionRef ref) {
        return functions.computeIfAbsent(ref, r -> PlanBuilder.function(r, false, null));
    }

    @Override
    public Set<Need> needs(TenantId tenant, WorkflowPlan plan) {
        return PlanNeeds.of(plan, tenant, this);
    }

    @Override
    public void close() {
        if (pool.isClosed()) {
            return;
        }
        node.close();
        try {
            if (!isSpoilt) {
                oracle.check();
            }
        } catch (Journal.Unavailable e) {
            throw new IllegalStateException(e);
        } finally {
            pool.close();
        }
    }
}
