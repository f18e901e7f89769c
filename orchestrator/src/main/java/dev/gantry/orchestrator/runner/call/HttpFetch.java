package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.runner.ResourceFetch;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A call like that of a step, for what a document refers to. */
final class HttpFetch implements ResourceFetch {
    private static final int MOST_BYTES = 256 << 10;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Exchange.Means means;

    HttpFetch(Exchange.Means means) {
        this.means = means;
    }

    @Override
    public byte[] get(String tenant, URI uri, @Nullable JsonNode authentication)
            throws IOException {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("method", "GET");
        request.put("endpoint", uri.toString());
        request.put("output", "raw");
        request.put("redirect", true);
        if (authentication != null) {
            request.set("authentication", authentication);
        }
        Attempt attempt =
                new Attempt(
                        new StepContext(
                                "publish", tenant, "publish", 0, "", "", 1, "", "publish",
                                "publish", null),
                        "publish",
                        RuntimeClass.CALL,
                        new Workload.Call("http"),
                        request.toString().getBytes(StandardCharsets.UTF_8),
                        // As base64 in JSON it is longer.
                        new Limits(null, null, LIMIT, MOST_BYTES * 2L, 0, 0));
        Exchange exchange = new Exchange(means, attempt);
        exchange.run();
        return switch (exchange.outcome().join()) {
            case Outcome.Succeeded succeeded -> body(uri, succeeded.output());
            case Outcome.Failed failed -> throw new IOException(failed.failure().message());
            case Outcome.Cancelled _ -> throw new IOException("it was cancelled");
        };
    }

    private static byte[] body(URI uri, byte[] output) throws IOException {
        byte[] body = Json.read(output).binaryValue();
        if (body == null || body.length > MOST_BYTES) {
            throw new IOException("%s has more than %d bytes".formatted(uri.getHost(), MOST_BYTES));
        }
        return body;
    }
}
