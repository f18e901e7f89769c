package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Problems;
import dev.gantry.orchestrator.problem.Refusal;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Map;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses bodies that are too large, by their stated length or while they are read, or too slow.
 */
final class BodyLimit extends OncePerRequestFilter {
    private static final String DEFINITIONS = "/v1/definitions";
    private final DataSize body;
    private final DataSize document;
    private final Problems problems;

    BodyLimit(ApiSettings settings, Problems problems) {
        this.body = settings.maxBody();
        this.document = settings.maxDocument();
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long length = request.getContentLengthLong();
        boolean chunked = length < 0 && request.getHeader("Transfer-Encoding") != null;
        if ((length <= 0 && !chunked) || !request.getMethod().equals("POST")) {
            chain.doFilter(request, response);
            return;
        }
        DataSize most = request.getRequestURI().startsWith(DEFINITIONS) ? document : body;
        if (length > most.toBytes()) {
            problems.write(response, tooLarge(most).problem());
        } else {
            chain.doFilter(new Counted(request, most), response);
        }
    }

    private static Refusal tooLarge(DataSize most) {
        return new Refusal(
                ProblemCode.BODY_TOO_LARGE,
                "The body has more than %d bytes, which is the limit here."
                        .formatted(most.toBytes()),
                Map.of("limit", most.toBytes()));
    }

    private static final class Counted extends HttpServletRequestWrapper {
        private final DataSize most;

        Counted(HttpServletRequest request, DataSize most) {
            super(request);
            this.most = most;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new CountedStream(super.getInputStream(), most, getRequest());
        }

        @Override
        public BufferedReader getReader() {
            throw new IllegalStateException("bodies are read as bytes");
        }
    }

    private static final class CountedStream extends ServletInputStream {
        private final ServletInputStream in;
        private final DataSize most;
        private final ServletRequest request;
        private long read;

        CountedStream(ServletInputStream in, DataSize most, ServletRequest request) {
            this.in = in;
            this.most = most;
            this.request = request;
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int got = in.read(bytes, from, length);
            count(Math.max(got, 0));
            return got;
        }

        private void count(int more) {
            read += more;
            if (read > most.toBytes()) {
                throw tooLarge(most);
            }
            if (more > 0 && BodyEnd.isLate(request)) {
                throw new Refusal(
                        ProblemCode.REQUEST_TIMEOUT, "The body did not come to its end in time.");
            }
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
