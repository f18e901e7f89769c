package dev.gantry.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A server's REST API.
 *
 * <p>Uses {@link HttpURLConnection}: it is loaded in a tenth of the time that the newer client
 * needs, which is most of what a short command takes.
 */
public final class Api {
    static {
        // Otherwise a POST whose connection breaks is silently sent twice.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private static final int CONNECT_MILLIS = 5_000;
    private static final int MOST_ERROR_BYTES = 1 << 20;

    private final URI server;
    private final @Nullable String token;

    /**
     * @param token the bearer key, or null to send none
     */
    public Api(URI server, @Nullable String token) {
        this.server = server;
        this.token = token;
    }

    public URI server() {
        return server;
    }

    public JsonNode get(String path) {
        return send(Request.get(path)).body();
    }

    /**
     * @throws RefusedException if the answer is a problem
     * @throws UnreachableException if there is no answer
     */
    public Answer send(Request request) {
        HttpURLConnection connection = open(request);
        try (InputStream body = connection.getInputStream()) {
            byte[] bytes = body.readAllBytes();
            return new Answer(
                    connection.getResponseCode(),
                    bytes.length == 0 ? Json.object() : Json.read(bytes),
                    "true".equals(connection.getHeaderField("Idempotency-Replayed")));
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** The answer's body while it comes; the caller closes it. */
    public InputStream stream(Request request) {
        try {
            return open(request).getInputStream();
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** All items of all pages, fetched as they are asked for. */
    public Iterable<JsonNode> items(Request request) {
        return items(request, null);
    }

    /**
     * @param after where to begin; null for the beginning
     */
    public Iterable<JsonNode> items(Request request, @Nullable String after) {
        return () -> new Pages(request, after);
    }

    private final class Pages implements Iterator<JsonNode> {
        private final Request request;
        private Iterator<JsonNode> page;
        private @Nullable String next;

        Pages(Request request, @Nullable String after) {
            this.request = request;
            this.page = fetch(after);
        }

        private Iterator<JsonNode> fetch(@Nullable String after) {
            JsonNode answer = send(request.query("after", after)).body();
            next = answer.path("next").asText(null);
            return answer.path("items").iterator();
        }

        @Override
        public boolean hasNext() {
            while (!page.hasNext() && next != null) {
                page = fetch(next);
            }
            return page.hasNext();
        }

        @Override
        public JsonNode next() {
            return page.next();
        }
    }

    private HttpURLConnection open(Request request) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection)
                            URI.create(server + request.path()).toURL().openConnection();
            connection.setRequestMethod(request.method());
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout((int) request.patience().toMillis());
            // A redirect would take the key along.
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            request.headers().forEach(connection::setRequestProperty);
            connection.setRequestProperty("User-Agent", "gantry-cli");
            if (token != null) {
                connection.setRequestProperty("Authorization", "Bearer " + token);
            }
            byte[] body = request.body();
            if (body != null) {
                connection.setDoOutput(true);
                connection.getOutputStream().write(body);
            }
            int status = connection.getResponseCode();
            if (status < 200 || status > 299) {
                throw new RefusedException(problem(status, connection));
            }
            return connection;
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private static Problem problem(int status, HttpURLConnection connection) throws IOException {
        try (InputStream error = errors(connection)) {
            return Problem.of(status, readProblem(error.readNBytes(MOST_ERROR_BYTES)));
        }
    }

    private static InputStream errors(HttpURLConnection connection) {
        InputStream error = connection.getErrorStream();
        return error == null ? new ByteArrayInputStream(new byte[0]) : error;
    }

    /** Something between the client and the server may answer without being one. */
    private static JsonNode readProblem(byte[] bytes) {
        try {
            JsonNode body = Json.read(bytes);
            return body.isObject() ? body : Json.object();
        } catch (IOException _) {
            return Json.object();
        }
    }

    private UnreachableException unreachable(IOException e) {
        String reason =
                switch (e) {
                    case ConnectException _ -> "nothing listens there";
                    case UnknownHostException _ -> "there is no such host";
                    case JsonProcessingException _ -> "what answers sends no JSON";
                    case SocketTimeoutException _ -> "no answer in time";
                    default -> "the connection broke: " + e.getMessage();
                };
        return new UnreachableException(server, reason, e);
    }
}
