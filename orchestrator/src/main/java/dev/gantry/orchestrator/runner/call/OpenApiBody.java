package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A body in that of an operation's media types which it can be written in: JSON, a form, or text
 * that is written already. Source: OpenAPI 3.1.1, request body and encoding.
 *
 * @param type null to leave it to what the value is
 */
record OpenApiBody(JsonNode value, @Nullable String type) {
    static final String FORM = "application/x-www-form-urlencoded";
    private static final Set<String> ANY = Set.of("*/*", "application/*");

    /**
     * @param content the media types that the document gives, with what they say
     * @param isText whether the document has a text in JSON, by the schema
     */
    static OpenApiBody of(String operation, JsonNode content, JsonNode value, boolean isText)
            throws CallFailed {
        if (content.isEmpty()) {
            return new OpenApiBody(value, null);
        }
        String type = type(operation, content, value, isText);
        if (isJson(type)) {
            return new OpenApiBody(
                    value.isTextual() && isText ? TextNode.valueOf(value.toString()) : value, type);
        }
        if (value.isTextual()) {
            return new OpenApiBody(value, type);
        }
        if (value.isObject() && isForm(type)) {
            JsonNode encodings = content.path(type).path("encoding");
            return new OpenApiBody(TextNode.valueOf(form(operation, encodings, value)), type);
        }
        throw CallFailed.invalid(
                "operation '%s' takes a body of type %s; give it as %s"
                        .formatted(operation, type, isForm(type) ? "an object" : "text"));
    }

    private static String type(String operation, JsonNode content, JsonNode value, boolean isText)
            throws CallFailed {
        List<String> json = new ArrayList<>();
        List<String> other = new ArrayList<>();
        for (String type : (Iterable<String>) content::fieldNames) {
            if (isJson(type)) {
                json.add(type);
            } else if (ANY.contains(type)) {
                json.add("application/json");
            } else if (!isMultipart(type)) {
                other.add(type);
            }
        }
        other.sort((one, two) -> Boolean.compare(isForm(two), isForm(one)));
        if (json.isEmpty() && other.isEmpty()) {
            throw multipart(operation);
        }
        boolean asJson = other.isEmpty() || !value.isTextual() || isText;
        return asJson && !json.isEmpty()
                ? json.getFirst()
                : value.isTextual() ? other.getLast() : other.getFirst();
    }

    static CallFailed multipart(String operation) {
        return CallFailed.invalid(
                "operation '%s' takes multipart/form-data, which is not supported"
                        .formatted(operation));
    }

    static boolean isMultipart(String type) {
        return type.toLowerCase(Locale.ROOT).startsWith("multipart/");
    }

    private static boolean isForm(String type) {
        return type.toLowerCase(Locale.ROOT).startsWith(FORM);
    }

    static boolean isJson(String type) {
        String name = type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
        return name.equals("application/json") || name.endsWith("+json");
    }

    private static String form(String operation, JsonNode encodings, JsonNode fields)
            throws CallFailed {
        List<String> pairs = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            String name = field.getKey();
            JsonNode encoding = encodings.path(name);
            boolean isStyled =
                    encoding.has("style")
                            || encoding.has("explode")
                            || encoding.has("allowReserved");
            if (isStyled) {
                pairs.addAll(
                        ParameterStyle.ofField(operation, name, encoding).pairs(field.getValue()));
            } else {
                boolean asJson = isJson(encoding.path("contentType").asText(""));
                pairs.addAll(plain(name, field.getValue(), asJson));
            }
        }
        return String.join("&", pairs);
    }

    /** Without a style: lists are repeated, what is not text or a number is JSON. */
    private static List<String> plain(String name, JsonNode value, boolean asJson) {
        List<String> pairs = new ArrayList<>();
        for (JsonNode one : value.isArray() && !asJson ? value : List.of(value)) {
            if (!one.isNull()) {
                String text = asJson || !one.isValueNode() ? one.toString() : one.asText();
                pairs.add(PercentEncoding.ALL.of(name) + "=" + PercentEncoding.ALL.of(text));
            }
        }
        return pairs;
    }
}
