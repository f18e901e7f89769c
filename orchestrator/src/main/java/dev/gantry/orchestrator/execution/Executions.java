package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.engine.Lease;
import dev.gantry.orchestrator.engine.Post;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Starts, shows and steers executions. Every call is for one tenant, and sees nothing of another's.
 *
 * <p>Calls that change something return when the change is durable. What is refused is refused with
 * a {@link Refused}, whose code is stable.
 */
public interface Executions {

    /**
     * @param kind a workflow, or a function that is invoked directly
     * @param version null for the latest that is enabled
     * @param correlationId null for the execution's own id
     * @param idempotencyKey a repeated start with the same key gives the first execution; the same
     *     key with another request is refused; kept for a window of 7 days by default; at most 255
     *     characters
     * @param chain see {@link dev.gantry.orchestrator.engine.Chain}
     */
    record StartRequest(
            TenantId tenant,
            Initiator initiator,
            DefinitionKind kind,
            String namespace,
            String name,
            @Nullable String version,
            JsonNode input,
            @Nullable String correlationId,
            @Nullable String idempotencyKey,
            @Nullable String traceparent,
            int chain) {
        public StartRequest(
                TenantId tenant,
                Initiator initiator,
                DefinitionKind kind,
                String namespace,
                String name,
                @Nullable String version,
                JsonNode input,
                @Nullable String correlationId,
                @Nullable String idempotencyKey,
                @Nullable String traceparent) {
            this(
                    tenant,
                    initiator,
                    kind,
                    namespace,
                    name,
                    version,
                    input,
                    correlationId,
                    idempotencyKey,
                    traceparent,
                    0);
        }

        /** Whether nobody waits for the answer: it begins, and what it needs is waited for. */
        boolean isByEvent() {
            return initiator.kind() == Initiator.Kind.SYSTEM;
        }
    }

    /**
     * @param created false if the idempotency key was known
     */
    record Started(ExecutionId id, boolean created) {}

    /**
     * A start that was waited for: the execution once it has ended, or as it was after the time.
     */
    record Ran(Started started, ExecutionView view) {}

    /** Starts and waits, without the look-ups that doing it in two calls would need. */
    CompletableFuture<Ran> run(StartRequest request, Duration atMost);

    /** Completes when the start is durable; exceptionally with {@link Refused}. */
    CompletableFuture<Started> start(StartRequest request);

    /** Completes with the execution once it has ended, or as it is after the time. */
    CompletableFuture<ExecutionView> await(TenantId tenant, ExecutionId id, Duration atMost);

    Optional<ExecutionView> find(TenantId tenant, ExecutionId id);

    /**
     * Newest first.
     *
     * @param after the cursor of the page before, or null
     * @param limit 1 to 200
     */
    Page<ExecutionSummary> list(TenantId tenant, Filter filter, @Nullable String after, int limit);

    /**
     * What is null is not looked at. {@code definition} is {@code namespace/name} with or without
     * {@code :version}.
     */
    record Filter(
            @Nullable String definition,
            @Nullable ExecutionStatus status,
            @Nullable String initiator,
            @Nullable String correlationId,
            @Nullable Instant startedAfter,
            @Nullable Instant startedBefore) {
        public static final Filter ALL = new Filter(null, null, null, null, null, null);
    }

    /**
     * @param next cursor, null on the last page
     */
    record Page<T>(List<T> items, @Nullable String next) {
        public Page {
            items = List.copyOf(items);
        }
    }

    /** Everything that happened, oldest first. */
    Page<HistoryEvent> history(TenantId tenant, ExecutionId id, @Nullable String after, int limit);

    /**
     * By number.
     *
     * @param after the number of the last step that is left out; 0 for none
     * @param limit 1 to 200
     */
    Page<StepView> steps(TenantId tenant, ExecutionId id, int after, int limit);

    Optional<StepView> step(TenantId tenant, ExecutionId id, int step);

    /**
     * Writes anew what readers are told of executions of all tenants, from their journals.
     *
     * @param all also where it is there
     * @param limit how many executions, 1 to 200
     */
    Rebuilt rebuild(boolean all, @Nullable String after, int limit);

    /**
     * @param failed those whose journals cannot be read; the server's log says why
     * @param next cursor, null when there are no more
     */
    record Rebuilt(int executions, List<ExecutionId> failed, @Nullable String next) {
        public Rebuilt {
            failed = List.copyOf(failed);
        }
    }

