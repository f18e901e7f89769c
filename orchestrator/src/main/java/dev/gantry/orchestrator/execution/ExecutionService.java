package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Lease;
import dev.gantry.orchestrator.engine.Ledger;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the API and others may ask of executions. Reads come from the store, changes go to the
 * lanes.
 */
final class ExecutionService implements Executions {
    private static final int MOST_PER_PAGE = 200;
    private static final int MOST_LOG_CHUNKS = 500;

    private final ExecutionNode node;
    private final ExecutionIndex index;
    private final Ledger ledger;
    private final ExecutionStarts starts;
    private final StepOutput outputs;
    private final Watchers watchers;
    private final ExecutionReader reader;

    ExecutionService(
            ExecutionNode node,
            ExecutionIndex index,
            Ledger ledger,
            ExecutionStarts starts,
            StepOutput outputs,
            Watchers watchers,
            ExecutionReader reader) {
        this.node = node;
        this.index = index;
        this.ledger = ledger;
        this.starts = starts;
        this.outputs = outputs;
        this.watchers = watchers;
        this.reader = reader;
    }

    @Override
    public CompletableFuture<Started> start(StartRequest request) {
        return attempt(() -> starts.start(request, node.newId()));
    }

    @Override
    public CompletableFuture<Ran> run(StartRequest request, Duration atMost) {
        ExecutionId proposed = node.newId();
        // Watched before it is sent, so that its end cannot be missed and need not be looked up.
        CompletableFuture<@Nullable ExecutionView> end =
                watchers.watch(proposed, Watchers.END, atMost);
        return attempt(() -> starts.start(request, proposed))
                .thenCompose(started ->
                        started.id().equals(proposed)
                                ? end.thenApply(view ->
                                        new Ran(
                                                started,
                                                view != null
                                                        ? view
                                                        : require(request.tenant(), proposed)))
                                : await(request.tenant(), started.id(), atMost)
                                        .thenApply(view -> new Ran(started, view)));
    }

