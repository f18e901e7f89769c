package dev.gantry.orchestrator.runner.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An operation of an OpenAPI document (Swagger 2.0, OpenAPI 3.0 and 3.1) as a request. Parameters
 * are found by name; of what the document does not name, a body is made, if the operation has one.
 */
final class OpenApiOperation {
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch");
    private static final int DEEPEST_REFERENCE = 20;

    private final JsonNode document;
    private final URI from;
    private final String id;
    private final Map<String, JsonNode> given = new LinkedHashMap<>();
    private final ObjectNode query = JsonNodeFactory.instance.objectNode();
    private final ObjectNode headers = JsonNodeFactory.instance.objectNode();
    private final ObjectNode form = JsonNodeFactory.instance.objectNode();
    private final List<String> cookies = new ArrayList<>();
    private JsonNode body = MissingNode.getInstance();

    private OpenApiOperation(JsonNode document, URI from, JsonNode call) {
        this.document = document;
        this.from = from;
        this.id = call.path("operationId").asText();
        call.path("parameters")
                .properties()
                .forEach(parameter -> given.put(parameter.getKey(), parameter.getValue()));
    }

    /**
     * @param from where the document was read, for addresses that are relative to it
     * @param step {@code {openapi: {operationId, parameters}, output, redirect, authentication}}
     * @return what {@link CallReader} reads
     */
    static JsonNode request(JsonNode document, URI from, JsonNode step) throws CallFailed {
        ObjectNode request = new OpenApiOperation(document, from, step.path("openapi")).request();
        for (String name : List.of("output", "redirect", "authentication")) {
            if (step.has(name)) {
                request.set(name, step.get(name));
            }
        }
        return request;
    }

