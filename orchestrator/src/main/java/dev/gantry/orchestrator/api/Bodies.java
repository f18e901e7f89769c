package dev.gantry.orchestrator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.cluster.Node;
import dev.gantry.orchestrator.cluster.Nodes;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
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
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.orchestrator.security.Caller;
import dev.gantry.orchestrator.security.Permission;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RuntimeClass;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What goes over the wire. A field that has no value is left out. */
final class Bodies {
    private Bodies() {}

    /**
     * @param next give it as {@code after} for the next page; left out on the last one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page<T>(List<T> items, @Nullable String next) {
        static <S, T> Page<T> of(Executions.Page<S> page, Function<S, T> body) {
            return new Page<>(page.items().stream().map(body).toList(), page.next());
        }
    }

    record DefinitionBody(String kind, String namespace, String name, String version) {
        static DefinitionBody of(DefinitionRef ref) {
            return new DefinitionBody(
                    ref.kind().label(), ref.namespace(), ref.name(), ref.version());
        }
    }

    /** What to start. */
    @Schema(name = "StartDefinition")
    record StartDefinition(
            @Schema(
                            allowableValues = {"workflow", "function"},
                            defaultValue = "workflow")
                    @Nullable String kind,
            @Nullable String namespace,
            @Nullable String name,
            @Schema(description = "the latest enabled one if left out") @Nullable String version) {}

    @Schema(name = "Start")
    record StartBody(
            @Nullable StartDefinition definition,
            @Schema(description = "an empty object if left out") @Nullable JsonNode input,
            @Schema(description = "the execution's id if left out")
                    @Nullable String correlationId) {}

    @Schema(name = "Started")
    record StartedBody(String id) {}

    @Schema(name = "ExecutionSummary")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SummaryBody(
            String id,
            DefinitionBody definition,
            String status,
            String correlationId,
            String initiator,
            @Nullable String parent,
            Instant startedAt,
            @Nullable Instant endedAt) {
        static SummaryBody of(ExecutionSummary summary) {
            ExecutionId parent = summary.parent();
            return new SummaryBody(
                    summary.id().toString(),
                    DefinitionBody.of(summary.definition()),
                    summary.status().label(),
                    summary.correlationId(),
                    summary.initiator(),
                    parent == null ? null : parent.toString(),
                    summary.startedAt(),
                    summary.endedAt());
        }
    }

    @Schema(name = "Execution")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ExecutionBody(
            String id,
            DefinitionBody definition,
            @Schema(
                            allowableValues = {
                                "pending",
                                "running",
                                "waiting",
                                "suspended",
                                "cancelled",
                                "faulted",
                                "completed"
                            })
                    String status,
            JsonNode input,
            @Nullable JsonNode output,
            @Nullable ErrorBody error,
            String correlationId,
            String initiator,
            @Nullable String parent,
            Instant startedAt,
            @Nullable Instant endedAt,
            List<TaskBody> currentTasks,
            @Schema(description = "grows with every change") long change) {
        static ExecutionBody of(ExecutionView view) {
            ExecutionSummary summary = view.summary();
            ExecutionId parent = summary.parent();
            WorkflowError error = view.error();
            return new ExecutionBody(
                    summary.id().toString(),
                    DefinitionBody.of(summary.definition()),
                    summary.status().label(),
                    view.input(),
                    view.output(),
                    error == null ? null : ErrorBody.of(error),
                    summary.correlationId(),
                    summary.initiator(),
                    parent == null ? null : parent.toString(),
                    summary.startedAt(),
                    summary.endedAt(),
                    view.currentTasks().stream().map(TaskBody::of).toList(),
                    view.change());
        }
    }

    @Schema(name = "ExecutionError")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ErrorBody(
            String type,
            int status,
            @Nullable String title,
            @Nullable String detail,
            @Schema(description = "JSON Pointer of the task") @Nullable String instance,
            @Nullable String code) {
        static ErrorBody of(WorkflowError error) {
            return new ErrorBody(
                    error.type(),
                    error.status(),
                    error.title(),
                    error.detail(),
                    error.instance(),
                    error.code());
        }
    }

    @Schema(name = "CurrentTask")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TaskBody(
            String pointer,
            String iteration,
            String status,
            @Schema(description = "what exactly it waits for") @Nullable String waitingFor,
            @Nullable Integer step) {
        static TaskBody of(ExecutionView.CurrentTask task) {
            return new TaskBody(
                    task.pointer(),
                    task.iteration(),
                    task.status(),
                    task.waitingFor(),
                    task.step());
        }
    }

