package dev.gantry.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;

/** A workflow's error in words. */
public final class ErrorText {
    private ErrorText() {}

    /** The name of the task that a JSON Pointer such as {@code /do/2/charge} leads to. */
    public static String taskName(String pointer) {
        String last = pointer.substring(pointer.lastIndexOf('/') + 1);
        return last.replace("~1", "/").replace("~0", "~");
    }

    /** Code or title, and detail. */
    public static String brief(JsonNode error) {
        String code = error.path("code").asText("");
        String title = error.path("title").asText("");
        String detail = error.path("detail").asText("");
        String what = code.isEmpty() ? title : code;
        if (what.isEmpty()) {
            what = error.path("type").asText("an error");
        }
        return Style.safe(detail.isEmpty() ? what : what + ": " + detail);
    }
}
