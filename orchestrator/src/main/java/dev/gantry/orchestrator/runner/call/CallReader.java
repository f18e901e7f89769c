package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.spi.StepContext;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the input of an http step: {@code {method, endpoint, headers, query, body, output,
 * redirect, authentication}}.
 */
final class CallReader {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\t\\x20-\\x7e]*");

    /** Those that are between two neighbours on the way, and those that frame the message. */
    private static final Set<String> NOT_THE_AUTHORS =
            Set.of(
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "http2-settings",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127\\.[0-9.]+|\\[::1]", Pattern.CASE_INSENSITIVE);

    private CallReader() {}

    static JsonNode parse(byte[] input) throws CallFailed {
        try {
            return Json.read(input);
        } catch (IOException e) {
            throw CallFailed.invalid("the step's input is no JSON");
        }
    }

    /**
     * @param correlation the header for the correlation id; empty for none
     */
    static HttpCall read(JsonNode request, StepContext context, String correlation)
            throws CallFailed {
        String method = method(request.path("method"));
        Map<String, String> headers = headers(request.path("headers"));
        authorize(headers, request.path("authentication"));
        byte[] body = CallBody.encode(request.path("body"), headers);
        HttpCall call =
                new HttpCall(
                        method,
                        uri(request.path("endpoint"), request.path("query")),
                        headers,
                        body,
                        output(request.path("output")),
                        request.path("redirect").asBoolean(false));
        call = with(call, "traceparent", context.traceparent());
        if (!correlation.isEmpty() && !context.correlationId().isEmpty()) {
            call = with(call, correlation, CallBody.ascii(context.correlationId()));
        }
        return call.isSafe()
                ? call
                : with(call, "Idempotency-Key", CallBody.ascii(context.idempotencyKey()));
    }

    private static String method(JsonNode node) throws CallFailed {
        String method = node.asText("").toUpperCase(Locale.ROOT);
        if (!TOKEN.matcher(method).matches()
                || method.equals("CONNECT")
                || method.equals("TRACE")) {
            throw CallFailed.invalid("'method' must name an HTTP method other than CONNECT, TRACE");
        }
        return method;
    }

    private static HttpCall.Output output(JsonNode node) throws CallFailed {
        return switch (node.asText("content")) {
            case "raw" -> HttpCall.Output.RAW;
            case "content" -> HttpCall.Output.CONTENT;
            case "response" -> HttpCall.Output.RESPONSE;
            default -> throw CallFailed.invalid("'output' must be raw, content or response");
        };
    }

    static URI document(JsonNode document) throws CallFailed {
        return uri(document, JsonNodeFactory.instance.missingNode());
    }

    /**
     * Where a gRPC service stands. A host may say {@code https://} or {@code http://}; without it
     * this machine is spoken to in plain text and every other with TLS.
     */
    static URI grpcTarget(JsonNode call) throws CallFailed {
        String host = call.path("host").asText("").strip();
        JsonNode port = call.path("port");
        if (!host.contains("://")) {
            host = (LOOPBACK.matcher(host).matches() ? "http://" : "https://") + host;
        }
        if (!isAbsent(port)) {
            if (!port.canConvertToInt() && !port.asText().matches("\\d{1,5}")) {
                throw CallFailed.invalid("'port' must be a number");
            }
            host += ":" + port.asInt();
        }
        return uri(JsonNodeFactory.instance.textNode(host), JsonNodeFactory.instance.missingNode());
    }

    /** What goes with a gRPC call beside its message, with names in lower case. */
    static Map<String, String> grpcHeaders(
            JsonNode authentication, StepContext context, String correlation) throws CallFailed {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        authorize(headers, authentication);
        Map<String, String> lower = new TreeMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        lower.put("idempotency-key", CallBody.ascii(context.idempotencyKey()));
        if (context.traceparent() != null) {
            lower.put("traceparent", context.traceparent());
        }
        if (!correlation.isEmpty()) {
            lower.putIfAbsent(
                    correlation.toLowerCase(Locale.ROOT), CallBody.ascii(context.correlationId()));
        }
        return lower;
    }

    private static URI uri(JsonNode endpoint, JsonNode query) throws CallFailed {
        // An object would bring its own authentication, which must not be ignored.
        if (!endpoint.isTextual()) {
            throw CallFailed.invalid("'endpoint' must be text: the URI to call");
        }
        try {
            URI uri = new URI(endpoint.textValue().strip());
            if (!uri.isAbsolute() || uri.isOpaque()) {
                throw CallFailed.invalid("'endpoint' must be an absolute http or https URI");
            }
            String added = CallBody.form(query, "query");
            String text = uri.toASCIIString();
            int fragment = text.indexOf('#');
            text = fragment < 0 ? text : text.substring(0, fragment);
            if (!added.isEmpty()) {
                text += (text.indexOf('?') < 0 ? '?' : '&') + added;
            }
            return new URI(text);
        } catch (URISyntaxException e) {
            // Not the whole message: it repeats the URI, which may hold a secret.
            throw CallFailed.invalid(
                    "'endpoint' is no URI: %s at character %d"
                            .formatted(e.getReason(), e.getIndex() + 1));
        }
    }

    private static Map<String, String> headers(JsonNode node) throws CallFailed {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (!isAbsent(node) && !node.isObject()) {
            throw CallFailed.invalid("'headers' must be an object");
        }
        for (Map.Entry<String, JsonNode> header : node.properties()) {
            String name = header.getKey();
            if (!TOKEN.matcher(name).matches()) {
                throw CallFailed.invalid("a name in 'headers' is no HTTP token");
            }
            if (NOT_THE_AUTHORS.contains(name.toLowerCase(Locale.ROOT))) {
                throw CallFailed.invalid("header '%s' is set by Gantry alone".formatted(name));
            }
            if (!header.getValue().isNull()) {
                headers.put(name, headerValue(name, header.getValue()));
            }
        }
        return headers;
    }

    /** Source: RFC 7617 and RFC 6750. */
    private static void authorize(Map<String, String> headers, JsonNode authentication)
            throws CallFailed {
        if (isAbsent(authentication)) {
            return;
        }
        if (headers.containsKey("Authorization")) {
            throw CallFailed.invalid(
                    "there is a header 'Authorization' and an 'authentication'; give one of them");
        }
        String value =
                switch (authentication.path("scheme").asText()) {
                    case "basic" -> basic(authentication);
                    case "bearer" -> "Bearer " + token(authentication);
                    default -> throw CallFailed.invalid("the authentication's scheme is unknown");
                };
        if (!HEADER_VALUE.matcher(value).matches()) {
            throw CallFailed.invalid("the credentials have a character that no header can have");
        }
        headers.put("Authorization", value);
    }

    private static String basic(JsonNode authentication) throws CallFailed {
        String user = credential(authentication, "username");
        if (user.contains(":")) {
            throw CallFailed.invalid("a user name for 'basic' has no colon");
        }
        String password = credential(authentication, "password");
        if (user.isEmpty() && password.isEmpty()) {
            throw CallFailed.unauthenticated(
                    "the authentication's 'username' and 'password' are empty");
        }
        String pair = user + ":" + password;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String token(JsonNode authentication) throws CallFailed {
        String token = credential(authentication, "token").strip();
        if (token.isEmpty()) {
            throw CallFailed.unauthenticated("the authentication's 'token' is empty");
        }
        return token;
    }

    private static String credential(JsonNode authentication, String name) throws CallFailed {
        JsonNode value = authentication.path(name);
        if (!value.isValueNode() || value.isNull()) {
            throw CallFailed.invalid("the authentication's '%s' is no text".formatted(name));
        }
        return value.asText();
    }

    private static String headerValue(String name, JsonNode value) throws CallFailed {
        if (!value.isValueNode()) {
            throw CallFailed.invalid("header '%s' must be text or a number".formatted(name));
        }
        String text = value.asText().strip();
        if (!HEADER_VALUE.matcher(text).matches()) {
            throw CallFailed.invalid(
                    "header '%s' has a line break or a character that is not ASCII"
                            .formatted(name));
        }
        return text;
    }

    static HttpCall with(HttpCall call, String header, @Nullable String value) {
        if (value == null || call.headers().containsKey(header)) {
            return call;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(call.headers());
        headers.put(header, value);
        return new HttpCall(
                call.method(), call.uri(), headers, call.body(), call.output(), call.redirect());
    }

    /** The request with another authentication, or with none. */
    static JsonNode with(JsonNode request, @Nullable JsonNode authentication) {
        ObjectNode other = JsonNodeFactory.instance.objectNode();
        request.properties().forEach(field -> other.set(field.getKey(), field.getValue()));
        if (authentication == null) {
            other.remove("authentication");
        } else {
            other.set("authentication", authentication);
        }
        return other;
    }

    static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }
}
