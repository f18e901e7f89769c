package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How one parameter of an operation, or one field of a form, is written. What has no value writes
 * nothing: null, and a list or an object without any. Sources: OpenAPI 3.1.1, style values; RFC
 * 6570; Swagger 2.0, collectionFormat.
 *
 * @param explode whether each element of a list or an object stands for itself
 * @param delimiter between the elements where they do not, as it is written
 */
record ParameterStyle(
        String operation,
        String name,
        Style style,
        boolean explode,
        String delimiter,
        PercentEncoding encoding) {

    enum Style {
        MATRIX,
        LABEL,
        SIMPLE,
        FORM,
        DEEP_OBJECT
    }

    /** Of OpenAPI 3. */
    static ParameterStyle of(String operation, JsonNode parameter) throws CallFailed {
        String in = parameter.path("in").asText();
        return of(operation, parameter.path("name").asText(), in, parameter);
    }

    /**
     * A field of a form.
     *
     * @param encoding {@code style}, {@code explode} and {@code allowReserved}, as of a parameter
     */
    static ParameterStyle ofField(String operation, String name, JsonNode encoding)
            throws CallFailed {
        return of(operation, name, "query", encoding);
    }

    private static ParameterStyle of(String operation, String name, String in, JsonNode described)
            throws CallFailed {
        String style =
                described
                        .path("style")
                        .asText(in.equals("path") || in.equals("header") ? "simple" : "form");
        PercentEncoding encoding =
                in.equals("header")
                        ? PercentEncoding.NONE
                        : in.equals("query") && described.path("allowReserved").asBoolean(false)
                                ? PercentEncoding.BUT_RESERVED
                                : PercentEncoding.ALL;
        boolean explode = described.path("explode").asBoolean(style.equals("form"));
        return switch (in + " " + style) {
            case "path matrix" ->
                    new ParameterStyle(operation, name, Style.MATRIX, explode, ",", encoding);
            case "path label" ->
                    new ParameterStyle(operation, name, Style.LABEL, explode, ",", encoding);
            case "path simple", "header simple" ->
                    new ParameterStyle(operation, name, Style.SIMPLE, explode, ",", encoding);
            case "query form", "cookie form" ->
                    new ParameterStyle(operation, name, Style.FORM, explode, ",", encoding);
            case "query spaceDelimited" ->
                    new ParameterStyle(operation, name, Style.FORM, explode, "%20", encoding);
            case "query pipeDelimited" ->
                    new ParameterStyle(operation, name, Style.FORM, explode, "%7C", encoding);
            case "query deepObject" ->
                    new ParameterStyle(operation, name, Style.DEEP_OBJECT, true, ",", encoding);
            default ->
                    throw CallFailed.invalid(
                            "parameter '%s' of operation '%s' is in '%s' and has the style '%s', which there is not"
                                    .formatted(name, operation, in, style));
        };
    }

    /** Of Swagger 2, which knows lists only. */
    static ParameterStyle ofSwagger(String operation, JsonNode parameter) throws CallFailed {
        String name = parameter.path("name").asText();
        String in = parameter.path("in").asText();
        String format = parameter.path("collectionFormat").asText("csv");
        PercentEncoding encoding = in.equals("header") ? PercentEncoding.NONE : PercentEncoding.ALL;
        boolean isForm = in.equals("query") || in.equals("formData");
        String delimiter =
                switch (format) {
                    case "csv" -> ",";
                    case "ssv" -> encoding.of(" ");
                    case "tsv" -> encoding.of("\t");
                    case "pipes" -> encoding.of("|");
                    case "multi" -> isForm ? "&" : "";
                    default -> "";
                };
        if (delimiter.isEmpty()) {
            throw CallFailed.invalid(
                    "parameter '%s' of operation '%s' is in '%s' and written as '%s', which there is not"
                            .formatted(name, operation, in, format));
        }
        return new ParameterStyle(
                operation,
                name,
                isForm ? Style.FORM : Style.SIMPLE,
                format.equals("multi"),
                delimiter,
                encoding);
    }

    /** What stands in a path or a header; empty where there is no value. */
    String text(JsonNode value) throws CallFailed {
        List<String> parts = parts(value);
        if (parts.isEmpty()) {
            return "";
        }
        return switch (style) {
            case LABEL -> "." + String.join(explode ? "." : delimiter, parts);
            case MATRIX -> matrix(value, parts);
            default -> String.join(delimiter, parts);
        };
    }

    private String matrix(JsonNode value, List<String> parts) {
        String key = encoding.of(name);
        if (!explode || value.isValueNode()) {
            return ";" + named(key, String.join(delimiter, parts));
        }
        StringBuilder all = new StringBuilder();
        parts.forEach(part -> all.append(';').append(value.isArray() ? named(key, part) : part));
        return all.toString();
    }

    /** The pairs of a query, a form or of cookies, each {@code name=value}. */
    List<String> pairs(JsonNode value) throws CallFailed {
        List<String> pairs = new ArrayList<>();
        String key = encoding.of(name);
        if (style == Style.DEEP_OBJECT) {
            if (!value.isObject()) {
                throw unwritable("which takes an object");
            }
            deep(key, value, pairs);
            return pairs;
        }
        List<String> parts = parts(value);
        if (value.isObject() && explode) {
            return parts;
        }
        if (value.isArray() && explode) {
            parts.forEach(part -> pairs.add(key + "=" + part));
        } else if (!parts.isEmpty()) {
            pairs.add(key + "=" + String.join(delimiter, parts));
        }
        return pairs;
    }

    private void deep(String key, JsonNode object, List<String> pairs) throws CallFailed {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String below = key + "%5B" + encoding.of(field.getKey()) + "%5D";
            if (field.getValue() instanceof ObjectNode inner) {
                deep(below, inner, pairs);
            } else if (!field.getValue().isNull()) {
                pairs.add(below + "=" + encoding.of(primitive(field.getValue())));
            }
        }
    }

    /** The elements of the value: {@code name=value} of an object that is exploded. */
    private List<String> parts(JsonNode value) throws CallFailed {
        List<String> parts = new ArrayList<>();
        if (value.isArray()) {
            for (JsonNode item : value) {
                if (!item.isNull()) {
                    parts.add(encoding.of(primitive(item)));
                }
            }
        } else if (value.isObject()) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                if (!field.getValue().isNull()) {
                    String key = encoding.of(field.getKey());
                    String text = encoding.of(primitive(field.getValue()));
                    if (explode) {
                        parts.add(style == Style.MATRIX ? named(key, text) : key + "=" + text);
                    } else {
                        parts.add(key);
                        parts.add(text);
                    }
                }
            }
        } else if (!value.isNull()) {
            parts.add(encoding.of(value.asText()));
        }
        return parts;
    }

    /** Path-style parameters have no sign of equality without a value. */
    private static String named(String key, String text) {
        return text.isEmpty() ? key : key + "=" + text;
    }

    private String primitive(JsonNode value) throws CallFailed {
        if (!value.isValueNode()) {
            throw unwritable("which has no form for lists and objects within others");
        }
        return value.asText();
    }

    private CallFailed unwritable(String why) {
        return CallFailed.invalid(
                "the value of parameter '%s' of operation '%s' cannot be written in its style, %s"
                        .formatted(name, operation, why));
    }
}
