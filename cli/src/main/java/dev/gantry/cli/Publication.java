package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.document.Document;
import java.util.List;
import java.util.Locale;

/**
 * What became of a document.
 *
 * @param definition kind, namespace, name and version, as far as they are known
 * @param detail why it was not published
 * @param findings what is wrong with it
 * @param warnings what may not be what was meant
 */
record Publication(
        Document document,
        Result result,
        JsonNode definition,
        String detail,
        List<JsonNode> findings,
        List<JsonNode> warnings) {

    enum Result {
        CREATED,
        UNCHANGED,
        CONFLICT,
        INVALID;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Publication {
        findings = List.copyOf(findings);
        warnings = List.copyOf(warnings);
    }

    String kind() {
        return Json.text(definition, "kind");
    }

    String name() {
        return definition.isObject() ? ExecutionText.definition(definition) : "";
    }

    int exitCode() {
        return switch (result) {
            case CREATED, UNCHANGED -> Exit.OK;
            case CONFLICT -> Exit.REFUSED;
            case INVALID -> Exit.INVALID;
        };
    }

    JsonNode json() {
        ObjectNode json =
                Json.object()
                        .put("file", document.file())
                        .put("firstLine", document.firstLine())
                        .put("result", result.toString());
        if (definition.isObject()) {
            json.setAll((ObjectNode) definition);
        }
        if (!detail.isEmpty()) {
            json.put("detail", detail);
        }
        if (!findings.isEmpty()) {
            json.putArray("problems").addAll(findings);
        }
        if (!warnings.isEmpty()) {
            json.putArray("warnings").addAll(warnings);
        }
        return json;
    }
}
