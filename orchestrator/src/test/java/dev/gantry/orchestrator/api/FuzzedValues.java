package dev.gantry.orchestrator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Values for requests: mostly those that mean something, and those that nobody means. */
final class FuzzedValues {
    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "x",
                    "0",
                    "-1",
                    "1",
                    "99",
                    "2147483648",
                    "99999999999999999999",
                    "1e400",
                    "1.5",
                    "true",
                    "null",
                    "latest",
                    "1.0.0",
                    "workflow",
                    "running",
                    "a/b",
                    "a/b:c",
                    "../..",
                    "ü",
                    "日本語",
                    "\u0000",
                    "a\u0000b",
                    "\n",
                    "\u007f",
                    "\ufffe",
                    "😀",
                    "%",
                    "+",
                    "'; drop table execution; --",
                    "{{x}}",
                    "${ .x }",
                    "<b>",
                    "\"",
                    "\\",
                    "[]",
                    "{}",
                    "2026-01-01T00:00:00Z",
                    "+999999999-12-31T23:59:59Z",
                    "yesterday",
                    "00000000-0000-7000-8000-000000000000",
                    "MTcwfHh8MQ",
                    "a".repeat(300),
                    "a".repeat(3_000));

    /** Percent-encoded already, so that bytes can be what no text is. */
    private static final List<String> BYTES =
            List.of("%FF", "%C3%28", "%00", "%ED%A0%80", "%F8%88%80%80%80", "%0d%0aX:y", "%2e%2e");

    private static final List<String> MEDIA_TYPES =
            List.of(
                    "*/*",
                    "application/*",
                    "/",
                    "x",
                    "application/json;q=2",
                    "text/plain",
                    "application/json",
                    "application/yaml",
                    "text/html",
                    "image/png",
                    "application/x-ndjson",
                    "text/event-stream",
                    "application/octet-stream",
                    "text/vnd.mermaid",
                    "text/markdown",
                    "application/x-www-form-urlencoded",
                    "multipart/form-data",
                    "multipart/form-data; boundary=x",
                    "application/cloudevents+json",
                    "application/cloudevents-batch+json",
                    "application/json; charset=UTF-16",
                    "application/json; charset=x",
                    ";;;",
                    "a/b/c",
                    "application/json, text/plain;q=0.5",
                    "application/problem+json",
                    "*/*;q=0");

    private static final List<String> DOCUMENTS =
            List.of(
                    "",
                    " ",
                    "{",
                    "[",
                    "{}",
                    "[]",
                    "null",
                    "1",
                    "\"x\"",
                    "{}{}",
                    "[{}]",
                    "{} x",
                    "nul",
                    "1E99999",
                    "-",
                    "{\"a\":1,\"a\":2}",
                    "\u0000",
                    "{\"a\": \"\\u0000\"}",
                    "{\"a\": \"\\ud800\"}",
                    "9".repeat(2_000),
                    "[".repeat(500),
                    "a: [",
                    "- - -",
                    "&a [*a]",
                    "!!some.Thing {}",
                    "document: {dsl: '1.0.3'}",
                    "%YAML 9.9",
                    "a: b: c",
                    "<xml/>",
                    "a=b&c=d");

    private final Random random;
    private final FuzzedApi api;

    FuzzedValues(Random random, FuzzedApi api) {
        this.random = random;
        this.api = api;
    }

    boolean chance(double of) {
        return random.nextDouble() < of;
    }

    <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** Percent-encoded. */
    String text(List<String> likely) {
        if (chance(0.1)) {
            return any(BYTES);
        }
        return encoded(chance(0.6) && !likely.isEmpty() ? any(likely) : any(TEXTS));
    }

    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (one >= '0' && one <= '9') || (one >= 'a' && one <= 'z') || one == '-';
            encoded.append(plain ? Character.toString(one) : "%%%02X".formatted(one & 0xff));
        }
        return encoded.toString();
    }

    String header(List<String> likely) {
        String text = chance(0.6) && !likely.isEmpty() ? any(likely) : any(TEXTS);
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    String mediaType(List<String> likely) {
        return chance(0.8) && !likely.isEmpty() ? any(likely) : any(MEDIA_TYPES);
    }

    byte[] body(JsonNode schema, List<String> likely) {
        String text;
        if (!likely.isEmpty() && chance(0.5)) {
            text = any(likely);
        } else if (chance(0.3)) {
            text = any(DOCUMENTS);
        } else {
            text = value(schema, 0).toString();
        }
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        if (body.length > 0 && chance(0.15)) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        if (body.length > 1 && chance(0.05)) {
            body = java.util.Arrays.copyOf(body, random.nextInt(body.length));
        }
        return body;
    }

    private JsonNode value(JsonNode given, int depth) {
        JsonNode schema = api.resolved(given);
        if (chance(0.15) || depth > 6) {
            return odd();
        }
        if (schema.has("enum")) {
            return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
        }
        String type =
                schema.path("type").isArray()
                        ? schema.path("type").get(0).asText()
                        : schema.path("type").asText("");
        return switch (type) {
            case "object" -> object(schema, depth);
            case "array" ->
                    JsonNodeFactory.instance
                            .arrayNode()
                            .add(value(schema.path("items"), depth + 1));
            case "integer" -> JsonNodeFactory.instance.numberNode(random.nextInt(5));
            case "boolean" -> JsonNodeFactory.instance.booleanNode(chance(0.5));
            case "string" -> JsonNodeFactory.instance.textNode(any(TEXTS));
            default -> schema.has("properties") ? object(schema, depth) : odd();
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            if (chance(0.8)) {
                object.set(property.getKey(), value(property.getValue(), depth + 1));
            }
        }
        if (chance(0.1)) {
            object.set(any(TEXTS), odd());
        }
        return object;
    }

    private JsonNode odd() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(8)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.numberNode(new java.math.BigDecimal("1E400"));
            case 2 ->
                    nodes.numberNode(
                            new java.math.BigInteger("9".repeat(1 + random.nextInt(1_200))));
            case 3 -> nodes.arrayNode().add(odd());
            case 4 -> nodes.objectNode().set(any(TEXTS), nodes.textNode(any(TEXTS)));
            case 5 -> nodes.booleanNode(true);
            case 6 -> nodes.numberNode(-random.nextInt());
            default -> nodes.textNode(any(TEXTS));
        };
    }
}
