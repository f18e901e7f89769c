package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static dev.gantry.orchestrator.engine.PlanBuilder.pause;
import static dev.gantry.orchestrator.engine.PlanBuilder.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.observability.DocumentedMetrics;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What operators see of executions and lanes. */
class MetricsTest {
    static final Failure FAILURE =
            new Failure("EXIT_NONZERO", "code 3", Actor.AUTHOR, false, Progress.ENDED);

    private static double count(MeterRegistry meters, String name, String... tags) {
        return meters.get(name).tag("tenant", "acme").tags(tags).counter().count();
    }

    private static Timer timer(TestNode node, String name, String definition) {
        return node.meters.get(name).tags("tenant", "acme", "definition", definition).timer();
    }

    @Test
    void countsStartsEndsAndTheirTimes() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"), call("b", "echo"));
            node.define("bad", call("crash", "fail"));
            node.stage.failing.put("crash", FAILURE);

            node.run("one", "{}");
            node.run("one", "{}");
            ExecutionView bad = node.run("bad", "{}");

            assertThat(bad.summary().status()).isEqualTo(ExecutionStatus.FAULTED);
            assertThat(count(node.meters, "gantry.executions.started", "definition", "test/one"))
                    .isEqualTo(2);
            assertThat(ended(node, "test/one", "completed")).isEqualTo(2);
            assertThat(ended(node, "test/one", "faulted")).isZero();
            assertThat(ended(node, "test/bad", "faulted")).isEqualTo(1);
            Timer whole = timer(node, "gantry.executions.duration", "test/one");
            Timer firstStep = timer(node, "gantry.executions.first.step", "test/one");
            assertThat(whole.count()).isEqualTo(2);
            assertThat(firstStep.count()).isEqualTo(2);
            assertThat(firstStep.totalTime(TimeUnit.NANOSECONDS))
                    .isPositive()
                    .isLessThanOrEqualTo(whole.totalTime(TimeUnit.NANOSECONDS));
        }
    }

    private static double ended(TestNode node, String definition, String status) {
        return count(
                node.meters, "gantry.executions.ended", "definition", definition, "status", status);
    }

    @Test
    void countsAnEndAfterARestartAndNoSecondStart() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("nap", pause("nap", Duration.ofMillis(300)), call("a", "echo"));
            ExecutionId id = node.start("nap", "{}");
            try (TestNode again = node.restarted()) {
                again.await(id);
                assertThat(count(again.meters, "gantry.executions.started")).isZero();
                assertThat(ended(again, "test/nap", "completed")).isEqualTo(1);
            }
        }
    }

    @Test
    void givesTagsToAStatedNumberOfTenantsAndDefinitions() {
        MetricTags tags = new MetricTags(new MetricSettings(2, 2, Duration.ofMinutes(1)));
        TenantId acme = new TenantId("acme");

        assertThat(tags.of(acme, "a", "x").definition()).isEqualTo("a/x");
        assertThat(tags.of(acme, "a", "y").definition()).isEqualTo("a/y");
        assertThat(tags.of(acme, "a", "z")).isEqualTo(new MetricTags.Tags("acme", "_other"));
        assertThat(tags.of(acme, "a", "x").definition()).isEqualTo("a/x");
        assertThat(tags.of(new TenantId("b"), "a", "z").definition()).isEqualTo("a/z");
        assertThat(tags.of(new TenantId("c"), "a", "x"))
                .isEqualTo(new MetricTags.Tags("_other", "_other"));
        assertThat(tags.of(new TenantId("c"))).isEqualTo("_other");
    }

    @Test
    void sharesATagBeyondThem() throws Exception {
        try (TestNode node = TestNode.open()) {
            for (String name : new String[] {"a", "b", "c", "d"}) {
                node.define(name, set("x", (input, arguments) -> input));
                node.run(name, "{}");
            }
            assertThat(count(node.meters, "gantry.executions.started", "definition", "_other"))
                    .isEqualTo(2);
        }
    }

    @Test
    void countsWhatIsStored() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("nap", pause("nap", Duration.ofDays(1)));
            node.start("nap", "{}");
            node.start("nap", "{}");
            StoredGauges gauges = node.gauges();
            gauges.refresh();

            assertThat(open(node)).isEqualTo(2);
            assertThat(node.meters.get("gantry.timers.due").gauge().value()).isZero();
            node.jdbi.useHandle(handle ->
                    handle.execute(
                            """
                            insert into dead_letter values
                             (gen_random_uuid(), 1, 'acme', 'user:a', 'n', 'w', '1', '/do/0', 1, 'LOST', '', now())
                            """));
            gauges.refresh();
            assertThat(node.meters.get("gantry.dead.letters").tag("tenant", "acme").gauge().value())
                    .isEqualTo(1);
            node.jdbi.useHandle(handle -> handle.execute("delete from dead_letter"));
            node.isSpoilt = true;
            node.jdbi.useHandle(
                    handle -> handle.execute("update execution set residence = 2, status = 4"));
            gauges.refresh();
            assertThat(node.meters.find("gantry.executions.open").gauge()).isNull();
            assertThat(node.meters.find("gantry.dead.letters").gauge()).isNull();
        }
    }

    private static double open(TestNode node) {
        return node.meters
                .get("gantry.executions.open")
                .tags("tenant", "acme", "definition", "test/nap", "status", "waiting")
                .gauge()
                .value();
    }

    @Test
    void showsHowLongALaneIsBehind() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("one", set("x", (input, arguments) -> input));
            node.jdbi.useTransaction(handle -> {
                handle.execute("lock table journal in access exclusive mode");
                // The lane has the first in hand, so that the others wait.
                for (int i = 0; i < 100; i++) {
                    var _ = node.executions().start(TestNode.request("one", "{}", null));
                    if (i == 0) {
                        await().until(() -> most(node, "gantry.lane.backlog") == 0);
                    }
                }
                await().untilAsserted(() -> {
                    assertThat(most(node, "gantry.lane.backlog")).isPositive();
                    assertThat(most(node, "gantry.lane.oldest")).as("seconds").isGreaterThan(0.2);
                });
            });
            await().untilAsserted(() -> {
                assertThat(most(node, "gantry.lane.backlog")).isZero();
                assertThat(most(node, "gantry.lane.oldest")).isZero();
                assertThat(most(node, "gantry.lane.blocked")).isZero();
            });
            assertThat(node.meters.get("gantry.lane.backlog").gauges()).hasSize(4);
        }
    }

    private static double most(TestNode node, String name) {
        return node.meters.get(name).gauges().stream()
                .mapToDouble(Gauge::value)
                .max()
                .orElseThrow();
    }

    @Test
    void showsWhatCannotBeProcessed() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        try (TestNode node = TestNode.open()) {
            node.define(
                    "broken",
                    pause("nap", Duration.ofMillis(10)),
                    set(
                            "x",
                            (input, arguments) -> {
                                if (broken.get()) {
                                    throw new IllegalStateException("a defect");
                                }
                                return input;
                            }));
            ExecutionId id = node.start("broken", "{}");

            await().until(() -> most(node, "gantry.lane.stuck") == 1);
            broken.set(false);
            node.await(id);
            await().until(() -> most(node, "gantry.lane.stuck") == 0);
        }
    }

    @Test
    void isListedInTheDocumentation() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("nap", pause("nap", Duration.ofDays(1)));
            node.start("nap", "{}");
            node.jdbi.useHandle(handle ->
                    handle.execute(
                            """
                            insert into dead_letter values
                             (gen_random_uuid(), 1, 'acme', 'user:a', 'n', 'w', '1', '/do/0', 1, 'LOST', '', now())
                            """));
            node.jdbi.useHandle(handle ->
                    handle.execute(
                            """
                            insert into lease (execution_id, step, attempt, shard, adapter,
                                external_name, state, since, changed_at)
                            values (gen_random_uuid(), 1, 1, 0, 'stage', 'x', 1, now(), now())
                            """));
            node.gauges().refresh();
            DocumentedMetrics.assertListed(node.meters, name -> !name.startsWith("gantry.runner."));
        }
    }
}
