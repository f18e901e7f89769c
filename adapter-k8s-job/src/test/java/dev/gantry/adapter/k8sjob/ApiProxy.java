package dev.gantry.adapter.k8sjob;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Stands between an adapter and the API server, and can do harm to what goes through it. */
final class ApiProxy implements AutoCloseable {
    private static final Set<String> NOT_FORWARDED =
            Set.of(
                    "host",
                    "connection",
                    "content-length",
                    "transfer-encoding",
                    "expect",
                    "upgrade",
                    "http2-settings",
                    "keep-alive",
                    "sec-websocket-key",
                    "sec-websocket-version",
                    "sec-websocket-protocol");

    private final String target;
    private final HttpClient client;
    private final Harm harm;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<InputStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile @Nullable String endedToken;

    /** What is done to single requests. */
    interface Harm {
        /** Before it is forwarded: an answer of the proxy's own, or 0. */
        default int refuse(String method, String path) {
            return 0;
        }

        /**
         * @return whether the reply is lost
         */
        default boolean answered(String method, String path) {
            return false;
        }

        /** An answer of the proxy's own; null to forward the request. */
        default byte @Nullable [] answer(String method, String path) {
            return null;
        }

        /** Whether nothing comes of the answer, and no end of it. */
        default boolean mutes(String method, String path) {
            return false;
        }
    }

    ApiProxy(Config cluster, Harm harm) {
        this.harm = harm;
        this.target = cluster.getMasterUrl().replaceAll("/$", "");
        try {
            Config trusting =
                    new ConfigBuilder(Config.empty())
                            .withCaCertData(cluster.getCaCertData())
                            .build();
            this.client =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .sslContext(SSLUtils.sslContext(trusting))
                            .executor(threads)
                            .build();
            this.server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::forward);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void forward(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        URI uri = exchange.getRequestURI();
        byte[] sent = exchange.getRequestBody().readAllBytes();
        int refusal = cut ? 0 : isEnded(exchange) ? 401 : harm.refuse(method, uri.toString());
        if (cut) {
            exchange.close();
            return;
        }
        if (refusal > 0) {
            if (refusal == 429) {
                exchange.getResponseHeaders().add("Retry-After", "1");
            }
            exchange.sendResponseHeaders(refusal, -1);
            exchange.close();
            return;
        }
        byte[] own = harm.answer(method, uri.toString());
        if (own != null) {
            exchange.sendResponseHeaders(200, own.length == 0 ? -1 : own.length);
            exchange.getResponseBody().write(own);
            exchange.close();
            return;
        }
        try {
            HttpResponse<InputStream> response =
                    client.send(request(exchange, sent), HttpResponse.BodyHandlers.ofInputStream());
            InputStream body = response.body();
            open.add(body);
            try (body) {
                if (harm.answered(method, uri.toString()) || cut) {
                    body.readAllBytes();
                } else {
                    response.headers()
                            .firstValue("content-type")
                            .ifPresent(it -> exchange.getResponseHeaders().add("Content-Type", it));
                    exchange.sendResponseHeaders(response.statusCode(), 0);
                    pass(body, exchange.getResponseBody(), harm.mutes(method, uri.toString()));
                }
            } finally {
                open.remove(body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    private boolean isEnded(HttpExchange exchange) {
        return ("Bearer " + endedToken)
                .equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    /** From now on nobody is known by it, and what was opened with it ends. */
    void endToken(String token) {
        endedToken = token;
        outage(false);
    }

    private HttpRequest request(HttpExchange exchange, byte[] sent) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
                        .method(
                                exchange.getRequestMethod(),
                                HttpRequest.BodyPublishers.ofByteArray(sent));
        exchange.getRequestHeaders()
                .forEach((name, values) -> {
                    if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                        values.forEach(value -> request.header(name, value));
                    }
                });
        return request.build();
    }

    private void pass(InputStream from, OutputStream to, boolean mute)
            throws IOException, InterruptedException {
        if (mute) {
            to.flush();
            Thread.sleep(Duration.ofMinutes(5));
        }
        byte[] piece = new byte[16 * 1024];
        for (int count = from.read(piece); count >= 0 && !cut; count = from.read(piece)) {
            to.write(piece, 0, count);
            to.flush();
        }
        if (!cut) {
            to.close();
        }
    }

    /** Breaks what is open; while it lasts, new connections break too. */
    void outage(boolean lasts) {
        cut = lasts;
        open.forEach(body -> {
            try {
                body.close();
            } catch (IOException e) {
                // It is broken, as it should be.
            }
        });
    }

    /** From now on there is nothing but broken connections. */
    void cut() {
        cut = true;
        close();
    }

    @Override
    public void close() {
        server.stop(0);
        client.shutdownNow();
        threads.shutdownNow();
    }
}
