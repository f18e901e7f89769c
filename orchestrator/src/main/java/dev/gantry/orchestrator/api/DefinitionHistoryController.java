package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.api.Bodies.Page;
import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.definition.Definitions.Change;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.security.Caller;
import dev.gantry.orchestrator.security.Permission;
import dev.gantry.orchestrator.security.Requires;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who published, enabled, disabled and deleted. */
@Tag(name = "Definitions")
@RestController
final class DefinitionHistoryController {
    private final Definitions definitions;

    DefinitionHistoryController(Definitions definitions) {
        this.definitions = definitions;
    }

    @Schema(name = "DefinitionChange")
    record ChangeBody(
            Instant at,
            String by,
            @Schema(allowableValues = {"published", "enabled", "disabled", "deleted", "restored"})
                    String action,
            @Schema(allowableValues = {"workflow", "function"}) String kind,
            String namespace,
            String name,
            String version,
            String digest) {
        static ChangeBody of(Change change) {
            return new ChangeBody(
                    change.at(),
                    change.by(),
                    change.action().name().toLowerCase(Locale.ROOT),
                    change.ref().kind().label(),
                    change.ref().namespace(),
                    change.ref().name(),
                    change.ref().version(),
                    change.digest());
        }
    }

    @Operation(
            summary = "Who published, enabled, disabled and deleted versions of a definition",
            description =
                    "The newest first; also of what is deleted. What was deleted and is published"
                            + " again with the same content is 'restored'.")
    @Requires(Permission.READ)
    @Refuses(ProblemCode.DEFINITION_NOT_FOUND)
    @GetMapping("/v1/definitions/{namespace}/{name}/history")
    Page<ChangeBody> history(
            Caller caller,
            @PathVariable("namespace") String namespace,
            @PathVariable("name") String name,
            @Parameter(description = "of both kinds, if it is left out")
                    @Schema(allowableValues = {"workflow", "function"})
                    @RequestParam(value = "kind", required = false)
                    @Nullable String kind,
            @RequestParam(value = "limit", required = false) @Nullable String limit,
            @RequestParam(value = "after", required = false) @Nullable String after) {
        int most = Parameters.limit(limit);
        List<Change> changes =
                Parameters.page(
                        after,
                        () ->
                                definitions.changes(
                                        caller.tenant(),
                                        DefinitionLookup.kind(kind),
                                        namespace,
                                        name,
                                        after == null ? null : Long.valueOf(after),
                                        most));
        if (changes.isEmpty() && after == null) {
            throw DefinitionLookup.missing("definition %s/%s".formatted(namespace, name));
        }
        return new Page<>(
                changes.stream().map(ChangeBody::of).toList(),
                changes.size() < most ? null : Long.toString(changes.getLast().id()));
    }
}
