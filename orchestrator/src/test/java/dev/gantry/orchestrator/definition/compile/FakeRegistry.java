package dev.gantry.orchestrator.definition.compile;

import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Knows {@code billing/charge:1.0.0} and {@code billing/refund-all:1.0.0}. */
final class FakeRegistry implements Registry {
    @Override
    public Optional<DefinitionRef> find(
            DefinitionKind kind, String namespace, String name, @Nullable String version) {
        boolean known = names(kind).contains(namespace + "/" + name);
        return known && (version == null || version.equals("1.0.0"))
                ? Optional.of(new DefinitionRef(kind, namespace, name, "1.0.0"))
                : Optional.empty();
    }

    @Override
    public Collection<String> names(DefinitionKind kind) {
        return List.of(kind == DefinitionKind.FUNCTION ? "billing/charge" : "billing/refund-all");
    }
}
