package dev.gantry.orchestrator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.engine.Lease;
import dev.gantry.orchestrator.execution.ArtifactView;
import dev.gantry.orchestrator.execution.DeadLetter;
import dev.gantry.orchestrator.execution.ExecutionSummary;
import dev.gantry.orchestrator.execution.ExecutionView;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.execution.HistoryEvent;
import dev.gantry.orchestrator.execution.LeaseView;
import dev.gantry.orchestrator.execution.LogChunk;
import dev.gantry.orchestrator.execution.StepView;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.spi.Outcome;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Executions that a test scripts: what is started completes at once with its input as output, or
 * stays running if its definition is named {@code slow}, or is refused if it is named after a code.
 */
final class FakeExecutions implements Executions {
    private final Map<ExecutionId, Fake> all = new ConcurrentHashMap<>();
    private final Map<String, ExecutionId> keys = new ConcurrentHashMap<>();
    final Deque<StartRequest> started = new ConcurrentLinkedDeque<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile @Nullable Filter listedWith;

    /** An execution whose course the test decides. */
    static final class Fake {
        final TenantId tenant;
        volatile ExecutionView view;
        volatile CompletableFuture<Void> changed = new CompletableFuture<>();
        volatile String stepStatus = "running";
        final List<LogChunk> log = new CopyOnWriteArrayList<>();

        Fake(TenantId tenant, ExecutionView view) {
            this.tenant = tenant;
            this.view = view;
        }

        void end(ExecutionStatus status, @Nullable JsonNode output) {
            ExecutionSummary old = view.summary();
            change(
                    new ExecutionView(
                            summary(old, status),
                            view.input(),
                            output,
                            status == ExecutionStatus.FAULTED ? fault() : null,
                            List.of(),
                            view.change() + 1));
        }

        void touch() {
            change(
                    new ExecutionView(
                            view.summary(),
                            view.input(),
                            view.output(),
                            view.error(),
                            view.currentTasks(),
                            view.change() + 1));
        }

        private synchronized void change(ExecutionView to) {
            view = to;
            CompletableFuture<Void> before = changed;
            changed = new CompletableFuture<>();
            before.complete(null);
        }

        void log(String text) {
            log.add(
                    new LogChunk(
                            log.size(),
                            1,
                            "stdout",
                            0,
                            Instant.EPOCH,
                            text.getBytes(StandardCharsets.UTF_8)));
        }

        private static WorkflowError fault() {
            return WorkflowError.Standard.RUNTIME.at("/do/0/a", "TEST", "it broke");
        }

        private static ExecutionSummary summary(ExecutionSummary old, ExecutionStatus status) {
            return new ExecutionSummary(
                    old.id(),
                    old.definition(),
                    status,
                    old.correlationId(),
                    old.initiator(),
                    old.parent(),
                    old.startedAt(),
                    status.isTerminal() ? old.startedAt().plusSeconds(1) : null);
        }
    }

    Fake fake(ExecutionId id) {
        return Objects.requireNonNull(all.get(id));
    }

    Fake fake(String id) {
        return fake(ExecutionId.parse(id));
    }

    @Override
    public CompletableFuture<Started> start(StartRequest request) {
        for (Refused.Code code : Refused.Code.values()) {
            if (request.name().equals(code.name())) {
                return CompletableFuture.failedFuture(new Refused(code, "because of " + code));
            }
        }
        started.add(request);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        ExecutionId id =
                ExecutionId.of(
                        System.currentTimeMillis(), random.nextLong(), random.nextLong(), 0, 16);
        if (request.idempotencyKey() != null) {
            ExecutionId known = keys.putIfAbsent(request.idempotencyKey(), id);
            if (known != null) {
                return CompletableFuture.completedFuture(new Started(known, false));
            }
        }
        all.put(id, new Fake(request.tenant(), view(id, request)));
        return CompletableFuture.completedFuture(new Started(id, true));
    }

    @Override
    public CompletableFuture<Ran> run(StartRequest request, Duration atMost) {
        return start(request)
                .thenCompose(started ->
                        await(request.tenant(), started.id(), atMost)
                                .thenApply(view -> new Ran(started, view)));
    }

