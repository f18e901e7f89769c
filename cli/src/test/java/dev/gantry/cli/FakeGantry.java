package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gantry.cli.client.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A server with the shapes of the REST API, whose answers a test decides. */
final class FakeGantry implements AutoCloseable {
    static final String KEY = "k-12345678";

    /** What was asked, such as {@code GET /v1/executions?limit=20}. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    final Map<String, String> headers = new ConcurrentHashMap<>();
    final FakeDefinitions definitions = new FakeDefinitions();
    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    private final HttpServer server;

    interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    FakeGantry() throws IOException {
        this(0);
    }

    FakeGantry(int port) throws IOException {
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
        on("POST /v1/definitions", definitions::publish);
        on("POST /v1/definitions:validate", definitions::validate);
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    /**
     * @param request method and path without the query
     */
    FakeGantry on(String request, Handler handler) {
        handlers.put(request, handler);
        return this;
    }

    FakeGantry on(String request, int status, String json) {
        return on(request, exchange -> answer(exchange, status, json));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String what = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String key = what.replaceAll("\\?.*", "");
        requests.add(what);
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(key + " " + name, values.getFirst()));
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        Handler handler = handlers.get(key);
        try (exchange) {
            if (!("Bearer " + KEY).equals(authorization)) {
                problem(exchange, 401, "KEY_INVALID", "The key is not known.");
            } else if (handler == null) {
                problem(exchange, 404, "EXECUTION_NOT_FOUND", "There is nothing at " + key + ".");
            } else {
                handler.handle(exchange);
            }
        }
    }

    static void answer(HttpExchange exchange, int status, String json) throws IOException {
        send(exchange, status, "application/json", json);
    }

    static void problem(HttpExchange exchange, int status, String code, String detail)
            throws IOException {
        ObjectNode problem =
                Json.object()
                        .put("type", "urn:gantry:problem:" + code)
                        .put("title", "Title of " + code)
                        .put("status", status)
                        .put("code", code)
                        .put("detail", detail);
        send(exchange, status, "application/problem+json", problem.toString());
    }

    static void send(HttpExchange exchange, int status, String type, String text)
            throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static JsonNode body(HttpExchange exchange) throws IOException {
        return Json.read(exchange.getRequestBody().readAllBytes());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
