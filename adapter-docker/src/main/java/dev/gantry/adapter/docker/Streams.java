package dev.gantry.adapter.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;

/**
 * The engine's streams, read on the caller's thread. docker-java's own callbacks hold a platform
 * thread for each stream as long as it lasts; here a virtual thread waits.
 */
final class Streams {
    private static final int OK = 200;
    private static final int PIECE = 64 * 1024;

    private final DockerHttpClient http;

    Streams(DockerHttpClient http) {
        this.http = http;
    }

    interface Taker {
        /**
         * @param stdout whether the bytes are of standard output, else of standard error
         */
        void take(boolean stdout, byte[] bytes) throws IOException;
    }

    /**
     * Reads a container's log from its beginning; with {@code follow}, until the container ends.
     */
    void logs(String container, boolean follow, Taker taker) throws IOException {
        DockerHttpClient.Request request =
                DockerHttpClient.Request.builder()
                        .method(DockerHttpClient.Request.Method.GET)
                        .path(
                                "/containers/%s/logs?stdout=1&stderr=1&follow=%d"
                                        .formatted(container, follow ? 1 : 0))
                        .build();
        try (DockerHttpClient.Response response = http.execute(request)) {
            if (response.getStatusCode() != OK) {
                throw new IOException(
                        "the engine answered %d for the log".formatted(response.getStatusCode()));
            }
            frames(new DataInputStream(response.getBody()), taker);
        } catch (RuntimeException e) {
            throw new IOException("the log stream broke: " + e.getMessage(), e);
        }
    }

    private static void frames(DataInputStream in, Taker taker) throws IOException {
        while (true) {
            int stream = in.read();
            if (stream < 0) {
                return;
            }
            in.skipNBytes(3);
            int left = in.readInt();
            while (left > 0) {
                byte[] bytes = in.readNBytes(Math.min(left, PIECE));
                if (bytes.length == 0) {
                    throw new EOFException("the log stream ended within a frame");
                }
                taker.take(stream != 2, bytes);
                left -= bytes.length;
            }
        }
    }

    void close() throws IOException {
        http.close();
    }
}
