package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.api.Bodies.AdapterBody;
import dev.gantry.orchestrator.api.Bodies.DeadLetterBody;
import dev.gantry.orchestrator.api.Bodies.LeaseBody;
import dev.gantry.orchestrator.api.Bodies.NodeBody;
import dev.gantry.orchestrator.api.Bodies.Page;
import dev.gantry.orchestrator.api.Bodies.RebuiltBody;
import dev.gantry.orchestrator.cluster.Nodes;
import dev.gantry.orchestrator.engine.Lease;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.problem.Nearest;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.orchestrator.security.Caller;
import dev.gantry.orchestrator.security.Permission;
import dev.gantry.orchestrator.security.Requires;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What an operator looks at: adapters, what is held on their backends, and steps that wait for a
 * decision.
 */
@Tag(name = "Operations")
@RestController
final class OperationsController {
    private final Executions executions;
    private final Runners runners;
    private final Nodes nodes;

    OperationsController(Executions executions, Runners runners, Nodes nodes) {
        this.executions = executions;
        this.runners = runners;
        this.nodes = nodes;
    }

    @Operation(
            summary = "List steps that may have taken effect and wait for a decision",
            description = "The oldest first. Decide with POST /v1/executions/{id}:decide.")
    @Requires(Permission.READ)
    @GetMapping("/v1/dead-letters")
    Page<DeadLetterBody> deadLetters(
            Caller caller,
            @RequestParam(value = "limit", required = false) @Nullable String limit,
            @RequestParam(value = "after", required = false) @Nullable String after) {
        int most = Parameters.limit(limit);
        return Parameters.page(
                after,
                () ->
                        Page.of(
                                executions.deadLetters(caller.tenant(), after, most),
                                DeadLetterBody::of));
    }

    @Operation(
            summary = "List what steps hold on backends",
            description =
                    "The oldest first; also what was found there and belongs to no step, and what of"
                            + " it was removed lately. With the permission 'platform' of all tenants.")
    @Requires(Permission.READ)
    @GetMapping("/v1/leases")
    Page<LeaseBody> leases(
            Caller caller,
            @RequestParam(value = "adapter", required = false) @Nullable String adapter,
            @RequestParam(value = "state", required = false) @Nullable String state,
            @RequestParam(value = "execution", required = false) @Nullable String execution,
            @RequestParam(value = "limit", required = false) @Nullable String limit,
            @RequestParam(value = "after", required = false) @Nullable String after) {
        int most = Parameters.limit(limit);
        Executions.LeaseFilter filter =
                new Executions.LeaseFilter(
                        adapter,
                        Parameters.choice("state", state, Lease.State.values(), Lease.State::label),
                        Parameters.execution("execution", execution));
        return Parameters.page(
                after,
                () ->
                        Page.of(
                                executions.leases(
                                        caller.may(Permission.PLATFORM) ? null : caller.tenant(),
                                        filter,
                                        after,
                                        most),
                                LeaseBody::of));
    }

    @Operation(
            summary = "List the adapters with their health and capabilities",
            description =
                    "With the permission 'platform' also their load by all tenants, and what they say"
                            + " of their backend.")
    @Requires(Permission.READ)
    @GetMapping("/v1/adapters")
    Page<AdapterBody> adapters(Caller caller) {
        return new Page<>(
                runners.list().stream()
                        .map(adapter -> AdapterBody.of(adapter, caller))
                        .sorted(Comparator.comparing(AdapterBody::kind))
                        .toList(),
                null);
    }

    @Operation(
            summary = "List the nodes",
            description =
                    "The server processes on this installation's database, by name, with how many shards"
                            + " each holds. One that has been silent for a day is not listed any more.")
    @Requires(Permission.PLATFORM)
    @GetMapping("/v1/nodes")
    Page<NodeBody> nodes() {
        return new Page<>(
                nodes.list().stream().map(node -> NodeBody.of(node, nodes.self())).toList(), null);
    }

    @Operation(
            summary = "Write anew what is told of executions",
            description =
                    "From their journals, by id and over all tenants: of those that an earlier release has"
                            + " written, or of all. They go on meanwhile. Go on with 'after' while there is"
                            + " a 'next'.")
    @Requires(Permission.PLATFORM)
    @PostMapping("/v1/executions:rebuild")
    RebuiltBody rebuild(
            @RequestParam(value = "all", required = false) @Nullable String all,
            @RequestParam(value = "limit", required = false) @Nullable String limit,
            @RequestParam(value = "after", required = false) @Nullable String after) {
        int most = Parameters.limit(limit);
        boolean each = Parameters.flag("all", all);
        return Parameters.page(after, () -> RebuiltBody.of(executions.rebuild(each, after, most)));
    }

    @Operation(summary = "Get one adapter")
    @Requires(Permission.READ)
    @Refuses(ProblemCode.ADAPTER_NOT_FOUND)
    @GetMapping("/v1/adapters/{kind}")
    AdapterBody adapter(Caller caller, @PathVariable("kind") String kind) {
        List<String> known = runners.list().stream().map(Runners.AdapterView::kind).toList();
        return runners.list().stream()
                .filter(adapter -> adapter.kind().equals(kind))
                .findFirst()
                .map(adapter -> AdapterBody.of(adapter, caller))
                .orElseThrow(() ->
                        new Refusal(
                                ProblemCode.ADAPTER_NOT_FOUND,
                                "There is no adapter '%s'%s"
                                        .formatted(kind, Nearest.hint(kind, known))));
    }
}
