package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.definition.plan.DataFlow;
import dev.gantry.orchestrator.definition.plan.Schema;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.execution.Executions.Refused;
import dev.gantry.orchestrator.execution.Executions.StartRequest;
import dev.gantry.orchestrator.execution.Executions.Started;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.journal.Journals;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What starts are refused, and which are the same. */
class StartsTest {
    private static final String KEY = "order-1";

    @Test
    void tellsEveryStartWithOneKeyButTheFirstThatItIsRepeated() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            for (int round = 0; round < 10; round++) {
                StartRequest request = TestNode.request("one", "{}", "key-" + round);
                List<Future<Started>> starts = new ArrayList<>();
                CountDownLatch together = new CountDownLatch(1);
                try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (int i = 0; i < 20; i++) {
                        starts.add(
                                callers.submit(() -> {
                                    together.await();
                                    return node.executions().start(request).get();
                                }));
                    }
                    together.countDown();
                }
                List<Started> answers = new ArrayList<>();
                for (Future<Started> start : starts) {
                    answers.add(start.get());
                }
                assertThat(answers).filteredOn(Started::created).hasSize(1);
                assertThat(answers).extracting(Started::id).containsOnly(answers.getFirst().id());
            }
            assertThat(node.count("select count(*) from execution")).isEqualTo(10);
        }
    }

    @Test
    void beginsWithAKeyWhoseFirstStartWasCutOff() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            Started first = start(node, "one", "{}", KEY);
            awaitReleased(node, first.id());
            node.jdbi.useHandle(handle -> {
                handle.execute("delete from journal");
                handle.execute("delete from execution");
            });

            Started again = start(node, "one", "{}", KEY);

            assertThat(again).isEqualTo(new Started(first.id(), true));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"b\":[10,{\"x\":\"y\",\"z\":null}]}",
                "{ \"b\" : [1e1, {\"z\":null,\"x\":\"\\u0079\"}], \"a\" : 1.0 }"
            })
    void knowsARequestByItsMeaning(String input) throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            Started first =
                    start(node, "one", "{\"a\":1,\"b\":[10,{\"x\":\"y\",\"z\":null}]}", KEY);

            assertThat(start(node, "one", input, KEY)).isEqualTo(new Started(first.id(), false));
            for (String other :
                    new String[] {
                        "{\"a\":1,\"b\":[{\"x\":\"y\",\"z\":null},10]}",
                        "{\"a\":\"1\",\"b\":[10,{\"x\":\"y\",\"z\":null}]}",
                        "{\"a\":1,\"b\":[10,{\"x\":\"y\"}]}"
                    }) {
                assertThat(refused(node, TestNode.request("one", other, KEY)).code())
                        .isEqualTo(Refused.Code.IDEMPOTENCY_KEY_REUSED);
            }
        }
    }

    @Test
    void forgetsKeysAfterTheirWindow() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            Started first = start(node, "one", "{}", KEY);
            Started kept = start(node, "one", "{}", "kept");
            node.jdbi.useHandle(handle ->
                    handle.execute(
                            "update start_key set created_at = now() - interval '8 days' where key = ?",
                            KEY));

            Started later = start(node, "one", "{\"other\":true}", KEY);

            assertThat(later.created()).isTrue();
            assertThat(later.id()).isNotEqualTo(first.id());
            assertThat(start(node, "one", "{\"other\":true}", KEY))
                    .isEqualTo(new Started(later.id(), false));
            assertThat(start(node, "one", "{}", "kept")).isEqualTo(new Started(kept.id(), false));
        }
    }

    @Test
    void removesKeysThatHaveEnded() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            start(node, "one", "{}", KEY);
            node.jdbi.useHandle(handle ->
                    handle.execute(
                            """
                            insert into start_key (tenant_id, key, initiator, request, execution_id, created_at)
                            select 'default', 'old-' || n, 'user:ann', ''::bytea, gen_random_uuid(),
                                   now() - interval '8 days'
                              from generate_series(1, 2500) n
                            """));

            new IdempotencyKeys(
                            node.node().properties(), Clock.systemUTC(), Journals.index(node.jdbi))
                    .purge();

            assertThat(node.count("select count(*) from start_key")).isEqualTo(1);
        }
    }

    @Test
    void refusesAnInputThatDoesNotFitAndKeepsNothingOfIt() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.plans.put("checked", checked(node));

            Refused refused = refused(node, TestNode.request("checked", "{}", KEY));

            assertThat(refused.code()).isEqualTo(Refused.Code.INPUT_INVALID);
            assertThat(refused.findings())
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                    .containsExactly(new Schema.Finding("/n", "a number is expected"));
            assertThat(node.count("select count(*) from execution")).isZero();
            // The key is free for the input as it should have been.
            assertThat(start(node, "checked", "{\"n\":1}", KEY).created()).isTrue();
        }
    }

    @Test
    void beginsAndFaultsWhatThePlatformStartsItself() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.plans.put("checked", checked(node));
            StartRequest asked = TestNode.request("checked", "{}", null);

            ExecutionId id =
                    node.executions()
                            .start(
                                    new StartRequest(
                                            asked.tenant(),
                                            new Initiator(Initiator.Kind.SYSTEM, "event"),
                                            asked.kind(),
                                            asked.namespace(),
                                            asked.name(),
                                            asked.version(),
                                            asked.input(),
                                            null,
                                            null,
                                            null))
                            .get()
                            .id();

            ExecutionView view = node.await(id);
            assertThat(view.summary().status()).isEqualTo(ExecutionStatus.FAULTED);
            assertThat(view.error()).extracting("type").asString().endsWith("/validation");
        }
    }

    @Test
    void findsAnExecutionByTheCorrelationIdThatItShows() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("one", call("a", "echo"));
            ExecutionView view = node.run("one", "{}");
            node.run("one", "{}");

            Executions.Page<ExecutionSummary> found =
                    node.executions()
                            .list(
                                    TestNode.TENANT,
                                    new Executions.Filter(
                                            null,
                                            null,
                                            null,
                                            view.summary().correlationId(),
                                            null,
                                            null),
                                    null,
                                    10);

            assertThat(found.items())
                    .extracting(ExecutionSummary::id)
                    .containsExactly(view.summary().id());
        }
    }

    @Test
    void cutsPagesWhereTheLimitSays() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("three", call("a", "echo"), call("b", "echo"), call("c", "echo"));
            ExecutionId id = node.run("three", "{}").summary().id();
            awaitReleased(node, id);
            List<HistoryEvent> history =
                    node.executions().history(TestNode.TENANT, id, null, 200).items();
            List<?> lifecycle = node.executions().lifecycle(TestNode.TENANT, id, null, 200).items();

            for (int limit : new int[] {1, 2, 3, 7}) {
                int most = limit;
                assertThat(
                                pages(
                                        most,
                                        after ->
                                                node.executions()
                                                        .history(TestNode.TENANT, id, after, most)))
                        .isEqualTo(history);
                assertThat(
                                pages(
                                        most,
                                        after ->
                                                node.executions()
                                                        .lifecycle(
                                                                TestNode.TENANT, id, after, most)))
                        .isEqualTo(lifecycle);
            }
        }
    }

    /** The last that is written. */
    private static void awaitReleased(TestNode node, ExecutionId id) {
        await().untilAsserted(() -> {
            List<HistoryEvent> history =
                    node.executions().history(TestNode.TENANT, id, null, 200).items();
            assertThat(history.getLast().type()).isEqualTo("StepReleased");
        });
    }

    private interface Paged<T> {
        Executions.Page<T> after(@org.jspecify.annotations.Nullable String cursor);
    }

    private static <T> List<T> pages(int limit, Paged<T> list) {
        List<T> all = new ArrayList<>();
        String cursor = null;
        do {
            Executions.Page<T> page = list.after(cursor);
            assertThat(page.items().size()).isLessThanOrEqualTo(limit);
            if (page.next() != null) {
                assertThat(page.items()).hasSize(limit);
            }
            all.addAll(page.items());
            cursor = page.next();
        } while (cursor != null);
        return all;
    }

    private static WorkflowPlan checked(TestNode node) {
        node.define("checked", call("a", "echo"));
        WorkflowPlan plan = Objects.requireNonNull(node.plans.get("checked"));
        Schema number =
                value ->
                        value.path("n").isNumber()
                                ? List.of()
                                : List.of(new Schema.Finding("/n", "a number is expected"));
        return new WorkflowPlan(
                plan.ref(),
                new DataFlow(number, null, null, null, null, null),
                plan.timeout(),
                plan.main(),
                plan.functions(),
                plan.workflows(),
                plan.startOn(),
                plan.secrets(),
                plan.document());
    }

    private static Started start(TestNode node, String name, String input, String key)
            throws Exception {
        return node.executions().start(TestNode.request(name, input, key)).get();
    }

    private static Refused refused(TestNode node, StartRequest request) {
        ExecutionException thrown =
                catchThrowableOfType(
                        ExecutionException.class, () -> node.executions().start(request).get());
        return (Refused) Objects.requireNonNull(thrown.getCause());
    }
}