    @Schema(name = "HistoryEvent")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EventBody(long sequence, Instant at, String type, @Nullable String task, JsonNode data) {
        static EventBody of(HistoryEvent event) {
            return new EventBody(
                    event.sequence(), event.at(), event.type(), event.task(), event.data());
        }
    }

    @Schema(name = "Step")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StepBody(
            int step,
            String pointer,
            String iteration,
            String workload,
            @Nullable String runtimeClass,
            String status,
            JsonNode input,
            @Nullable JsonNode output,
            List<AttemptBody> attempts) {
        static StepBody of(StepView step) {
            return new StepBody(
                    step.step(),
                    step.pointer(),
                    step.iteration(),
                    step.workload(),
                    step.runtimeClass(),
                    step.status(),
                    step.input(),
                    step.output(),
                    step.attempts().stream().map(AttemptBody::of).toList());
        }
    }

    @Schema(name = "Attempt")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AttemptBody(
            int attempt,
            @Nullable String adapter,
            String status,
            Instant scheduledAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String failureCode,
            @Nullable String message,
            @Schema(allowableValues = {"NEVER_STARTED", "ENDED", "MAY_HAVE_COMMITTED"})
                    @Nullable String progress,
            @Nullable UsageBody usage) {
        static AttemptBody of(StepView.AttemptView attempt) {
            return new AttemptBody(
                    attempt.attempt(),
                    attempt.adapter(),
                    attempt.status(),
                    attempt.scheduledAt(),
                    attempt.startedAt(),
                    attempt.endedAt(),
                    attempt.failureCode(),
                    attempt.message(),
                    attempt.progress(),
                    attempt.usage() == null ? null : UsageBody.of(attempt.usage()));
        }
    }

    /**
     * What an attempt used, and could have used; what its adapter does not tell is not there.
     *
     * @param cpuLimitMillis thousandths of a CPU
     * @param units by the backend's own measures, such as those it asks money for
     */
    @Schema(name = "Usage")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record UsageBody(
            @Nullable Long wallMillis,
            @Nullable Long cpuMillis,
            @Nullable Long peakMemoryBytes,
            @Nullable Integer cpuLimitMillis,
            @Nullable Long memoryLimitBytes,
            @Nullable Map<String, Long> units) {
        static UsageBody of(Outcome.Usage usage) {
            return new UsageBody(
                    usage.wallMillis(),
                    usage.cpuMillis(),
                    usage.peakMemoryBytes(),
                    usage.cpuLimitMillis(),
                    usage.memoryLimitBytes(),
                    new TreeMap<>(usage.units()));
        }
    }

    /**
     * @param text the bytes as UTF-8, where what is no UTF-8 is replaced
     */
    @Schema(name = "LogChunk")
    record LogBody(
            long sequence, int attempt, String stream, long offset, Instant at, String text) {
        static LogBody of(LogChunk chunk) {
            return new LogBody(
                    chunk.sequence(),
                    chunk.attempt(),
                    chunk.stream(),
                    chunk.offset(),
                    chunk.at(),
                    new String(chunk.bytes(), StandardCharsets.UTF_8));
        }
    }

    @Schema(name = "Artifact")
    record ArtifactBody(
            int attempt,
            String path,
            long sizeBytes,
            Instant at,
            @Schema(description = "where to download it") String href) {
        static ArtifactBody of(ArtifactView file, String href) {
            return new ArtifactBody(file.attempt(), file.path(), file.sizeBytes(), file.at(), href);
        }
    }

    @Schema(name = "Reason")
    record ReasonBody(@Nullable String reason) {}

    @Schema(name = "Decision")
    record DecisionBody(
            @Nullable Integer step,
            @Schema(allowableValues = {"rerun", "accept", "fail"}) @Nullable String decision,
            @Schema(description = "of accept: what the step gave") @Nullable JsonNode output,
            @Schema(description = "for the history") @Nullable String reason) {}

    @Schema(name = "DeadLetter")
    record DeadLetterBody(
            String execution,
            DefinitionBody definition,
            int step,
            String pointer,
            int attempt,
            String failureCode,
            String message,
            Instant since) {
        static DeadLetterBody of(DeadLetter letter) {
            return new DeadLetterBody(
                    letter.execution().toString(),
                    DefinitionBody.of(letter.definition()),
                    letter.step(),
                    letter.pointer(),
                    letter.attempt(),
                    letter.failureCode(),
                    letter.message(),
                    letter.since());
        }
    }

