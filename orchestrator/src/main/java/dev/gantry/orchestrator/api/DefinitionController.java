package dev.gantry.orchestrator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gantry.orchestrator.api.Bodies.Page;
import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.definition.Definitions.Definition;
import dev.gantry.orchestrator.definition.Definitions.Published;
import dev.gantry.orchestrator.definition.Problem;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import dev.gantry.orchestrator.security.Caller;
import dev.gantry.orchestrator.security.Permission;
import dev.gantry.orchestrator.security.Requires;
import dev.gantry.spi.TeardownException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The registry of workflows and functions. Documents go in and come out as they were written. */
@Tag(name = "Definitions")
@RestController
final class DefinitionController {
    private static final String YAML = "application/yaml";
    private static final String ANY_KIND = "Needed only where a workflow and a function share it";

    private final Definitions definitions;
    private final DefinitionLookup lookup;

    DefinitionController(Definitions definitions) {
        this.definitions = definitions;
        this.lookup = new DefinitionLookup(definitions);
    }

    @Schema(name = "RegisteredDefinition")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RegisteredBody(
            String kind,
            String namespace,
            String name,
            String version,
            String digest,
            boolean enabled,
            String publishedBy,
            Instant publishedAt,
            @Schema(description = "the document as it was published; not in lists")
                    @Nullable String source,
            @Schema(description = "what is right and probably not meant, told at publish")
                    @Nullable List<ProblemBody> warnings) {
        static RegisteredBody of(Definition definition) {
            return of(definition, null, List.of());
        }

        static RegisteredBody of(
                Definition definition, @Nullable String source, List<Problem> warnings) {
            DefinitionRef ref = definition.ref();
            return new RegisteredBody(
                    ref.kind().label(),
                    ref.namespace(),
                    ref.name(),
                    ref.version(),
                    definition.digest(),
                    definition.enabled(),
                    definition.publishedBy(),
                    definition.publishedAt(),
                    source,
                    warnings.isEmpty() ? null : warnings.stream().map(ProblemBody::of).toList());
        }
    }

    /**
     * @param definition what the document says it is, if it can be told
     */
    @Schema(name = "ValidationReport")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReportBody(
            boolean valid,
            Bodies.@Nullable DefinitionBody definition,
            List<ProblemBody> problems,
            @Schema(description = "what is right and probably not meant")
                    List<ProblemBody> warnings) {
        static ReportBody of(Definitions.Report report) {
            DefinitionRef ref = report.ref();
            return new ReportBody(
                    report.isValid(),
                    ref == null ? null : Bodies.DefinitionBody.of(ref),
                    report.problems().stream().map(ProblemBody::of).toList(),
                    report.warnings().stream().map(ProblemBody::of).toList());
        }
    }

    @Schema(name = "DocumentProblem")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ProblemBody(
            String code,
            String pointer,
            int line,
            int column,
            String message,
            @Nullable String expected,
            @Nullable String suggestion) {
        static ProblemBody of(Problem problem) {
            return new ProblemBody(
                    problem.code(),
                    problem.pointer(),
                    problem.line(),
                    problem.column(),
                    problem.message(),
                    problem.expected(),
                    problem.suggestion());
        }
    }

