package dev.gantry.orchestrator.runner.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Takes an answer in, and stops it when it gets too large. */
final class AnswerReader extends AbstractBinResponseConsumer<Answer> {
    /** Of a body that nobody will look at; then the connection is worth less than the bytes. */
    private static final long MOST_DROPPED = 64 << 10;

    private final HttpCall call;
    private final long maxBytes;
    private byte[] body = new byte[0];
    private int length;
    private long dropped;
    private volatile @Nullable Answer head;
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
    protected void start(HttpResponse response, @Nullable ContentType type) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (Header header : response.getHeaders()) {
            String value = header.getValue() == null ? "" : header.getValue();
            headers.merge(
                    header.getName().toLowerCase(Locale.ROOT),
                    value,
                    (one, two) -> one + ", " + two);
        }
        head = new Answer(response.getCode(), headers, body);
    }

    @Override
    protected int capacityIncrement() {
        return Integer.MAX_VALUE;
    }

    @Override
    protected void data(ByteBuffer bytes, boolean last) throws IOException {
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
    protected Answer buildResult() {
        Answer answer = java.util.Objects.requireNonNull(head);
        return new Answer(answer.status(), answer.headers(), Arrays.copyOf(body, length));
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {}

    @Override
    public void failed(Exception cause) {}

    @Override
    public void releaseResources() {}
}
