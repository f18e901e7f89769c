package dev.gantry.orchestrator.runner.call;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came back.
 *
 * @param headers names in lower case; several of one name are one, with commas
 * @param body empty if the answer is not one to keep the body of
 */
record Answer(int status, Map<String, String> headers, byte[] body) {
    @Nullable String header(String name) {
        return headers.get(name);
    }
}
