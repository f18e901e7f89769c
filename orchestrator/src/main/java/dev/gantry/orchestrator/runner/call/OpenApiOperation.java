package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
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
    private final List<String> query = new ArrayList<>();
    private final ObjectNode headers = JsonNodeFactory.instance.objectNode();
    private final List<String> form = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();
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
            filled = take(parameter, operation, filled);
        }
        given.keySet().removeAll(taken);
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
        if (!query.isEmpty()) {
            filled += (filled.contains("?") ? "&" : "?") + String.join("&", query);
        }
        if (!form.isEmpty()) {
            body = TextNode.valueOf(String.join("&", form));
            headers.put("Content-Type", OpenApiBody.FORM);
        }
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("method", method);
        request.put("endpoint", base(item, operation) + filled);
        request.set("headers", headers);
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

    private String take(JsonNode parameter, JsonNode operation, String path) throws CallFailed {
        String name = parameter.path("name").asText();
        String in = parameter.path("in").asText();
        JsonNode value = given.getOrDefault(name, MissingNode.getInstance());
        taken.add(name);
        if (CallReader.isAbsent(value) || (in.equals("path") && isEmpty(value))) {
            if (parameter.path("required").asBoolean(false)) {
                throw CallFailed.invalid(
                        "operation '%s' needs the parameter '%s'".formatted(id, name));
            }
            return path;
        }
        switch (in) {
            case "path" -> {
                return path.replace("{" + name + "}", text(parameter, value));
            }
            case "query" -> query.addAll(pairs(parameter, value));
            case "header" -> {
                if (!isEmpty(value)) {
                    headers.put(name, text(parameter, value));
                }
            }
            case "cookie" -> cookies.addAll(pairs(parameter, value));
            case "body" -> body = value;
            case "formData" -> {
                refuseFiles(parameter, operation);
                form.addAll(pairs(parameter, value));
            }
            default ->
                    throw CallFailed.invalid(
                            "parameter '%s' of operation '%s' is in no place that is known"
                                    .formatted(name, id));
        }
        return path;
    }

    /** Whether it is a list or an object of nothing: to RFC 6570 that is no value. */
    private static boolean isEmpty(JsonNode value) {
        boolean empty = value.isContainerNode();
        for (JsonNode one : value) {
            empty &= one.isNull();
        }
        return empty;
    }

    private String text(JsonNode parameter, JsonNode value) throws CallFailed {
        return parameter.has("content")
                ? encoding(parameter).of(content(parameter, value))
                : style(parameter).text(value);
    }

    private List<String> pairs(JsonNode parameter, JsonNode value) throws CallFailed {
        PercentEncoding encoding = encoding(parameter);
        return parameter.has("content")
                ? List.of(
                        encoding.of(parameter.path("name").asText())
                                + "="
                                + encoding.of(content(parameter, value)))
                : style(parameter).pairs(value);
    }

    private static PercentEncoding encoding(JsonNode parameter) {
        return parameter.path("in").asText().equals("header")
                ? PercentEncoding.NONE
                : PercentEncoding.ALL;
    }

    private ParameterStyle style(JsonNode parameter) throws CallFailed {
        return document.has("swagger")
                ? ParameterStyle.ofSwagger(id, parameter)
                : ParameterStyle.of(id, parameter);
    }

    /** A parameter that is not written in a style but in a media type. */
    private String content(JsonNode parameter, JsonNode value) throws CallFailed {
        Iterator<String> types = parameter.path("content").fieldNames();
        String type = types.hasNext() ? types.next() : "";
        if (OpenApiBody.isJson(type)) {
            return value.toString();
        }
        if (!value.isValueNode()) {
            throw CallFailed.invalid(
                    "parameter '%s' of operation '%s' has the type %s; give it as text"
                            .formatted(parameter.path("name").asText(), id, type));
        }
        return value.asText();
    }

    private void refuseFiles(JsonNode parameter, JsonNode operation) throws CallFailed {
        JsonNode consumes =
                operation.has("consumes") ? operation.get("consumes") : document.path("consumes");
        boolean onlyMultipart = !consumes.isEmpty();
        for (JsonNode type : consumes) {
            onlyMultipart &= !type.asText().equals(OpenApiBody.FORM);
        }
        if (onlyMultipart || parameter.path("type").asText().equals("file")) {
            throw OpenApiBody.multipart(id);
        }
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
        if (!CallReader.isAbsent(body)) {
            JsonNode content = described.path("content");
            OpenApiBody written = OpenApiBody.of(id, content, body, isText(content));
            body = written.value();
            if (written.type() != null && !headers.has("Content-Type")) {
                headers.put("Content-Type", written.type());
            }
        }
    }

    /** Whether a text is to be one in JSON too: elsewhere it may be JSON already. */
    private boolean isText(JsonNode content) throws CallFailed {
        for (Map.Entry<String, JsonNode> type : content.properties()) {
            if (OpenApiBody.isJson(type.getKey())) {
                return resolve(type.getValue().path("schema"))
                        .path("type")
                        .asText()
                        .equals("string");
            }
        }
        return false;
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
