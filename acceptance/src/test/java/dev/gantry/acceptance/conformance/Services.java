package dev.gantry.acceptance.conformance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What scenarios call, on this machine: the pet store and httpbin of the official kit, and what a
 * scenario sets up by itself under {@code http://service.test}.
 */
final class Services implements AutoCloseable {
    private static final Pattern BASIC = Pattern.compile("/basic-auth/([^/]+)/([^/]+)");
    private static final Pattern PET = Pattern.compile("/v2/pet/(\\d+)");
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final HttpServer http;

    /** By method and path: status and body. */
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    /** How often each was asked for. */
    final Map<String, Integer> calls = new ConcurrentHashMap<>();

    private record Answer(int status, String body, int firstFailures) {}

    Services() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 64);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        answer(exchange);
                    }
                });
        http.start();
    }

    private String base() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    String local(String document) {
        return document.replace("https://petstore.swagger.io", base())
                .replace("https://httpbin.org", base())
                .replace("http://service.test", base());
    }

    void forget() {
        answers.clear();
        calls.clear();
        received.clear();
    }

    /**
     * @param firstFailures how many calls are answered with 503 before
     */
    void answers(String method, String path, int status, String body, int firstFailures) {
        answers.put(method + " " + path, new Answer(status, local(body), firstFailures));
    }

    /** What came with the last call of each, by header and {@code body}. */
    final Map<String, Map<String, String>> received = new ConcurrentHashMap<>();

    private void note(String key, HttpExchange exchange, String body) {
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> all.put(name, values.getFirst()));
        all.put("body", body);
        received.put(key, all);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String key = exchange.getRequestMethod() + " " + path;
        int call = calls.merge(key, 1, Integer::sum);
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        note(key, exchange, body);
        Answer own = answers.get(key);
        Matcher basic = BASIC.matcher(path);
        Matcher pet = PET.matcher(path);
        if (own != null) {
            boolean fails = call <= own.firstFailures();
            send(exchange, fails ? 503 : own.status(), fails ? "{}" : own.body());
        } else if (path.endsWith("/token")) {
            token(exchange, body);
        } else if (path.endsWith("/.well-known/openid-configuration")) {
            send(exchange, 200, "{\"token_endpoint\": \"%s/realm/token\"}".formatted(base()));
        } else if (path.startsWith("/protected")) {
            bearer(exchange);
        } else if (path.startsWith("/told")) {
            told(exchange, body);
        } else if (path.startsWith("/digest/")) {
            digest(exchange);
        } else if (basic.matches()) {
            basic(exchange, basic.group(1) + ":" + basic.group(2));
        } else if (path.equals("/v2/swagger.json")) {
            send(exchange, 200, swagger());
        } else if (path.equals("/v2/pet/findByStatus")) {
            send(exchange, 200, "[" + pet(1) + "," + pet(2) + "]");
        } else if (pet.matches()) {
            send(exchange, 200, pet(Integer.parseInt(pet.group(1))));
        } else {
            send(exchange, 404, "{\"message\": \"there is no %s\"}".formatted(path));
        }
    }

    private static String pet(int id) {
        return "{\"id\": %d, \"name\": \"Pet %d\", \"status\": \"available\"}".formatted(id, id);
    }

    private String swagger() {
        return """
        {"swagger": "2.0", "host": "127.0.0.1:%d", "basePath": "/v2", "schemes": ["http"], "paths": {
          "/pet/findByStatus": {"get": {"operationId": "findPetsByStatus", "parameters": [
            {"name": "status", "in": "query", "required": true}]}},
          "/pet/{petId}": {"get": {"operationId": "getPetById", "parameters": [
            {"name": "petId", "in": "path", "required": true}]}}}}
        """
                .formatted(http.getAddress().getPort());
    }

    /** Tokens are numbered, and those of a client "short" last a moment only. */
    private void token(HttpExchange exchange, String form) throws IOException {
        String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!form.contains("client_secret=s3cret") && !header.startsWith("Basic ")) {
            send(exchange, 401, "{\"error\": \"invalid_client\"}");
            return;
        }
        send(
                exchange,
                200,
                "{\"access_token\": \"token-%d\", \"token_type\": \"Bearer\", \"expires_in\": %d}"
                        .formatted(++tokens, form.contains("client_id=short") ? 0 : 3600));
    }

    private void bearer(HttpExchange exchange) throws IOException {
        String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        send(exchange, isValid(given) ? 200 : 401, "{\"authorization\": \"%s\"}".formatted(given));
    }

    private boolean isValid(String given) {
        return given.startsWith("Bearer token-") && !given.equals("Bearer " + revoked);
    }

    /** Whether header, query and body have the same token. */
    private void told(HttpExchange exchange, String body) throws IOException {
        String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String token = given.substring(given.indexOf(' ') + 1);
        boolean same =
                body.equals("{\"scheme\":\"Bearer\",\"parameter\":\"%s\"}".formatted(token))
                        && ("token=" + token).equals(exchange.getRequestURI().getQuery())
                        && token.equals(exchange.getRequestHeaders().getFirst("X-Token"));
        send(exchange, isValid(given) ? 200 : 401, "{\"same\": %s}".formatted(same));
    }

    private int tokens;

    private String revoked = "";

    void revokeTokens() {
        revoked = "token-" + tokens;
    }

    /** User and password are both the last part of the path. Source: RFC 7616. */
    private static void digest(HttpExchange exchange) throws IOException {
        String uri = exchange.getRequestURI().toString();
        String user = uri.substring(uri.lastIndexOf('/') + 1);
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        if (given == null || !given.startsWith("Digest ")) {
            exchange.getResponseHeaders()
                    .add(
                            "WWW-Authenticate",
                            "Digest realm=\"test\", nonce=\"n0nce\", qop=\"auth\", algorithm=SHA-256");
            send(exchange, 401, "{}");
            return;
        }
        Matcher parts = Pattern.compile("cnonce=\"([^\"]*)\"").matcher(given);
        String client = parts.find() ? parts.group(1) : "";
        String expected =
                sha256(
                        sha256(user + ":test:" + user)
                                + ":n0nce:00000001:"
                                + client
                                + ":auth:"
                                + sha256(exchange.getRequestMethod() + ":" + uri));
        boolean right = given.contains("response=\"" + expected + "\"");
        send(exchange, right ? 200 : 401, "{\"authenticated\": %s}".formatted(right));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void basic(HttpExchange exchange, String expected) throws IOException {
        String token =
                Base64.getEncoder().encodeToString(expected.getBytes(StandardCharsets.UTF_8));
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        boolean known = ("Basic " + token).equals(given);
        send(exchange, known ? 200 : 401, "{\"authenticated\": %s}".formatted(known));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        JSON.forEach(exchange.getResponseHeaders()::add);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
