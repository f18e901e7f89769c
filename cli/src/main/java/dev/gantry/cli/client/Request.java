package dev.gantry.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is sent: immutable, each method gives a changed copy. */
public record Request(
        String method,
        String path,
        Map<String, String> headers,
        byte @Nullable [] body,
        Duration patience) {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    public static Request get(String path) {
        return new Request("GET", path, Map.of("Accept", "application/json"), null, PATIENCE);
    }

    public static Request delete(String path) {
        return new Request("DELETE", path, Map.of("Accept", "application/json"), null, PATIENCE);
    }

    /** With an empty object as its body: without one, a form would be announced. */
    public static Request post(String path) {
        return new Request(
                        "POST", path, Map.of("Accept", "application/json"), new byte[0], PATIENCE)
                .json(Json.object());
    }

    public Request header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Request(method, path, Map.copyOf(more), body, patience);
    }

    public Request accept(String type) {
        return header("Accept", type);
    }

    public Request json(JsonNode value) {
        return body("application/json", Json.bytes(value));
    }

    public Request body(String type, byte[] bytes) {
        Request typed = header("Content-Type", type);
        return new Request(method, path, typed.headers, bytes, patience);
    }

    /**
     * @param most how long nothing may come before the connection counts as broken
     */
    public Request patience(Duration most) {
        return new Request(method, path, headers, body, most);
    }

    /** Nothing if there is no value. */
    public Request query(String name, @Nullable String value) {
        if (value == null) {
            return this;
        }
        String more = (path.contains("?") ? "&" : "?") + encode(name) + "=" + encode(value);
        return new Request(method, path + more, headers, body, patience);
    }

    /** One segment of a path. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