    @Schema(name = "Node")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record NodeBody(
            String name,
            @Schema(allowableValues = {"alive", "leaving", "silent"}) String status,
            @Schema(description = "whether it is the one that answers") boolean self,
            @Schema(description = "of the software") String version,
            @Schema(description = "how many it holds") int shards,
            Instant startedAt,
            @Schema(description = "when it renewed its leases the last time") Instant seenAt) {
        static NodeBody of(Nodes.NodeView node, Node self) {
            return new NodeBody(
                    node.name(),
                    node.status().name().toLowerCase(Locale.ROOT),
                    node.name().equals(self.name()),
                    node.version(),
                    node.shards(),
                    node.startedAt(),
                    node.seenAt());
        }
    }

    /**
     * @param next give it as {@code after} for the next ones; left out after the last one
     */
    @Schema(name = "Rebuilt")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RebuiltBody(
            @Schema(description = "how many executions") int rebuilt,
            @Schema(description = "those whose journals cannot be read; the server's log says why")
                    List<String> failed,
            @Nullable String next) {
        static RebuiltBody of(Executions.Rebuilt rebuilt) {
            return new RebuiltBody(
                    rebuilt.executions(),
                    rebuilt.failed().stream().map(Object::toString).toList(),
                    rebuilt.next());
        }
    }

    @Schema(name = "Lease")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LeaseBody(
            @Schema(description = "missing where the resource names no execution that is known")
                    @Nullable String tenant,
            @Nullable String execution,
            @Nullable Integer step,
            @Nullable Integer attempt,
            @Nullable DefinitionBody definition,
            @Schema(description = "that the step calls") @Nullable DefinitionBody function,
            @Nullable String initiator,
            String adapter,
            @Schema(description = "of the resource on the backend") String externalName,
            @Schema(
                            allowableValues = {
                                "held",
                                "provisioned",
                                "releasing",
                                "uncollected",
                                "release-failed",
                                "vanished",
                                "orphan",
                                "removed"
                            })
                    String state,
            @Schema(description = "where something is wrong") @Nullable String reason,
            Instant since,
            @Schema(description = "since when it is in its state") Instant changedAt) {
        static LeaseBody of(LeaseView lease) {
            boolean isNamed = lease.execution() != null;
            return new LeaseBody(
                    lease.tenant() == null ? null : lease.tenant().value(),
                    isNamed ? String.valueOf(lease.execution()) : null,
                    isNamed ? (Integer) lease.step() : null,
                    isNamed ? (Integer) lease.attempt() : null,
                    lease.definition() == null ? null : DefinitionBody.of(lease.definition()),
                    lease.function() == null ? null : DefinitionBody.of(lease.function()),
                    lease.initiator(),
                    lease.adapter(),
                    lease.externalName(),
                    lease.state().label(),
                    lease.reason(),
                    lease.since(),
                    lease.changedAt());
        }
    }

    @Schema(name = "Adapter")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AdapterBody(
            String kind,
            @Schema(allowableValues = {"connected", "disconnected"}) String status,
            @Nullable String detail,
            Instant checkedAt,
            @Nullable Integer inFlight,
            @Nullable Integer queued,
            CapabilitiesBody capabilities) {
        /** What all tenants do together, and where, is for the platform's operators alone. */
        static AdapterBody of(Runners.AdapterView adapter, Caller caller) {
            boolean isPlatform = caller.may(Permission.PLATFORM);
            return new AdapterBody(
                    adapter.kind(),
                    adapter.health().isConnected() ? "connected" : "disconnected",
                    isPlatform ? adapter.health().detail() : null,
                    adapter.checkedAt(),
                    isPlatform ? (Integer) adapter.inFlight() : null,
                    isPlatform ? (Integer) adapter.queued() : null,
                    new CapabilitiesBody(
                            adapter.capabilities().runtimeClasses().stream()
                                    .map(RuntimeClass::label)
                                    .sorted()
                                    .toList(),
                            adapter.capabilities().claims().stream()
                                    .map(Capability::name)
                                    .sorted()
                                    .toList(),
                            adapter.capabilities().maxInFlight()));
        }
    }

    @Schema(name = "Capabilities")
    record CapabilitiesBody(List<String> runtimeClasses, List<String> claims, int maxInFlight) {}
}
