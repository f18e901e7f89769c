package dev.gantry.orchestrator.problem;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes a problem where no controller does: in filters and at the container's edge. */
@Component
public final class Problems {
    private final JsonMapper mapper;

    Problems(JsonMapper mapper) {
        this.mapper = mapper;
    }

    public void write(HttpServletResponse response, Problem problem) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        byte[] body = mapper.writeValueAsBytes(problem);
        response.setStatus(problem.status());
        if (problem.status() == 503 || problem.status() == 429) {
            // What is away may be back any time, and a request that is refused costs nearly
            // nothing.
            response.setHeader("Retry-After", "1");
        }
        response.setContentType(Problem.MEDIA_TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
