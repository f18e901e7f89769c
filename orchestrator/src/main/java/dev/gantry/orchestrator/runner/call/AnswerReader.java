package dev.gantry.orchestrator.runner.call;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes an answer in, and stops it when it gets too large. It does not look at the content type:
 * one that makes no sense is no reason to lose an answer that came.
 */
final class AnswerReader implements AsyncResponseConsumer<Answer> {
    /** Of a body that nobody will look at; then the connection is worth less than the bytes. */
    private static final long MOST_DROPPED = 64 << 10;

    private final HttpCall call;
    private final long maxBytes;
    private byte[] body = new byte[0];
    private int length;
    private long dropped;
    private volatile @Nullable Answer head;
    private volatile @Nullable FutureCallback<Answer> done;
    private volatile boolean tooLarge;

    AnswerReader(HttpCall call, long maxBytes) {
        this.call = call;
        this.maxBytes = Math.min(maxBytes, Integer.MAX_VALUE - 8);
    }

    /** The answer without its body, once that much has come. */
    @Nullable Answer head() {
        return head;
    }

    boolean tooLarge() {
        return tooLarge;
    }

    /** Whether the body of this answer is of no use, so that its loss is no failure. */
    boolean isDropping() {
        Answer answer = head;
        return answer != null && !call.accepts(answer.status());
    }

    @Override
    public void consumeResponse(
            HttpResponse response,
            @Nullable EntityDetails entity,
            HttpContext context,
            FutureCallback<Answer> callback) {
        done = callback;
        Map<String, String> headers = new TreeMap<>();
        for (Header header : response.getHeaders()) {
            String value = header.getValue() == null ? "" : header.getValue();
            headers.merge(
                    header.getName().toLowerCase(Locale.ROOT),
                    value,
                    (one, two) -> one + ", " + two);
        }
        head = new Answer(response.getCode(), headers, body);
        if (entity == null) {
            streamEnd(null);
        }
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer bytes) throws IOException {
        int more = bytes.remaining();
        if (isDropping()) {
            dropped += more;
            bytes.position(bytes.limit());
            if (dropped > MOST_DROPPED) {
                throw new IOException("the rest of the body is not looked at");
            }
            return;
        }
        if ((long) length + more > maxBytes) {
            tooLarge = true;
            throw new IOException("the body is too large");
        }
        if (length + more > body.length) {
            long wanted = Math.max(Math.max(2L * body.length, 8192), (long) length + more);
            body = Arrays.copyOf(body, (int) Math.min(wanted, maxBytes));
        }
        bytes.get(body, length, more);
        length += more;
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        Answer answer = Objects.requireNonNull(head);
        Objects.requireNonNull(done)
                .completed(
                        new Answer(answer.status(), answer.headers(), Arrays.copyOf(body, length)));
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {}

    @Override
    public void failed(Exception cause) {}

    @Override
    public void releaseResources() {}
}
