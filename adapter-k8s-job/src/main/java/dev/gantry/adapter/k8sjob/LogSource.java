package dev.gantry.adapter.k8sjob;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Where a pod's log is read: lines, each behind the time at which it was written. */
interface LogSource {
    /**
     * @param since the time of the first line, by whole seconds; null for the beginning
     * @param follow whether it goes on until the container has ended
     */
    InputStream open(@Nullable String since, boolean follow) throws IOException;

    static LogSource of(KubernetesClient client, Pod pod) {
        String path =
                "%sapi/v1/namespaces/%s/pods/%s/log?container=%s&timestamps=true"
                        .formatted(
                                client.getMasterUrl(),
                                pod.getMetadata().getNamespace(),
                                pod.getMetadata().getName(),
                                Names.CONTAINER);
        return (since, follow) ->
                get(
                        client,
                        path
                                + (follow ? "&follow=true" : "")
                                + (since == null
                                        ? ""
                                        : "&sinceTime="
                                                + URLEncoder.encode(
                                                        since, StandardCharsets.UTF_8)));
    }

    private static InputStream get(KubernetesClient client, String url) throws IOException {
        HttpRequest request =
                client.getHttpClient().newHttpRequestBuilder().uri(url).forStreaming().build();
        CompletableFuture<HttpResponse<InputStream>> answer =
                client.getHttpClient().sendAsync(request, InputStream.class);
        try {
            HttpResponse<InputStream> response = answer.get();
            if (response.isSuccessful()) {
                return response.body();
            }
            try (InputStream body = response.body()) {
                throw new IOException(
                        "the API server answered %d: %s"
                                .formatted(
                                        response.code(),
                                        new String(
                                                body.readNBytes(1_000), StandardCharsets.UTF_8)));
            }
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw new IOException(Failures.reason(e), e);
        }
    }
}