    /** What became of it and its tasks, as the language's CloudEvents, the oldest first. */
    Page<JsonNode> lifecycle(TenantId tenant, ExecutionId id, @Nullable String after, int limit);

    /** Requests cancellation; the execution is cancelled once every step is confirmed dead. */
    ExecutionView cancel(TenantId tenant, ExecutionId id, Initiator by, @Nullable String reason);

    /** Lets running steps end and starts no further ones. */
    ExecutionView suspend(TenantId tenant, ExecutionId id, Initiator by, @Nullable String reason);

    ExecutionView resume(TenantId tenant, ExecutionId id, Initiator by);

    /** Takes a faulted execution up again at the task that faulted. */
    ExecutionView retry(TenantId tenant, ExecutionId id, Initiator by);

    /** Decides about a step that may have taken effect. */
    ExecutionView decide(
            TenantId tenant, ExecutionId id, Initiator by, int step, Decision decision);

    sealed interface Decision {
        @Nullable String reason();

        /** Run the step once more. */
        record Rerun(@Nullable String reason) implements Decision {}

        /** It did take effect, and this is its output. */
        record Accept(JsonNode output, @Nullable String reason) implements Decision {}

        /** It did not take effect, or must count as failed: raise its error. */
        record Fail(@Nullable String reason) implements Decision {}
    }

    /** What holds whatever a document says. */
    Limits limits();

    /**
     * @param attempt the longest of a step
     * @param execution the longest
     * @param retries the most of one policy
     */
    record Limits(Duration attempt, Duration execution, int retries) {}

    /** Steps that wait for {@link #decide}, oldest first. */
    Page<DeadLetter> deadLetters(TenantId tenant, @Nullable String after, int limit);

    /**
     * What steps hold on backends, and what was found there besides; the oldest first.
     *
     * @param tenant null for all tenants, and what belongs to none
     * @param limit 1 to 200
     */
    Page<LeaseView> leases(
            @Nullable TenantId tenant, LeaseFilter filter, @Nullable String after, int limit);

    /** What is null is not looked at. */
    record LeaseFilter(
            @Nullable String adapter,
            Lease.@Nullable State state,
            @Nullable ExecutionId execution) {}

    /**
     * A part of a step's log in the order in which it arrived, over all attempts.
     *
     * @param from sequence number to start at, 0 for the beginning
     * @param limit how many chunks, 1 to 500
     */
    List<LogChunk> logs(TenantId tenant, ExecutionId id, int step, long from, int limit);

    List<ArtifactView> artifacts(TenantId tenant, ExecutionId id, int step);

    /** Empty if there is no such file. The caller closes the stream. */
    Optional<InputStream> artifact(TenantId tenant, ExecutionId id, int step, String path);

    /** A number that grows with every change of the execution; for following it. */
    CompletableFuture<Long> changed(TenantId tenant, ExecutionId id, long since, Duration atMost);

    /** Why something was not done. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Code code;
        private final transient Map<String, Object> details;
        private final transient List<?> findings;

        public Refused(Code code, String message) {
            this(code, message, Map.of(), List.of());
        }

        /**
         * @param details what the message speaks of, for programs
         * @param findings where there can be several
         */
        public Refused(Code code, String message, Map<String, Object> details, List<?> findings) {
            super(message);
            this.code = code;
            this.details = Map.copyOf(details);
            this.findings = List.copyOf(findings);
        }

        static Refused notFound(ExecutionId id) {
            return new Refused(Code.EXECUTION_NOT_FOUND, "there is no execution %s".formatted(id));
        }

        /** As another node has it. */
        static Refused of(Post.Refusal refusal) {
            return new Refused(Code.valueOf(refusal.code()), refusal.text());
        }

        Post.Refusal posted() {
            return new Post.Refusal(code.name(), String.valueOf(getMessage()));
        }

        public Map<String, Object> details() {
            return details;
        }

        public List<?> findings() {
            return findings;
        }

        public Code code() {
            return code;
        }

        public enum Code {
            EXECUTION_NOT_FOUND,
            STEP_NOT_FOUND,
            DEFINITION_NOT_FOUND,
            DEFINITION_DISABLED,
            INPUT_INVALID,
            INPUT_TOO_LARGE,
            IDEMPOTENCY_KEY_REUSED,
            /** The transition is not possible in the current status. */
            WRONG_STATUS,
            /** A start needs an adapter that is not connected (BR-012). */
            ADAPTER_DISCONNECTED,
            /** Too much is queued; try again later. */
            OVERLOADED,
            /** This node may not write now; try again. */
            UNAVAILABLE
        }
    }
}
