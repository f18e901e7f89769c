package dev.gantry.adapter.k8sjob;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks again when the API server says so, if it asks for a slower pace: the client reads its {@code
 * Retry-After}, and comes back sooner.
 */
final class Pace implements Interceptor {
    static final String NAME = "gantry-pace";

    /** Less than what the client waits for an answer. */
    private static final long LONGEST_SECONDS = 15;

    private final Executor threads;

    Pace(Executor threads) {
        this.threads = threads;
    }

    @Override
    public CompletableFuture<Boolean> afterFailure(
            BasicBuilder request, HttpResponse<?> response, RequestTags tags) {
        long seconds = seconds(response.header("Retry-After"));
        return response.code() == Failures.TOO_MANY && seconds > 0
                ? CompletableFuture.supplyAsync(
                        () -> true,
                        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS, threads))
                : CompletableFuture.completedFuture(false);
    }

    private static long seconds(@Nullable String retryAfter) {
        try {
            return retryAfter == null
                    ? 0
                    : Math.min(LONGEST_SECONDS, Long.parseLong(retryAfter.strip()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
