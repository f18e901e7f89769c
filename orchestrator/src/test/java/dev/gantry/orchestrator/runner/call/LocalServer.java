package dev.gantry.orchestrator.runner.call;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A server on this machine that remembers what it was asked. */
final class LocalServer implements AutoCloseable {
    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    record Request(String method, String uri, Headers headers, String body, int clientPort) {
        String header(String name) {
            return String.valueOf(headers.getFirst(name));
        }
    }

    interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    LocalServer() throws IOException {
        server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1_024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String uri(String path) {
        return "http://127.0.0.1:%d%s".formatted(port(), path);
    }

    void on(String path, Handler handler) {
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        requests.add(
                                new Request(
                                        exchange.getRequestMethod(),
                                        exchange.getRequestURI().toString(),
                                        exchange.getRequestHeaders(),
                                        new String(
                                                exchange.getRequestBody().readAllBytes(),
                                                StandardCharsets.UTF_8),
                                        exchange.getRemoteAddress().getPort()));
                        handler.handle(exchange);
                    }
                });
    }

    void answer(String path, int status, Map<String, String> headers, String body) {
        on(path, exchange -> answer(exchange, status, headers, body));
    }

    static void answer(HttpExchange exchange, int status, Map<String, String> headers, String body)
            throws IOException {
        answer(exchange, status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    static void answer(HttpExchange exchange, int status, Map<String, String> headers, byte[] bytes)
            throws IOException {
        headers.forEach(exchange.getResponseHeaders()::add);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
