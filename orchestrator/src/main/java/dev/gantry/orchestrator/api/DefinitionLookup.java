package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import dev.gantry.orchestrator.security.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the definition that a path names, of the kind that there is. */
final class DefinitionLookup {
    private static final String LATEST = "latest";

    private final Definitions definitions;

    DefinitionLookup(Definitions definitions) {
        this.definitions = definitions;
    }

    Definitions.Text text(
            Caller caller, String namespace, String name, String version, @Nullable String kind) {
        return one(
                kind,
                "definition %s/%s:%s".formatted(namespace, name, version),
                of ->
                        version(caller, of, namespace, name, version)
                                .flatMap(ref -> definitions.find(caller.tenant(), ref)));
    }

    private Optional<DefinitionRef> version(
            Caller caller, DefinitionKind kind, String namespace, String name, String version) {
        if (!version.equals(LATEST)) {
            return Optional.of(new DefinitionRef(kind, namespace, name, version));
        }
        return switch (definitions.resolve(caller.tenant(), kind, namespace, name, null)) {
            case Definitions.Resolution.Found(DefinitionRef ref) -> Optional.of(ref);
            case Definitions.Resolution.Disabled _, Definitions.Resolution.Missing _ ->
                    Optional.empty();
        };
    }

    /** What there is of the kind, or of the only kind that there is. */
    static <T> T one(
            @Nullable String kind, String what, Function<DefinitionKind, Optional<T>> look) {
        DefinitionKind asked = kind(kind);
        List<T> found = new ArrayList<>();
        for (DefinitionKind each : DefinitionKind.values()) {
            if (asked == null || asked == each) {
                look.apply(each).ifPresent(found::add);
            }
        }
        if (found.size() > 1) {
            throw new Refusal(
                    ProblemCode.PARAMETER_INVALID,
                    "There is a workflow and a function for %s; say which with ?kind=workflow or"
                                    .formatted(what)
                            + " ?kind=function.");
        }
        if (found.isEmpty()) {
            throw missing(what);
        }
        return found.getFirst();
    }

    static Refusal missing(String what) {
        return new Refusal(
                ProblemCode.DEFINITION_NOT_FOUND,
                "There is no %s; GET /v1/definitions lists what there is.".formatted(what));
    }

    static @Nullable DefinitionKind kind(@Nullable String text) {
        return Parameters.choice("kind", text, DefinitionKind.values(), DefinitionKind::label);
    }
}
