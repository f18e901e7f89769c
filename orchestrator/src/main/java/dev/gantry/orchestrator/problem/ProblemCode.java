package dev.gantry.orchestrator.problem;

/** Every code that the API answers with. A code is never renamed and never changes its meaning. */
public enum ProblemCode {
    /** The request line, a header, a path or query parameter. */
    REQUEST_INVALID(400, "The request is invalid"),
    PARAMETER_UNKNOWN(400, "The query parameter is unknown"),
    PARAMETER_INVALID(400, "The parameter is invalid"),
    BODY_INVALID(400, "The body is invalid"),
    CURSOR_INVALID(400, "The cursor is invalid"),
    KEY_MISSING(401, "A key is needed"),
    KEY_INVALID(401, "The key is invalid"),
    PERMISSION_MISSING(403, "The permission is missing"),
    NOT_FOUND(404, "There is nothing here"),
    EXECUTION_NOT_FOUND(404, "There is no such execution"),
    STEP_NOT_FOUND(404, "There is no such step"),
    ARTIFACT_NOT_FOUND(404, "There is no such file"),
    ADAPTER_NOT_FOUND(404, "There is no such adapter"),
    DEFINITION_NOT_FOUND(404, "There is no such definition"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    NOT_ACCEPTABLE(406, "No acceptable form of the answer"),
    REQUEST_TIMEOUT(408, "The request took too long"),
    DEFINITION_DISABLED(409, "The definition is disabled"),
    DEFINITION_CONFLICT(409, "The version exists with other content"),
    WRONG_STATUS(409, "Not possible in the current status"),
    INPUT_TOO_LARGE(413, "The input is too large"),
    BODY_TOO_LARGE(413, "The body is too large"),
    MEDIA_TYPE_UNSUPPORTED(415, "The media type is not supported"),
    DEFINITION_INVALID(422, "The definition is invalid"),
    INPUT_INVALID(422, "The input is invalid"),
    IDEMPOTENCY_KEY_REUSED(422, "The idempotency key belongs to another request"),
    TOO_MANY_STREAMS(429, "Too many streams are open"),
    INTERNAL(500, "Gantry failed"),
    NOT_SUPPORTED(501, "Not supported"),
    ADAPTER_DISCONNECTED(503, "A needed adapter is not connected"),
    OVERLOADED(503, "Too much is queued"),
    UNAVAILABLE(503, "Not available now");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** For what the container refuses: it knows statuses only. */
    public static ProblemCode ofStatus(int status) {
        return switch (status) {
            case 401 -> KEY_MISSING;
            case 403 -> PERMISSION_MISSING;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> REQUEST_TIMEOUT;
            case 413 -> BODY_TOO_LARGE;
            case 415 -> MEDIA_TYPE_UNSUPPORTED;
            case 501 -> NOT_SUPPORTED;
            case 503 -> UNAVAILABLE;
            default -> status >= 400 && status < 500 ? REQUEST_INVALID : INTERNAL;
        };
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }
}
