package dev.gantry.orchestrator.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The operations of an API as its OpenAPI document has them. */
record FuzzedApi(List<Operation> operations, JsonNode document) {
    private static final String CODES =
            "/content/application~1problem+json/schema/allOf/1/properties/code/enum";

    /**
     * @param answers status → the codes of its problems; none for what is no problem
     */
    record Operation(
            String method,
            String path,
            List<Parameter> parameters,
            List<String> bodyTypes,
            JsonNode bodySchema,
            Map<Integer, Set<String>> answers) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    record Parameter(String name, String in, JsonNode schema) {}

    static FuzzedApi of(JsonNode document) {
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                operations.add(operation(path.getKey(), method.getKey(), method.getValue()));
            }
        }
        return new FuzzedApi(operations, document);
    }

    private static Operation operation(String path, String method, JsonNode operation) {
        List<Parameter> parameters = new ArrayList<>();
        for (JsonNode parameter : operation.path("parameters")) {
            parameters.add(
                    new Parameter(
                            parameter.get("name").asText(),
                            parameter.get("in").asText(),
                            parameter.path("schema")));
        }
        JsonNode content = operation.at("/requestBody/content");
        List<String> types = new ArrayList<>();
        JsonNode schema = operation.path("none");
        for (Map.Entry<String, JsonNode> type : content.properties()) {
            types.add(type.getKey());
            schema = type.getValue().path("schema");
        }
        Map<Integer, Set<String>> answers = new HashMap<>();
        for (Map.Entry<String, JsonNode> answer : operation.get("responses").properties()) {
            Set<String> codes = new TreeSet<>();
            answer.getValue().at(CODES).forEach(code -> codes.add(code.asText()));
            answers.put(Integer.parseInt(answer.getKey()), codes);
        }
        return new Operation(
                method.toUpperCase(Locale.ROOT), path, parameters, types, schema, answers);
    }

    JsonNode resolved(JsonNode schema) {
        String reference = schema.path("$ref").asText("");
        return reference.isEmpty() ? schema : resolved(document.at(reference.substring(1)));
    }
}
