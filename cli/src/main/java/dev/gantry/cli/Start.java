package dev.gantry.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Answer;
import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.RefusedException;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.client.UnreachableException;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts an execution once, however often it has to ask: every start has an idempotency key, so a
 * start whose answer was lost is asked for again.
 */
final class Start {
    private static final int TRIES = 4;
    private static final long PAUSE_MILLIS = 250;

    private final Supplier<Api> api;
    private final Request request;

    Start(Supplier<Api> api, ObjectNode body, @Nullable String idempotencyKey) {
        this.api = api;
        this.request =
                Request.post("/v1/executions")
                        .json(body)
                        .header(
                                "Idempotency-Key",
                                idempotencyKey == null
                                        ? UUID.randomUUID().toString()
                                        : idempotencyKey);
    }

    Answer send() throws InterruptedException {
        for (int tried = 1; ; tried++) {
            try {
                return api.get().send(request);
            } catch (UnreachableException e) {
                boolean wasSent = !(e.getCause() instanceof java.net.ConnectException);
                if (!wasSent || tried == TRIES) {
                    throw e;
                }
            } catch (RefusedException e) {
                if (!e.isPassing() || tried == TRIES) {
                    throw e;
                }
            }
            Thread.sleep(PAUSE_MILLIS << tried);
        }
    }
}