    @Operation(
            summary = "Publish a workflow or a function",
            description =
                    "The document itself, at most 1 MiB. A version never changes: the same content"
                            + " again gives 200, other content 409.",
            responses = {
                @ApiResponse(responseCode = "201", description = "Published"),
                @ApiResponse(responseCode = "200", description = "The same is published already")
            })
    @Requires(Permission.AUTHOR)
    @Refuses({ProblemCode.DEFINITION_CONFLICT, ProblemCode.DEFINITION_INVALID})
    @PostMapping(
            value = "/v1/definitions",
            consumes = {YAML, "application/x-yaml", "text/yaml", MediaType.APPLICATION_JSON_VALUE},
            produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<RegisteredBody> publish(
            Caller caller,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(schema = @Schema(type = "object")))
                    @RequestBody
                    byte[] document,
            @Parameter(hidden = true) @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType type) {
        Definitions.Format format =
                type.isCompatibleWith(MediaType.APPLICATION_JSON)
                        ? Definitions.Format.JSON
                        : Definitions.Format.YAML;
        return switch (definitions.publish(
                caller.tenant(), caller.initiator().toString(), document, format)) {
            case Published.New(Definition definition, List<Problem> warnings) ->
                    ResponseEntity.created(place(definition.ref()))
                            .body(RegisteredBody.of(definition, null, warnings));
            case Published.Same(Definition definition, List<Problem> warnings) ->
                    ResponseEntity.ok()
                            .location(place(definition.ref()))
                            .body(RegisteredBody.of(definition, null, warnings));
            case Published.Conflict(Definition registered) ->
                    throw new Refusal(
                            ProblemCode.DEFINITION_CONFLICT,
                            "%s %s has been published with other content (%s, by %s at %s). A"
                                            .formatted(
                                                    registered.ref().kind().label(),
                                                    registered.ref(),
                                                    registered.digest(),
                                                    registered.publishedBy(),
                                                    registered.publishedAt())
                                    + " version never changes; publish under a new one.");
            case Published.Invalid(List<Problem> problems) ->
                    throw new Refusal(
                            ProblemCode.DEFINITION_INVALID,
                            "The document has %d %s; nothing was published. The first: %s"
                                    .formatted(
                                            problems.size(),
                                            problems.size() == 1 ? "problem" : "problems",
                                            problems.getFirst().message()),
                            problems.stream().map(ProblemBody::of).toList());
        };
    }

