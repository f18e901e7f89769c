package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** OpenAPI documents that were fetched lately, so that not every call fetches its own. */
final class OpenApiDocuments {
    private static final int MOST_BYTES = 4 << 20;

    private final Recent<JsonNode> documents = new Recent<>();

    /** Null if it is to be fetched. */
    @Nullable JsonNode get(String tenant, URI uri) {
        return documents.get(tenant, uri);
    }

    /** Reads JSON or YAML, and keeps it for a while. */
    JsonNode put(String tenant, URI uri, byte[] body) throws CallFailed {
        if (body.length > MOST_BYTES) {
            throw CallFailed.invalid(
                    "the OpenAPI document has %d bytes, at most %d are read"
                            .formatted(body.length, MOST_BYTES));
        }
        JsonNode document = read(body);
        if (!document.has("openapi") && !document.has("swagger")) {
            throw CallFailed.invalid(
                    "%s is no OpenAPI document: it has neither 'openapi' nor 'swagger'"
                            .formatted(uri.getPath()));
        }
        return documents.put(tenant, uri, document);
    }

    private static JsonNode read(byte[] body) throws CallFailed {
        try {
            return Json.read(body);
        } catch (IOException notJson) {
            LoaderOptions options = new LoaderOptions();
            options.setCodePointLimit(MOST_BYTES);
            // A few hundred bytes of anchors within anchors would fill the heap.
            options.setMaxAliasesForCollections(0);
            try {
                Object tree =
                        new Yaml(new SafeConstructor(options))
                                .load(new String(body, StandardCharsets.UTF_8));
                return Json.MAPPER.valueToTree(tree);
            } catch (RuntimeException e) {
                throw CallFailed.invalid(
                        "the OpenAPI document cannot be read as JSON, nor as YAML without anchors of lists and objects");
            }
        }
    }
}
