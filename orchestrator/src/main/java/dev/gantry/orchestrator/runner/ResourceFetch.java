package dev.gantry.orchestrator.runner;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Gets a document over HTTP on behalf of a tenant: within the egress policy, at most 256 KiB. */
@FunctionalInterface
public interface ResourceFetch {
    /**
     * @param authentication {@code {scheme, …}} as of a call; null for none
     * @throws IOException saying why it cannot be had
     */
    byte[] get(String tenant, URI uri, @Nullable JsonNode authentication) throws IOException;
}