    @Operation(
            summary = "Say everything that is wrong with a document",
            description = "Publishes nothing.")
    @Requires({Permission.AUTHOR, Permission.READ})
    @PostMapping(
            value = "/v1/definitions:validate",
            consumes = {YAML, "application/x-yaml", "text/yaml", MediaType.APPLICATION_JSON_VALUE},
            produces = MediaType.APPLICATION_JSON_VALUE)
    ReportBody validate(
            Caller caller,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(schema = @Schema(type = "object")))
                    @RequestBody
                    byte[] document) {
        return ReportBody.of(definitions.validate(caller.tenant(), document));
    }

    @Operation(summary = "List the latest version of each definition, by name")
    @Requires(Permission.READ)
    @GetMapping("/v1/definitions")
    Page<RegisteredBody> list(
            Caller caller,
            @Schema(allowableValues = {"workflow", "function"})
                    @RequestParam(value = "kind", required = false)
                    @Nullable String kind,
            @RequestParam(value = "namespace", required = false) @Nullable String namespace,
            @RequestParam(value = "limit", required = false) @Nullable String limit,
            @RequestParam(value = "after", required = false) @Nullable String after) {
        int most = Parameters.limit(limit);
        if (after != null && !after.contains("/")) {
            throw Parameters.invalid("after", after, "the 'next' of the page before");
        }
        List<Definition> page =
                definitions.list(
                        caller.tenant(), DefinitionLookup.kind(kind), namespace, after, most);
        DefinitionRef last = page.isEmpty() ? null : page.getLast().ref();
        return new Page<>(
                page.stream().map(RegisteredBody::of).toList(),
                last == null || page.size() < most ? null : last.namespace() + "/" + last.name());
    }

    @Operation(summary = "List the versions of a definition, the newest first")
    @Requires(Permission.READ)
    @Refuses(ProblemCode.DEFINITION_NOT_FOUND)
    @GetMapping("/v1/definitions/{namespace}/{name}")
    Page<RegisteredBody> versions(
            Caller caller,
            @PathVariable("namespace") String namespace,
            @PathVariable("name") String name,
            @Parameter(description = ANY_KIND) @RequestParam(value = "kind", required = false)
                    @Nullable String kind) {
        List<Definition> versions =
                DefinitionLookup.one(
                        kind,
                        "definition %s/%s".formatted(namespace, name),
                        of -> {
                            List<Definition> all =
                                    definitions.versions(caller.tenant(), of, namespace, name);
                            return all.isEmpty() ? Optional.empty() : Optional.of(all);
                        });
        return new Page<>(versions.stream().map(RegisteredBody::of).toList(), null);
    }

    @Operation(
            summary = "Get one version, or the 'latest' that is enabled",
            description = "As application/yaml the document alone, as it was published.",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = RegisteredBody.class)),
                                @Content(mediaType = YAML)
                            }))
    @Requires(Permission.READ)
    @Refuses(ProblemCode.DEFINITION_NOT_FOUND)
    @GetMapping("/v1/definitions/{namespace}/{name}/{version}")
    ResponseEntity<Object> get(
            Caller caller,
            @PathVariable("namespace") String namespace,
            @PathVariable("name") String name,
            @PathVariable("version") String version,
            @Parameter(description = ANY_KIND) @RequestParam(value = "kind", required = false)
                    @Nullable String kind,
            @Parameter(hidden = true) @RequestHeader(value = HttpHeaders.ACCEPT, required = false)
                    @Nullable String accept) {
        Definitions.Text text = lookup.text(caller, namespace, name, version, kind);
        boolean alone =
                accept != null
                        && MediaType.parseMediaTypes(accept).stream()
                                .anyMatch(type -> type.getSubtype().endsWith("yaml"));
        if (alone) {
            return ResponseEntity.ok()
                    .contentType(MediaType.parseMediaType(YAML))
                    .body(text.document());
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(
                        RegisteredBody.of(
                                text.definition(),
                                new String(text.document(), StandardCharsets.UTF_8),
                                List.of()));
    }

    @Operation(summary = "Let new executions start again")
    @Requires(Permission.AUTHOR)
    @Refuses(ProblemCode.DEFINITION_NOT_FOUND)
    @PostMapping("/v1/definitions/{namespace}/{name}/{version}:enable")
    RegisteredBody enable(
            Caller caller,
            @PathVariable("namespace") String namespace,
            @PathVariable("name") String name,
            @PathVariable("version") String version,
            @Parameter(description = ANY_KIND) @RequestParam(value = "kind", required = false)
                    @Nullable String kind) {
        return enabled(caller, lookup.text(caller, namespace, name, version, kind), true);
    }

    @Operation(summary = "Let no new executions start; those that run go on")
    @Requires(Permission.AUTHOR)
    @Refuses(ProblemCode.DEFINITION_NOT_FOUND)
    @PostMapping("/v1/definitions/{namespace}/{name}/{version}:disable")
    RegisteredBody disable(
            Caller caller,
            @PathVariable("namespace") String namespace,
            @PathVariable("name") String name,
            @PathVariable("version") String version,
            @Parameter(description = ANY_KIND) @RequestParam(value = "kind", required = false)
                    @Nullable String kind) {
        return enabled(caller, lookup.text(caller, namespace, name, version, kind), false);
    }

    @Operation(
            summary = "Take a version away; executions that run keep theirs",
            responses = @ApiResponse(responseCode = "204", description = "It is gone"))
    @Requires(Permission.AUTHOR)
    @Refuses(ProblemCode.DEFINITION_NOT_FOUND)
    @DeleteMapping("/v1/definitions/{namespace}/{name}/{version}")
    ResponseEntity<Void> delete(
            Caller caller,
            @PathVariable("namespace") String namespace,
            @PathVariable("name") String name,
            @PathVariable("version") String version,
            @Parameter(description = ANY_KIND) @RequestParam(value = "kind", required = false)
                    @Nullable String kind) {
        Definitions.Text text = lookup.text(caller, namespace, name, version, kind);
        try {
            definitions.delete(
                    caller.tenant(), text.definition().ref(), caller.initiator().toString());
        } catch (TeardownException e) {
            throw new Refusal(
                    ProblemCode.UNAVAILABLE,
                    "What is deployed for it cannot be taken away now, so it was not deleted: %s"
                            .formatted(e.failure().message()));
        }
        return ResponseEntity.noContent().build();
    }

    private RegisteredBody enabled(Caller caller, Definitions.Text text, boolean enabled) {
        DefinitionRef ref = text.definition().ref();
        definitions.enable(caller.tenant(), ref, enabled, caller.initiator().toString());
        return RegisteredBody.of(
                definitions
                        .find(caller.tenant(), ref)
                        .map(Definitions.Text::definition)
                        .orElseThrow(() ->
                                DefinitionLookup.missing(
                                        "%s %s".formatted(ref.kind().label(), ref))));
    }

    private static URI place(DefinitionRef ref) {
        return URI.create(
                "/v1/definitions/%s/%s/%s".formatted(ref.namespace(), ref.name(), ref.version()));
    }
}
