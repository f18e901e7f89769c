package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.definition.explain.Ceilings;
import dev.gantry.orchestrator.definition.explain.Explanation;
import dev.gantry.orchestrator.definition.explain.Graph;
import dev.gantry.orchestrator.definition.explain.Mermaid;
import dev.gantry.orchestrator.definition.explain.TakenPath;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.execution.HistoryEvent;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import dev.gantry.orchestrator.security.Caller;
import dev.gantry.orchestrator.security.Permission;
import dev.gantry.orchestrator.security.Requires;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Says and draws what definitions do, and which way an execution took. */
@Tag(name = "Definitions")
@RestController
final class ExplainController {
    private static final String MARKDOWN = "text/markdown";
    private static final String MERMAID = "text/vnd.mermaid";
    private static final int PAGE = 200;

    /** What is drawn is for people; an execution of more events is drawn up to here. */
    private static final int MOST_PAGES = 50;

    private final Definitions definitions;
    private final DefinitionLookup lookup;
    private final Executions executions;

    ExplainController(Definitions definitions, Executions executions) {
        this.definitions = definitions;
        this.lookup = new DefinitionLookup(definitions);
        this.executions = executions;
    }

    @Operation(
            summary = "Say in plain sentences what a definition does",
            description = "As application/json in parts, else as Markdown.",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            content = {
                                @Content(mediaType = MARKDOWN),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = Explanation.class))
                            }))
    @Requires(Permission.READ)
    @Refuses(ProblemCode.DEFINITION_NOT_FOUND)
    @GetMapping("/v1/definitions/{namespace}/{name}/{version}/explain")
    ResponseEntity<Object> explain(
            Caller caller,
            @PathVariable("namespace") String namespace,
            @PathVariable("name") String name,
            @PathVariable("version") String version,
            @RequestParam(value = "kind", required = false) @Nullable String kind,
            @Parameter(hidden = true) @RequestHeader(value = HttpHeaders.ACCEPT, required = false)
                    @Nullable String accept) {
        byte[] document = lookup.text(caller, namespace, name, version, kind).document();
        Executions.Limits limits = executions.limits();
        Explanation explanation =
                Explanation.of(document)
                        .within(
                                new Ceilings(
                                        limits.attempt(), limits.execution(), limits.retries()),
                                document);
        return isJson(accept) ? json(explanation) : text(MARKDOWN, explanation.markdown());
    }

    @Operation(
            summary = "Draw a workflow",
            description = "As application/json its nodes and edges, else as a Mermaid flowchart.",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            content = {
                                @Content(mediaType = MERMAID),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = Graph.class))
                            }))
    @Requires(Permission.READ)
    @Refuses(ProblemCode.DEFINITION_NOT_FOUND)
    @GetMapping("/v1/definitions/{namespace}/{name}/{version}/graph")
    ResponseEntity<Object> graph(
            Caller caller,
            @PathVariable("namespace") String namespace,
            @PathVariable("name") String name,
            @PathVariable("version") String version,
            @Parameter(hidden = true) @RequestHeader(value = HttpHeaders.ACCEPT, required = false)
                    @Nullable String accept) {
        Definitions.Text text =
                lookup.text(caller, namespace, name, version, DefinitionKind.WORKFLOW.label());
        return drawn(Graph.of(text.document()), accept);
    }

    @Operation(
            summary = "Draw an execution: its workflow, with the way that it took marked",
            description =
                    "Each task is done, running or failed by its last event, or has no state.",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            content = {
                                @Content(mediaType = MERMAID),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = Graph.class))
                            }))
    @Requires(Permission.READ)
    @Refuses(ProblemCode.DEFINITION_NOT_FOUND)
    @GetMapping("/v1/executions/{id}/graph")
    ResponseEntity<Object> execution(
            Caller caller,
            @PathVariable("id") ExecutionId id,
            @Parameter(hidden = true) @RequestHeader(value = HttpHeaders.ACCEPT, required = false)
                    @Nullable String accept) {
        DefinitionRef ref =
                executions
                        .find(caller.tenant(), id)
                        .map(found -> found.summary().definition())
                        .orElseThrow(() ->
                                new Refusal(
                                        ProblemCode.EXECUTION_NOT_FOUND,
                                        "There is no execution '%s'.".formatted(id)));
        Definitions.Text text =
                definitions
                        .find(caller.tenant(), ref)
                        .filter(found -> ref.kind() == DefinitionKind.WORKFLOW)
                        .orElseThrow(() ->
                                new Refusal(
                                        ProblemCode.DEFINITION_NOT_FOUND,
                                        "%s %s cannot be drawn: it is no workflow, or was deleted."
                                                .formatted(ref.kind().label(), ref)));
        TakenPath path = new TakenPath();
        String after = null;
        for (int i = 0; i < MOST_PAGES; i++) {
            Executions.Page<HistoryEvent> page =
                    executions.history(caller.tenant(), id, after, PAGE);
            page.items().forEach(event -> path.add(event.type(), event.task()));
            after = page.next();
            if (after == null) {
                break;
            }
        }
        return drawn(Graph.of(text.document()).marked(path.states()), accept);
    }

    private static ResponseEntity<Object> drawn(Graph graph, @Nullable String accept) {
        return isJson(accept) ? json(graph) : text(MERMAID, Mermaid.draw(graph));
    }

    private static boolean isJson(@Nullable String accept) {
        return accept != null
                && MediaType.parseMediaTypes(accept).stream()
                        .anyMatch(MediaType.APPLICATION_JSON::equalsTypeAndSubtype);
    }

    private static ResponseEntity<Object> json(Object body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
    }

    private static ResponseEntity<Object> text(String type, String body) {
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(type + ";charset=UTF-8"))
                .body(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
