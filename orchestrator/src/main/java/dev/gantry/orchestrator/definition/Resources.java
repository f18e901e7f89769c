package dev.gantry.orchestrator.definition;

import dev.gantry.orchestrator.definition.plan.Authentication;
import dev.gantry.orchestrator.id.TenantId;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gets what documents refer to outside of the registry. It is got once, when a document is
 * published, and kept with it: an execution never depends on what stands elsewhere.
 */
@FunctionalInterface
public interface Resources {
    /**
     * @param secrets the names that the document declares
     * @throws IOException saying why it cannot be had
     */
    byte[] fetch(
            TenantId tenant, URI uri, @Nullable Authentication authentication, Set<String> secrets)
            throws IOException;
}
