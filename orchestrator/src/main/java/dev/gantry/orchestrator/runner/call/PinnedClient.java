package dev.gantry.orchestrator.runner.call;

import dev.gantry.orchestrator.runner.egress.Destination;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to addresses that the caller chose. Host header, server name indication and
 * certificate check go by the name, the connection goes to the address: nothing is looked up here.
 */
final class PinnedClient implements AutoCloseable {
    private static final String SENT = "gantry.sent";
    private static final String REUSABLE = "reusable";
    private static final int IO_THREADS = 2;
    private static final int MAX_HEADERS = 200;
    private static final int MAX_HEADER_LINE = 32 << 10;

    private final Duration connectTimeout;
    private final int maxConnections;
    private final @Nullable SSLContext tls;
    private @Nullable CloseableHttpAsyncClient client;

    PinnedClient(Duration connectTimeout, int maxConnections, @Nullable SSLContext tls) {
        this.connectTimeout = connectTimeout;
        this.maxConnections = maxConnections;
        this.tls = tls;
    }

    /** Made when it is first needed: its threads and classes would slow every start down. */
    private synchronized CloseableHttpAsyncClient client() {
        CloseableHttpAsyncClient made = client;
        if (made == null) {
            made = make();
            made.start();
            client = made;
        }
        return made;
    }

    private CloseableHttpAsyncClient make() {
        Timeout connect = Timeout.of(connectTimeout);
        return HttpAsyncClients.custom()
                .setConnectionManager(connections(connect, maxConnections, tls))
                .setIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(IO_THREADS).build())
                .setThreadFactory(Thread.ofPlatform().daemon().name("gantry-http-", 0).factory())
                .setHttp1Config(
                        Http1Config.custom()
                                .setMaxHeaderCount(MAX_HEADERS)
                                .setMaxLineLength(MAX_HEADER_LINE)
                                .build())
                .setH2Config(H2Config.custom().setPushEnabled(false).build())
                .setDefaultRequestConfig(
                        RequestConfig.custom()
                                .setConnectionRequestTimeout(connect)
                                .setProtocolUpgradeEnabled(false)
                                .build())
                .setUserAgent("Gantry")
                .setConnectionReuseStrategy((request, response, context) -> isReusable(context))
                .addExecInterceptorBefore(
                        ChainElement.MAIN_TRANSPORT.name(),
                        SENT,
                        (request, body, scope, chain, callback) -> {
                            if (scope.clientContext.getAttribute(SENT)
                                    instanceof AtomicBoolean sent) {
                                sent.set(true);
                            }
                            chain.proceed(request, body, scope, callback);
                        })
                // Each of these would send something that nobody asked for.
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .evictExpiredConnections()
                .evictIdleConnections(TimeValue.ofSeconds(15))
                .build();
    }

    private static PoolingAsyncClientConnectionManager connections(
            Timeout connect, int most, @Nullable SSLContext tls) {
        ClientTlsStrategyBuilder strategy = ClientTlsStrategyBuilder.create().useSystemProperties();
        if (tls != null) {
            strategy.setSslContext(tls);
        }
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setMaxConnTotal(most)
                .setMaxConnPerRoute(most)
                .setDnsResolver(NO_NAMES)
                .setTlsStrategy(strategy.buildAsync())
                .setDefaultTlsConfig(
                        TlsConfig.custom()
                                .setHandshakeTimeout(connect)
                                .setVersionPolicy(HttpVersionPolicy.NEGOTIATE)
                                .build())
                .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                                .setTimeToLive(TimeValue.ofMinutes(5))
                                .build())
                .build();
    }

    /** Nothing may be connected to that the egress policy has not seen. */
    private static final DnsResolver NO_NAMES =
            new DnsResolver() {
                @Override
                public InetAddress[] resolve(String host) throws UnknownHostException {
                    throw new UnknownHostException("unchecked: " + host);
                }

                @Override
                public String resolveCanonicalHostname(String host) throws UnknownHostException {
                    throw new UnknownHostException("unchecked: " + host);
                }
            };

    /**
     * A connection that was used before may be closed by the server at the moment of the next
     * request, and then nobody knows whether that was processed. Requests with effects get a
     * connection of their own, so that this doubt does not arise.
     */
    private static boolean isReusable(HttpContext context) {
        return REUSABLE.equals(HttpClientContext.castOrCreate(context).getUserToken());
    }

    /** Tries one address after the other until one takes the connection. */
    Answer exchange(
            HttpCall call,
            Destination to,
            List<InetAddress> addresses,
            Deadline deadline,
            long maxBytes)
            throws CallFailed, InterruptedException {
        CallFailed last = null;
        for (InetAddress address : addresses) {
            AtomicBoolean sent = new AtomicBoolean();
            try {
                return exchange(call, to, address, deadline, maxBytes, sent);
            } catch (CallFailed e) {
                if (sent.get() || deadline.isOver()) {
                    throw e;
                }
                last = e;
            }
        }
        throw last == null ? CallFailed.unreachable(to.host() + " has no address") : last;
    }

    private Answer exchange(
            HttpCall call,
            Destination to,
            InetAddress address,
            Deadline deadline,
            long maxBytes,
            AtomicBoolean sent)
            throws CallFailed, InterruptedException {
        HttpClientContext context = HttpClientContext.create();
        context.setUserToken(call.isSafe() ? REUSABLE : new Object());
        context.setAttribute(SENT, sent);
        AnswerReader reader = new AnswerReader(call, maxBytes);
        Future<Answer> answer =
                client().execute(
                                new HttpHost(to.scheme(), address, to.host(), to.port()),
                                request(call, to),
                                reader,
                                null,
                                context,
                                null);
        try {
            return answer.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw CallFailed.timeout(
                    "%s did not answer before the step's timeout".formatted(to.host()), sent.get());
        } catch (ExecutionException e) {
            return explain(to, maxBytes, reader, sent, e.getCause() == null ? e : e.getCause());
        } finally {
            // Ends the exchange if this thread no longer waits for it.
            answer.cancel(true);
        }
    }

    private static Answer explain(
            Destination to, long maxBytes, AnswerReader reader, AtomicBoolean sent, Throwable cause)
            throws CallFailed {
        if (reader.tooLarge()) {
            throw CallFailed.tooLarge(to.host(), maxBytes);
        }
        Answer head = reader.head();
        if (head != null && reader.isDropping()) {
            return head;
        }
        String what = cause.getClass().getSimpleName();
        if (!sent.get() || (cause instanceof SSLException && head == null)) {
            sent.set(false);
            throw CallFailed.unreachable(
                    "%s:%d can not be reached: %s".formatted(to.host(), to.port(), what));
        }
        throw CallFailed.unanswered(
                "%s:%d was sent the request and gave no whole answer: %s"
                        .formatted(to.host(), to.port(), what));
    }

    private static BasicRequestProducer request(HttpCall call, Destination to) {
        BasicHttpRequest request =
                new BasicHttpRequest(
                        call.method(),
                        to.scheme(),
                        new URIAuthority(to.host(), isDefaultPort(to) ? -1 : to.port()),
                        target(call.uri()));
        for (Map.Entry<String, String> header : call.headers().entrySet()) {
            request.addHeader(header.getKey(), header.getValue());
        }
        byte[] body = call.body();
        return new BasicRequestProducer(
                request, body == null ? null : new BasicAsyncEntityProducer(body, null));
    }

    /** As the server sees it. */
    static String target(URI uri) {
        String path =
                uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private static boolean isDefaultPort(Destination to) {
        return to.port() == (to.secure() ? 443 : 80);
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close(CloseMode.GRACEFUL);
        }
    }
}
