package dev.gantry.benchmarks;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends again and again.
 *
 * @param paths one after the other
 * @param body in which {@code {n}} is the request's number, and {@code {due}} when it is due, as
 *     {@link System#nanoTime()}, which all processes of a machine share
 */
record Request(
        String method,
        String url,
        List<String> paths,
        Map<String, String> headers,
        @Nullable String body) {

    static Request get(Server server, List<String> paths) {
        return new Request("GET", server.url(), paths, authorization(), null);
    }

    /**
     * @param correlation empty for none
     */
    static Request start(Server server, String adapter, String correlation, boolean wait) {
        String body =
                "{\"definition\":{\"namespace\":\"bench\",\"name\":\"three-%s\"},\"input\":{\"order\":4711,\"customer\":\"Ann\"}%s}"
                        .formatted(
                                adapter,
                                correlation.isEmpty()
                                        ? ""
                                        : ",\"correlationId\":\"" + correlation + "\"");
        Map<String, String> headers =
                wait
                        ? Map.of(
                                "Authorization", "Bearer " + Server.TOKEN,
                                "Content-Type", "application/json",
                                "Prefer", "wait=30")
                        : Map.of(
                                "Authorization",
                                "Bearer " + Server.TOKEN,
                                "Content-Type",
                                "application/json");
        return new Request("POST", server.url(), List.of("/v1/executions"), headers, body);
    }

    private static Map<String, String> authorization() {
        return Map.of("Authorization", "Bearer " + Server.TOKEN);
    }
}
