package dev.gantry.orchestrator.definition.compile;

import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is registered for the tenant already, for references of documents. */
public interface Registry {
    /**
     * @param version null for the latest that is enabled
     */
    Optional<DefinitionRef> find(
            DefinitionKind kind, String namespace, String name, @Nullable String version);

    /** {@code namespace/name} of everything of the kind, for suggestions; at most a few hundred. */
    Collection<String> names(DefinitionKind kind);
}
