package dev.gantry.orchestrator.definition.compile;

import dev.gantry.orchestrator.definition.plan.Authentication;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    /** The kinds of adapters that functions can have a block for, as far as they are known. */
    default Set<String> adapters() {
        return Set.of();
    }

    /** The adapters that could take a step; the best first. */
    default List<String> candidates(Need need) {
        return List.of();
    }

    /**
     * What the adapters lack, by their kinds, that could take a step otherwise; nothing if the
     * document was published before.
     */
    default Map<String, WorkloadProblem> lacks(Need need) {
        return Map.of();
    }

    /**
     * What the adapter says is wrong with the workload; nothing if it is not here, or if the
     * document was published before.
     */
    default List<WorkloadProblem> check(String adapter, Workload workload) {
        return List.of();
    }

    /**
     * The content of an external resource, as it was when the document was published.
     *
     * @param secrets the names that the document declares
     * @throws IOException saying why it cannot be had
     */
    default byte[] resource(URI uri, @Nullable Authentication authentication, Set<String> secrets)
            throws IOException {
        throw new IOException("nothing is got from outside here");
    }
}