    private ObjectNode request() throws CallFailed {
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            JsonNode item = resolve(path.getValue());
            for (Map.Entry<String, JsonNode> entry : item.properties()) {
                if (METHODS.contains(entry.getKey())
                        && entry.getValue().path("operationId").asText().equals(id)) {
                    return request(path.getKey(), item, entry.getKey(), entry.getValue());
                }
            }
        }
        throw CallFailed.invalid(
                "the OpenAPI document has no operation '%s'; it has %s"
                        .formatted(id, operations()));
    }

    private List<String> operations() {
        Set<String> ids = new TreeSet<>();
        document.path("paths")
                .forEach(item ->
                        item.forEach(operation -> {
                            if (operation.has("operationId")) {
                                ids.add(operation.get("operationId").asText());
                            }
                        }));
        return ids.stream().limit(20).toList();
    }

    private ObjectNode request(String path, JsonNode item, String method, JsonNode operation)
            throws CallFailed {
        String filled = path;
        for (JsonNode parameter : parameters(item, operation)) {
            filled = take(parameter, filled);
        }
        body(resolve(operation.path("requestBody")));
        if (!given.isEmpty()) {
            throw CallFailed.invalid(
                    "operation '%s' has no parameter %s".formatted(id, given.keySet()));
        }
        if (filled.contains("{")) {
            throw CallFailed.invalid(
                    "operation '%s' has a path whose parameters are not described: %s"
                            .formatted(id, path));
        }
        if (!cookies.isEmpty()) {
            headers.put("Cookie", String.join("; ", cookies));
        }
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("method", method);
        request.put("endpoint", base(item, operation) + filled);
        request.set("query", query);
        request.set("headers", headers);
        if (!form.isEmpty()) {
            body = form;
        }
        if (!body.isMissingNode()) {
            request.set("body", body);
        }
        return request;
    }

    /** Those of the operation override those of its path. */
    private List<JsonNode> parameters(JsonNode item, JsonNode operation) throws CallFailed {
        Map<String, JsonNode> parameters = new LinkedHashMap<>();
        for (JsonNode list : List.of(item.path("parameters"), operation.path("parameters"))) {
            for (JsonNode parameter : list) {
                JsonNode one = resolve(parameter);
                parameters.put(one.path("in").asText() + " " + one.path("name").asText(), one);
            }
        }
        return List.copyOf(parameters.values());
    }

    private String take(JsonNode parameter, String path) throws CallFailed {
        String name = parameter.path("name").asText();
        JsonNode value = given.remove(name);
        if (value == null || value.isNull()) {
            if (parameter.path("required").asBoolean(false)) {
                throw CallFailed.invalid(
                        "operation '%s' needs the parameter '%s'".formatted(id, name));
            }
            return path;
        }
        switch (parameter.path("in").asText()) {
            case "path" -> {
                return path.replace("{" + name + "}", encoded(name, value));
            }
            case "query" -> query.set(name, inQuery(parameter, value));
            case "header" -> headers.set(name, value);
            case "cookie" -> cookies.add(name + "=" + encoded(name, value));
            case "body" -> body = value;
            case "formData" -> {
                form.set(name, value);
                headers.put("Content-Type", "application/x-www-form-urlencoded");
            }
            default ->
                    throw CallFailed.invalid(
                            "parameter '%s' of operation '%s' is in no place that is known"
                                    .formatted(name, id));
        }
        return path;
    }

    /** OpenAPI 3: {@code body} as it is, or an object of what no parameter took. */
    private void body(JsonNode described) throws CallFailed {
        if (!described.isObject()) {
            return;
        }
        JsonNode whole = given.remove("body");
        if (whole != null) {
            body = whole;
        } else if (!given.isEmpty()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            given.forEach((name, value) -> object.set(name, value));
            given.clear();
            body = object;
        } else if (described.path("required").asBoolean(false)) {
            throw CallFailed.invalid("operation '%s' needs a body".formatted(id));
        }
        JsonNode content = described.path("content");
        if (!body.isMissingNode() && !content.has("application/json") && !content.isEmpty()) {
            String type = content.fieldNames().next();
            if (!body.isTextual() && !type.endsWith("json") && !type.endsWith("urlencoded")) {
                throw CallFailed.invalid(
                        "operation '%s' takes a body of type %s; give it as text"
                                .formatted(id, type));
            }
            headers.put("Content-Type", type);
        }
    }

    /** Swagger's lists are one text with commas, unless it says that they are repeated. */
    private JsonNode inQuery(JsonNode parameter, JsonNode value) throws CallFailed {
        if (!value.isArray() || !document.has("swagger")) {
            return value;
        }
        String name = parameter.path("name").asText();
        String format = parameter.path("collectionFormat").asText("csv");
        if (format.equals("multi")) {
            return value;
        }
        if (!format.equals("csv")) {
            throw CallFailed.invalid(
                    "parameter '%s' of operation '%s' is written as '%s', which is not supported"
                            .formatted(name, id, format));
        }
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(item.asText()));
        return JsonNodeFactory.instance.textNode(String.join(",", items));
    }

    private String encoded(String name, JsonNode value) throws CallFailed {
        if (!value.isValueNode()) {
            throw CallFailed.invalid(
                    "parameter '%s' of operation '%s' is no text or number".formatted(name, id));
        }
        return URLEncoder.encode(value.asText(), StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The servers of an operation, or of its path, override the document's. */
    private String base(JsonNode item, JsonNode operation) throws CallFailed {
        JsonNode servers =
                operation.has("servers")
                        ? operation.get("servers")
                        : item.has("servers") ? item.get("servers") : document.path("servers");
        String base = document.has("swagger") ? ofSwagger() : ofServers(servers);
        return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    private String ofSwagger() {
        JsonNode schemes = document.path("schemes");
        boolean same = schemes.isEmpty();
        for (JsonNode scheme : schemes) {
            same |= scheme.asText().equals(from.getScheme());
        }
        return (same ? from.getScheme() : schemes.path(0).asText())
                + "://"
                + document.path("host").asText(from.getAuthority())
                + document.path("basePath").asText("");
    }

    private String ofServers(JsonNode servers) throws CallFailed {
        JsonNode server = servers.path(0);
        String url = server.path("url").asText("/");
        for (Map.Entry<String, JsonNode> variable : server.path("variables").properties()) {
            url =
                    url.replace(
                            "{" + variable.getKey() + "}",
                            variable.getValue().path("default").asText());
        }
        try {
            return from.resolve(url).toString();
        } catch (IllegalArgumentException e) {
            throw CallFailed.invalid("the OpenAPI document's server '%s' is no URI".formatted(url));
        }
    }

    /** Follows references within the document. */
    private JsonNode resolve(JsonNode node) throws CallFailed {
        JsonNode at = node;
        for (int depth = 0; at.has("$ref"); depth++) {
            String reference = at.get("$ref").asText();
            if (depth == DEEPEST_REFERENCE || !reference.startsWith("#/")) {
                throw CallFailed.invalid(
                        "the OpenAPI document refers to '%s', which is not within it"
                                .formatted(reference));
            }
            at = document.at(reference.substring(1));
        }
        return at;
    }
}
