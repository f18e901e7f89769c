package dev.gantry.adapter.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The engine's streams, read on the caller's thread. docker-java's own callbacks hold a platform
 * thread for each stream as long as it lasts; here a virtual thread waits.
 */
final class Streams {
    private static final int OK = 200;

    private final DockerHttpClient http;

    Streams(DockerHttpClient http) {
        this.http = http;
    }

    /** Reads a container's log entry by entry; {@link LogLines} knows what they mean. */
    void logs(String container, String query, Attachment.Taker taker) throws IOException {
        get(
                // Without times the engine leaves out empty entries, which may be a line's end.
                "/containers/%s/logs?stdout=1&stderr=1&timestamps=1%s".formatted(container, query),
                in ->
                        Attachment.frames(
                                in, (stream, entry) -> taker.take(stream, withoutTime(entry))));
    }

    private static byte[] withoutTime(byte[] entry) throws IOException {
        for (int i = 0; i < entry.length; i++) {
            if (entry[i] == ' ') {
                return Arrays.copyOfRange(entry, i + 1, entry.length);
            }
        }
        throw new IOException("an entry of the log has no time");
    }

    interface Reading {
        void read(InputStream in) throws IOException;
    }

    void get(String path, Reading reading) throws IOException {
        Request request = Request.builder().method(Request.Method.GET).path(path).build();
        try (DockerHttpClient.Response response = http.execute(request)) {
            if (response.getStatusCode() != OK) {
                throw new IOException(
                        "the engine answered %d for %s".formatted(response.getStatusCode(), path));
            }
            reading.read(response.getBody());
        } catch (RuntimeException e) {
            throw new IOException("the engine's stream broke: " + e.getMessage(), e);
        }
    }

    void close() throws IOException {
        http.close();
    }
}
