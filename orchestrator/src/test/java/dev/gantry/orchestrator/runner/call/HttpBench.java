package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.orchestrator.runner.SampleAttempts;
import dev.gantry.orchestrator.runner.egress.EgressPolicy;
import dev.gantry.orchestrator.runner.egress.EgressSettings;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.ProvisionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An http adapter with names of its own, and a short way to call through it. */
final class HttpBench implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Host → addresses, asked anew for each request. */
    final Map<String, Supplier<List<String>>> names = new ConcurrentHashMap<>();

    final CallAdapter adapter;
    private final Exchange.Means means;

    HttpBench(List<String> allow, @Nullable SSLContext tls) {
        HttpSettings settings =
                new HttpSettings(true, Duration.ofSeconds(1), 64, 3, "X-Correlation-Id", null);
        NameLookup lookup =
                (host, limit) -> {
                    Supplier<List<String>> addresses = names.get(host);
                    if (addresses == null) {
                        throw new UnknownHostException("the name is unknown");
                    }
                    return addresses.get().stream().map(InetAddress::ofLiteral).toList();
                };
        this.means =
                new Exchange.Means(
                        settings,
                        new EgressPolicy(new EgressSettings(allow, false, List.of()), false),
                        lookup,
                        new PinnedClient(settings.connectTimeout(), 64, tls),
                        new OpenApiDocuments(),
                        new Tokens(),
                        new Protos());
        this.adapter = new CallAdapter(means);
    }

    HttpFetch fetch() {
        return new HttpFetch(means);
    }

    static HttpBench openToThisMachine() {
        return new HttpBench(List.of("127.0.0.0/8", "::1"), null);
    }

    void name(String host, String... addresses) {
        names.put(host, () -> List.of(addresses));
    }

    CompletableFuture<Outcome> begin(Attempt attempt) {
        try {
            return adapter.run(adapter.provision(attempt), attempt, SampleAttempts.NOTHING);
        } catch (ProvisionException e) {
            throw new AssertionError(e);
        }
    }

    Outcome call(Attempt attempt) {
        return begin(attempt).orTimeout(20, TimeUnit.SECONDS).join();
    }

    Outcome call(String request) {
        return call(SampleAttempts.of(request));
    }

    Outcome call(String request, Limits limits) {
        return call(SampleAttempts.of(request, limits, null));
    }

    JsonNode output(String request) {
        try {
            return JSON.readTree(text(request));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The output as it was written. */
    String text(String request) {
        Outcome outcome = call(request);
        if (outcome instanceof Outcome.Succeeded succeeded) {
            return new String(succeeded.output(), StandardCharsets.UTF_8);
        }
        throw new AssertionError(outcome.toString());
    }

    Failure failure(String request) {
        return failure(call(request));
    }

    static Failure failure(Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            return failed.failure();
        }
        throw new AssertionError("no failure but " + outcome);
    }

    static Limits within(Duration timeout) {
        return Limits.defaults().withTimeout(timeout);
    }

    static Limits outputOf(long bytes) {
        return new Limits(null, null, Duration.ofSeconds(10), bytes, 0, 0);
    }

    @Override
    public void close() {
        adapter.close();
    }
}