    private static ExecutionView view(ExecutionId id, StartRequest request) {
        boolean slow = request.name().equals("slow");
        Instant now = Instant.parse("2026-07-29T12:00:00Z");
        return new ExecutionView(
                new ExecutionSummary(
                        id,
                        new DefinitionRef(
                                request.kind(),
                                request.namespace(),
                                request.name(),
                                request.version() == null ? "1.0.0" : request.version()),
                        slow ? ExecutionStatus.RUNNING : ExecutionStatus.COMPLETED,
                        request.correlationId() == null ? id.toString() : request.correlationId(),
                        request.initiator().toString(),
                        null,
                        now,
                        slow ? null : now.plusMillis(5)),
                request.input(),
                slow ? null : request.input(),
                null,
                slow
                        ? List.of(new ExecutionView.CurrentTask("/do/0/a", "", "running", null, 1))
                        : List.of(),
                1);
    }

    private Fake known(TenantId tenant, ExecutionId id) {
        Fake fake = all.get(id);
        if (fake == null || !fake.tenant.equals(tenant)) {
            throw new Refused(
                    Refused.Code.EXECUTION_NOT_FOUND, "There is no execution %s.".formatted(id));
        }
        return fake;
    }

    @Override
    public CompletableFuture<ExecutionView> await(
            TenantId tenant, ExecutionId id, Duration atMost) {
        Fake fake = known(tenant, id);
        if (fake.view.summary().status().isTerminal()) {
            return CompletableFuture.completedFuture(fake.view);
        }
        return fake.changed
                .copy()
                .orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS)
                .handle((_, _) -> fake.view);
    }

    @Override
    public Optional<ExecutionView> find(TenantId tenant, ExecutionId id) {
        return Optional.ofNullable(all.get(id))
                .filter(fake -> fake.tenant.equals(tenant))
                .map(fake -> fake.view);
    }

    @Override
    public Page<ExecutionSummary> list(
            TenantId tenant, Filter filter, @Nullable String after, int limit) {
        listedWith = filter;
        if ("fails/now".equals(filter.definition())) {
            throw new IllegalStateException("the inside of Gantry");
        }
        int from = after == null ? 0 : Integer.parseInt(after);
        List<ExecutionSummary> mine =
                all.values().stream()
                        .filter(fake -> fake.tenant.equals(tenant))
                        .map(fake -> fake.view.summary())
                        .sorted((a, b) -> b.id().compareTo(a.id()))
                        .toList();
        int to = Math.min(from + limit, mine.size());
        return new Page<>(
                mine.subList(Math.min(from, to), to),
                to < mine.size() ? Integer.toString(to) : null);
    }

    @Override
    public Page<HistoryEvent> history(
            TenantId tenant, ExecutionId id, @Nullable String after, int limit) {
        known(tenant, id);
        return new Page<>(
                List.of(
                        new HistoryEvent(
                                1,
                                Instant.EPOCH,
                                "ExecutionStarted",
                                null,
                                JsonNodeFactory.instance.objectNode().put("a", 1))),
                null);
    }

    @Override
    public Page<JsonNode> lifecycle(
            TenantId tenant, ExecutionId id, @Nullable String after, int limit) {
        return new Page<>(List.of(), null);
    }

    @Override
    public Page<StepView> steps(TenantId tenant, ExecutionId id, int after, int limit) {
        Fake fake = known(tenant, id);
        List<StepView> shown =
                IntStream.rangeClosed(after + 1, 5)
                        .limit(limit)
                        .mapToObj(number -> step(fake, number))
                        .toList();
        return new Page<>(
                shown, after + limit < 5 ? Integer.toString(shown.getLast().step()) : null);
    }

    /** Two pages, with one that is broken on the second. */
    @Override
    public Rebuilt rebuild(boolean all, @Nullable String after, int limit) {
        return after == null
                ? new Rebuilt(limit, List.of(), "more")
                : new Rebuilt(
                        all ? 3 : 1, List.of(new ExecutionId(new java.util.UUID(0, 1))), null);
    }

    @Override
    public Optional<StepView> step(TenantId tenant, ExecutionId id, int step) {
        Fake fake = known(tenant, id);
        return step <= 5 ? Optional.of(step(fake, step)) : Optional.empty();
    }

    private static final Outcome.Usage USAGE =
            new Outcome.Usage(
                    4_200L, 2_000L, null, null, 64L << 20, Map.of("billedMillis", 4_300L));

    private static StepView step(Fake fake, int number) {
        return new StepView(
                number,
                "/do/0/a",
                "",
                "billing/charge:1.0.0",
                "faas",
                fake.stepStatus,
                JsonNodeFactory.instance.objectNode(),
                null,
                List.of(
                        new StepView.AttemptView(
                                1,
                                "local-mock",
                                fake.stepStatus,
                                Instant.EPOCH,
                                Instant.EPOCH,
                                null,
                                null,
                                null,
                                null,
                                USAGE)));
    }

    private ExecutionView steer(
            String what, TenantId tenant, ExecutionId id, ExecutionStatus status) {
        Fake fake = known(tenant, id);
        if (fake.view.summary().status().isTerminal()) {
            throw new Refused(
                    Refused.Code.WRONG_STATUS,
                    "execution %s is %s".formatted(id, fake.view.summary().status().label()));
        }
        calls.add(what);
        fake.end(status, null);
        return fake.view;
    }

    @Override
    public ExecutionView cancel(
            TenantId tenant, ExecutionId id, Initiator by, @Nullable String reason) {
        return steer("cancel by " + by + ": " + reason, tenant, id, ExecutionStatus.CANCELLED);
    }

    @Override
    public ExecutionView suspend(
            TenantId tenant, ExecutionId id, Initiator by, @Nullable String reason) {
        return steer("suspend by " + by + ": " + reason, tenant, id, ExecutionStatus.SUSPENDED);
    }

    @Override
    public ExecutionView resume(TenantId tenant, ExecutionId id, Initiator by) {
        return steer("resume by " + by, tenant, id, ExecutionStatus.RUNNING);
    }

    @Override
    public ExecutionView retry(TenantId tenant, ExecutionId id, Initiator by) {
        return steer("retry by " + by, tenant, id, ExecutionStatus.RUNNING);
    }

    @Override
    public Limits limits() {
        return new Limits(Duration.ofHours(24), Duration.ofDays(90), 1_000);
    }

    @Override
    public ExecutionView decide(
            TenantId tenant, ExecutionId id, Initiator by, int step, Decision decision) {
        if (step != 1) {
            throw new Refused(Refused.Code.STEP_NOT_FOUND, "no step %d".formatted(step));
        }
        return steer("decide " + decision + " by " + by, tenant, id, ExecutionStatus.RUNNING);
    }

    /** One of each tenant. */
    @Override
    public Page<LeaseView> leases(
            @Nullable TenantId tenant, LeaseFilter filter, @Nullable String after, int limit) {
        List<LeaseView> leases = new ArrayList<>();
        all.forEach((id, fake) -> {
            if (fake.tenant.equals(tenant) || tenant == null) {
                leases.add(
                        new LeaseView(
                                fake.tenant,
                                id,
                                1,
                                1,
                                fake.view.summary().definition(),
                                null,
                                "user:ann",
                                "docker",
                                "g1-1",
                                Lease.State.RELEASE_FAILED,
                                "BACKEND_UNAVAILABLE",
                                Instant.EPOCH,
                                Instant.EPOCH));
            }
        });
        return new Page<>(
                leases.stream()
                        .filter(one -> filter.state() == null || one.state() == filter.state())
                        .limit(limit)
                        .toList(),
                null);
    }

    @Override
    public Page<DeadLetter> deadLetters(TenantId tenant, @Nullable String after, int limit) {
        List<DeadLetter> letters = new ArrayList<>();
        all.forEach((id, fake) -> {
            if (fake.tenant.equals(tenant) && letters.size() < limit) {
                letters.add(
                        new DeadLetter(
                                id,
                                fake.view.summary().definition(),
                                1,
                                "/do/0/a",
                                1,
                                "TIMEOUT",
                                "it may have run",
                                Instant.EPOCH));
            }
        });
        return new Page<>(letters, null);
    }

    @Override
    public List<LogChunk> logs(TenantId tenant, ExecutionId id, int step, long from, int limit) {
        return known(tenant, id).log.stream()
                .filter(chunk -> step == 1 && chunk.sequence() >= from)
                .limit(limit)
                .toList();
    }

    @Override
    public List<ArtifactView> artifacts(TenantId tenant, ExecutionId id, int step) {
        known(tenant, id);
        return step == 1
                ? List.of(new ArtifactView(1, "out/a report.csv", 3, Instant.EPOCH))
                : List.of();
    }

    @Override
    public Optional<InputStream> artifact(TenantId tenant, ExecutionId id, int step, String path) {
        known(tenant, id);
        return step == 1 && path.equals("out/a report.csv")
                ? Optional.of(new ByteArrayInputStream("a;b".getBytes(StandardCharsets.UTF_8)))
                : Optional.empty();
    }

    @Override
    public CompletableFuture<Long> changed(
            TenantId tenant, ExecutionId id, long since, Duration atMost) {
        Fake fake = known(tenant, id);
        synchronized (fake) {
            if (fake.view.change() > since) {
                return CompletableFuture.completedFuture(fake.view.change());
            }
            return fake.changed
                    .copy()
                    .orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS)
                    .handle((_, _) -> fake.view.change());
        }
    }
}