    private static <T> CompletableFuture<T> attempt(
            java.util.function.Supplier<CompletableFuture<T>> action) {
        try {
            return action.get();
        } catch (Refused e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<ExecutionView> await(
            TenantId tenant, ExecutionId id, Duration atMost) {
        CompletableFuture<@Nullable ExecutionView> end = watchers.watch(id, Watchers.END, atMost);
        ExecutionView now = require(tenant, id);
        if (now.summary().status().isTerminal()) {
            end.complete(now);
            return CompletableFuture.completedFuture(now);
        }
        return end.thenApply(view -> view != null ? view : require(tenant, id));
    }

    @Override
    public CompletableFuture<Long> changed(
            TenantId tenant, ExecutionId id, long since, Duration atMost) {
        CompletableFuture<@Nullable ExecutionView> change = watchers.watch(id, since, atMost);
        ExecutionIndex.Listed now = requireListed(tenant, id);
        if (now.entries() > since) {
            change.complete(null);
            return CompletableFuture.completedFuture((long) now.entries());
        }
        return change.thenApply(
                view -> view != null ? view.change() : (long) requireListed(tenant, id).entries());
    }

    @Override
    public Optional<ExecutionView> find(TenantId tenant, ExecutionId id) {
        return reader.find(tenant, id);
    }

    private ExecutionView require(TenantId tenant, ExecutionId id) {
        return find(tenant, id).orElseThrow(() -> notFound(id));
    }

    private ExecutionIndex.Listed requireListed(TenantId tenant, ExecutionId id) {
        return index.find(tenant, id).orElseThrow(() -> notFound(id));
    }

    private static Refused notFound(ExecutionId id) {
        return Refused.notFound(id);
    }

    @Override
    public Page<ExecutionSummary> list(
            TenantId tenant, Filter filter, @Nullable String after, int limit) {
        checkLimit(limit, MOST_PER_PAGE);
        List<ExecutionIndex.Listed> rows =
                index.list(
                        tenant,
                        query(filter),
                        after == null ? null : Cursors.position(after),
                        limit + 1);
        return page(
                rows,
                limit,
                ExecutionReader::summary,
                row -> Cursors.of(row.head().startedAt(), row.head().id()));
    }

    private static ExecutionIndex.Query query(Filter filter) {
        String namespace = null;
        String name = null;
        String version = null;
        if (filter.definition() != null) {
            String text = filter.definition();
            int slash = text.indexOf('/');
            int colon = text.indexOf(':');
            if (slash < 1) {
                throw new IllegalArgumentException(
                        "definition '%s' is not namespace/name or namespace/name:version"
                                .formatted(text));
            }
            namespace = text.substring(0, slash);
            name = colon < 0 ? text.substring(slash + 1) : text.substring(slash + 1, colon);
            version = colon < 0 ? null : text.substring(colon + 1);
        }
        return new ExecutionIndex.Query(
                namespace,
                name,
                version,
                filter.status(),
                filter.initiator(),
                filter.correlationId(),
                filter.startedAfter(),
                filter.startedBefore());
    }

    private static <R, T> Page<T> page(
            List<R> rows, int limit, Function<R, T> item, Function<R, String> cursor) {
        boolean more = rows.size() > limit;
        List<R> shown = more ? rows.subList(0, limit) : rows;
        return new Page<>(
                shown.stream().map(item).toList(), more ? cursor.apply(shown.getLast()) : null);
    }

    private static void checkLimit(int limit, int most) {
        if (limit < 1 || limit > most) {
            throw new IllegalArgumentException(
                    "limit is %d, 1 to %d expected".formatted(limit, most));
        }
    }

    @Override
    public Page<HistoryEvent> history(
            TenantId tenant, ExecutionId id, @Nullable String after, int limit) {
        checkLimit(limit, MOST_PER_PAGE);
        return reader.history(tenant, id, after, limit);
    }

    @Override
    public Page<JsonNode> lifecycle(
            TenantId tenant, ExecutionId id, @Nullable String after, int limit) {
        checkLimit(limit, MOST_PER_PAGE);
        return reader.lifecycle(tenant, id, after, limit);
    }

    @Override
    public Page<StepView> steps(TenantId tenant, ExecutionId id, int after, int limit) {
        checkLimit(limit, MOST_PER_PAGE);
        return reader.steps(tenant, id, after, limit);
    }

    @Override
    public Optional<StepView> step(TenantId tenant, ExecutionId id, int step) {
        return reader.step(tenant, id, step);
    }

    @Override
    public Rebuilt rebuild(boolean all, @Nullable String after, int limit) {
        checkLimit(limit, MOST_PER_PAGE);
        return reader.rebuild(all, after, limit);
    }

    @Override
    public ExecutionView cancel(
            TenantId tenant, ExecutionId id, Initiator by, @Nullable String reason) {
        return tell(tenant, id, new Message.Cancel(by.toString(), reason));
    }

    @Override
    public ExecutionView suspend(
            TenantId tenant, ExecutionId id, Initiator by, @Nullable String reason) {
        return tell(tenant, id, new Message.Suspend(by.toString(), reason));
    }

    @Override
    public ExecutionView resume(TenantId tenant, ExecutionId id, Initiator by) {
        return tell(tenant, id, new Message.Resume(by.toString()));
    }

    @Override
    public ExecutionView retry(TenantId tenant, ExecutionId id, Initiator by) {
        return tell(tenant, id, new Message.Retry(by.toString()));
    }

    @Override
    public ExecutionView decide(
            TenantId tenant, ExecutionId id, Initiator by, int step, Decision decision) {
        String who = by.toString();
        JsonNode none = null;
        return tell(
                tenant,
                id,
                switch (decision) {
                    case Decision.Rerun(String reason) ->
                            new Message.Decide(step, who, Message.Verdict.RERUN, none, reason);
                    case Decision.Accept(JsonNode output, String reason) ->
                            new Message.Decide(step, who, Message.Verdict.ACCEPT, output, reason);
                    case Decision.Fail(String reason) ->
                            new Message.Decide(step, who, Message.Verdict.FAIL, none, reason);
                });
    }

    private ExecutionView tell(TenantId tenant, ExecutionId id, Message message) {
        requireListed(tenant, id);
        CompletableFuture<Void> durable = new CompletableFuture<>();
        node.send(Letter.asked(id, message, durable));
        try {
            durable.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw e;
        }
        return require(tenant, id);
    }

    @Override
    public Limits limits() {
        ExecutionProperties properties = node.properties();
        return new Limits(
                properties.maxStepTimeout(), properties.maxDuration(), properties.maxRetries());
    }

    @Override
    public Page<DeadLetter> deadLetters(TenantId tenant, @Nullable String after, int limit) {
        checkLimit(limit, MOST_PER_PAGE);
        List<Journal.Undecided> rows =
                index.undecided(tenant, after == null ? null : Cursors.undecided(after), limit + 1);
        return page(
                rows,
                limit,
                row ->
                        new DeadLetter(
                                row.head().id(),
                                row.head().definition(),
                                row.step(),
                                row.pointer(),
                                row.attempt(),
                                row.code(),
                                row.message(),
                                row.since()),
                row -> Cursors.of(row.since(), row.head().id(), row.step()));
    }

    @Override
    public Page<LeaseView> leases(
            @Nullable TenantId tenant, LeaseFilter filter, @Nullable String after, int limit) {
        checkLimit(limit, MOST_PER_PAGE);
        List<Ledger.Row> rows =
                ledger.list(
                        tenant,
                        new Ledger.Query(filter.adapter(), filter.state(), filter.execution()),
                        after == null ? 0 : Cursors.number(after),
                        limit + 1);
        return page(rows, limit, ExecutionService::view, row -> Cursors.of(row.id()));
    }

    private static LeaseView view(Ledger.Row row) {
        Lease lease = row.lease();
        return new LeaseView(
                row.tenant(),
                row.isNamed() ? row.execution() : null,
                lease.step(),
                lease.attempt(),
                row.definition(),
                lease.function(),
                row.initiator(),
                lease.adapter(),
                row.externalName(),
                lease.state(),
                lease.reason(),
                row.since(),
                row.changedAt());
    }

    @Override
    public List<LogChunk> logs(TenantId tenant, ExecutionId id, int step, long from, int limit) {
        checkLimit(limit, MOST_LOG_CHUNKS);
        requireListed(tenant, id);
        return outputs.logs(tenant, id, step, from, limit);
    }

    @Override
    public List<ArtifactView> artifacts(TenantId tenant, ExecutionId id, int step) {
        requireListed(tenant, id);
        return outputs.artifacts(tenant, id, step);
    }

    @Override
    public Optional<InputStream> artifact(TenantId tenant, ExecutionId id, int step, String path) {
        requireListed(tenant, id);
        return outputs.open(tenant, id, step, path);
    }
}
