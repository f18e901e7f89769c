package dev.gantry.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * An error answer (RFC 9457).
 *
 * @param code stable; what the client decides by
 * @param body as it came
 */
public record Problem(int status, String code, String title, String detail, JsonNode body) {

    static Problem of(int status, JsonNode body) {
        String title = Json.text(body, "title");
        return new Problem(
                status,
                Json.text(body, "code"),
                title.isEmpty() ? "HTTP status " + status : title,
                Json.text(body, "detail"),
                body);
    }

    /** The single findings, where there can be several. */
    public List<JsonNode> errors() {
        return Json.list(body.path("errors"));
    }
}
