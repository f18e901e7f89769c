package dev.gantry.orchestrator.api;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the time by which a request's body has to be there, whoever reads it. What is left unread of
 * it is read here until then, since a connection that is cut under a client that still sends can
 * cost it the answer; then the connection is closed.
 */
final class BodyEnd extends ValveBase {
    private static final Logger LOG = LoggerFactory.getLogger(BodyEnd.class);
    private static final String DEADLINE = BodyEnd.class.getName() + ".deadline";
    private static final int MOST_UNREAD = 2 << 20;
    private final Duration most;

    BodyEnd(Duration most) {
        super(true);
        this.most = most;
    }

    /** Whether the body has taken too long by now. */
    static boolean isLate(ServletRequest request) {
        return request.getAttribute(DEADLINE) instanceof Long deadline
                && System.nanoTime() - deadline > 0;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        boolean hasBody =
                request.getContentLengthLong() > 0
                        || request.getHeader("Transfer-Encoding") != null;
        if (!hasBody) {
            getNext().invoke(request, response);
            return;
        }
        request.setAttribute(DEADLINE, System.nanoTime() + most.toNanos());
        getNext().invoke(request, response);
        org.apache.coyote.Request body = request.getCoyoteRequest();
        try {
            if (body.isFinished()) {
                return;
            }
            response.finishResponse();
            Unread unread = new Unread();
            int left = MOST_UNREAD;
            while (left > 0 && !isLate(request)) {
                int got = body.doRead(unread);
                if (got < 0) {
                    return;
                }
                left -= got;
            }
        } catch (IOException e) {
            LOG.debug("a body was not read to its end", e);
        }
        body.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }

    /** Takes the parts of a body that nobody wants. */
    private static final class Unread implements ApplicationBufferHandler {
        private ByteBuffer part = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            part = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return part;
        }

        @Override
        public void expand(int size) {
            // A part is as large as it comes.
        }
    }
}
