package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.Resources;
import dev.gantry.orchestrator.definition.plan.Authentication;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.SecretException;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.mask.Mask;
import dev.gantry.orchestrator.runner.ResourceFetch;
import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gets resources with the tenant's secrets, where their address asks who is there. */
final class AuthenticatedResources implements Resources {
    private final ResourceFetch fetch;
    private final SecretFiles secrets;

    AuthenticatedResources(ResourceFetch fetch, SecretFiles secrets) {
        this.fetch = fetch;
        this.secrets = secrets;
    }

    @Override
    public byte[] fetch(
            TenantId tenant, URI uri, @Nullable Authentication authentication, Set<String> declared)
            throws IOException {
        byte[] content =
                fetch.get(
                        tenant.value(),
                        uri,
                        authentication == null
                                ? null
                                : credentials(tenant, authentication, declared));
        if (authentication != null && authentication.values().reads().contains("secrets")) {
            refuseSecrets(tenant, uri, declared, content);
        }
        return content;
    }

    /** What is got is kept with the definition, for everybody to read who may read that. */
    private void refuseSecrets(TenantId tenant, URI uri, Set<String> declared, byte[] content)
            throws IOException {
        Set<String> texts = new HashSet<>();
        try {
            collect(all(tenant, declared), texts);
        } catch (SecretException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (Mask.of(texts).isIn(content)) {
            throw new IOException(
                    "%s answers with a secret that the workflow declares".formatted(uri.getHost()));
        }
    }

    private static void collect(JsonNode value, Set<String> texts) {
        if (value.isTextual()) {
            texts.add(value.textValue());
        }
        value.forEach(part -> collect(part, texts));
    }

    private JsonNode credentials(
            TenantId tenant, Authentication authentication, Set<String> declared)
            throws IOException {
        try {
            JsonNode values =
                    authentication
                            .values()
                            .evaluate(
                                    NullNode.getInstance(),
                                    name -> name.equals("secrets") ? all(tenant, declared) : null);
            ObjectNode credentials = JsonNodeFactory.instance.objectNode();
            credentials.put("scheme", authentication.scheme());
            values.properties().forEach(value -> credentials.set(value.getKey(), value.getValue()));
            return credentials;
        } catch (ExpressionException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private JsonNode all(TenantId tenant, Set<String> declared) throws SecretException {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        for (String name : declared) {
            all.set(name, secrets.get(tenant, name));
        }
        return all;
    }
}
