package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.problem.ProblemCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/** Problems for what Tomcat itself refuses, such as a request line that is no HTTP. */
public final class ProblemValve extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ProblemCode code = ProblemCode.ofStatus(status);
        String reason =
                code == ProblemCode.REQUEST_INVALID
                        ? "This is no HTTP request that can be read."
                        : Objects.requireNonNullElse(EdgeErrors.reason(code), code.title());
        String body =
                """
                {"type":"urn:gantry:problem:%s","title":"%s","status":%d,"code":"%s",\
                "detail":"%s"}\
                """
                        .formatted(code, code.title(), status, code, reason);
        try {
            response.setContentType("application/problem+json");
            response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            response.finishResponse();
        } catch (IOException | IllegalStateException _) {
            // The peer is gone, or has had an answer.
        }
    }
}
