package dev.gantry.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.async.MinimalHttpAsyncClient;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A process that loads a server over HTTP, without a thread for each request. It is told what to do
 * line by line on its standard input and answers there, both in JSON.
 */
public final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whoever has no answer by then gets none. */
    private static final Timeout PATIENCE = Timeout.ofSeconds(60);

    private final MinimalHttpAsyncClient http;

    /**
     * @param rate of requests in a second, whatever the answers do; 0 for as many as connections
     *     carry one after the other
     * @param acknowledged a file for the numbers of the requests that were; null for none
     */
    record Order(
            Request request,
            int connections,
            double rate,
            double seconds,
            @Nullable String acknowledged) {}

    private Client(MinimalHttpAsyncClient http) {
        this.http = http;
    }

    public static void main(String[] arguments) throws Exception {
        int most = Integer.parseInt(arguments[0]);
        try (MinimalHttpAsyncClient http =
                HttpAsyncClients.createMinimal(
                        H2Config.DEFAULT,
                        Http1Config.DEFAULT,
                        IOReactorConfig.custom().setIoThreadCount(1).setTcpNoDelay(true).build(),
                        PoolingAsyncClientConnectionManagerBuilder.create()
                                .setMaxConnPerRoute(most)
                                .setMaxConnTotal(most)
                                .setDefaultConnectionConfig(
                                        ConnectionConfig.custom()
                                                .setConnectTimeout(PATIENCE)
                                                .setSocketTimeout(PATIENCE)
                                                .build())
                                .build())) {
            http.start();
            Client client = new Client(http);
            BufferedReader orders =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                client.obey(JSON.readValue(line, Order.class));
            }
        }
    }

    private void obey(Order order) throws Exception {
        Tally tally = new Tally();
        double cpu = cpu();
        long began = System.nanoTime();
        Semaphore free = new Semaphore(order.connections());
        if (order.rate() > 0) {
            arrive(order, began, free, tally);
            System.out.println(JSON.createObjectNode().put("sent", tally.sent()));
        } else {
            callInTurn(order, began, free, tally);
        }
        free.acquire(order.connections());
        ObjectNode told = tally.told(JSON, order.seconds());
        told.put("cpuSeconds", cpu() - cpu);
        if (order.acknowledged() != null) {
            Files.writeString(Path.of(order.acknowledged()), tally.acknowledged());
        }
        System.out.println(told);
    }

    private static double cpu() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(duration -> duration.toMillis())
                        .orElse(0L)
                / 1e3;
    }

    /** Requests at their times; one for which there is no connection is not sent, and counted. */
    private void arrive(Order order, long began, Semaphore free, Tally tally) {
        long total = (long) (order.rate() * order.seconds());
        for (long n = 0; n < total; n++) {
            long due = began + (long) (n * 1e9 / order.rate());
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            if (free.tryAcquire()) {
                send(order.request(), n, due, began, tally, free::release);
            } else {
                tally.unsent();
            }
        }
    }

    private void callInTurn(Order order, long began, Semaphore free, Tally tally) {
        AtomicLong next = new AtomicLong();
        long end = began + (long) (order.seconds() * 1e9);
        for (int i = 0; i < order.connections(); i++) {
            free.acquireUninterruptibly();
            call(order.request(), next, began, end, free, tally);
        }
        long left = end - System.nanoTime();
        if (left > 0) {
            LockSupport.parkNanos(left);
        }
    }

    private void call(
            Request request, AtomicLong next, long began, long end, Semaphore free, Tally tally) {
        long now = System.nanoTime();
        if (now >= end) {
            free.release();
            return;
        }
        send(
                request,
                next.getAndIncrement(),
                now,
                began,
                tally,
                () -> call(request, next, began, end, free, tally));
    }

    private void send(
            Request request, long n, long due, long began, Tally tally, Runnable afterwards) {
        long sent = System.nanoTime();
        tally.sent(sent - due);
        // The callback has all that the future would tell.
        Future<SimpleHttpResponse> _ =
                http.execute(
                        request(request, n, due),
                        new FutureCallback<SimpleHttpResponse>() {
                            @Override
                            public void completed(SimpleHttpResponse response) {
                                long now = System.nanoTime();
                                tally.answered(n, response, now - due, now - sent, now - began);
                                afterwards.run();
                            }

                            @Override
                            public void failed(Exception failure) {
                                tally.failed(failure);
                                afterwards.run();
                            }

                            @Override
                            public void cancelled() {
                                failed(new InterruptedException("cancelled"));
                            }
                        });
    }

    private static SimpleHttpRequest request(Request request, long n, long due) {
        SimpleRequestBuilder builder =
                SimpleRequestBuilder.create(request.method())
                        .setUri(
                                request.url()
                                        + request.paths().get((int) (n % request.paths().size())));
        request.headers().forEach(builder::setHeader);
        if (request.body() != null) {
            builder.setBody(
                    request.body()
                            .replace("{n}", Long.toString(n))
                            .replace("{due}", Long.toString(due)),
                    ContentType.APPLICATION_JSON);
        }
        SimpleHttpRequest built = builder.build();
        built.setConfig(RequestConfig.custom().setResponseTimeout(PATIENCE).build());
        return built;
    }
}
