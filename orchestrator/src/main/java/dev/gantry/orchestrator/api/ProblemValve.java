package dev.gantry.orchestrator.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        String code = status < 500 ? "REQUEST_INVALID" : "INTERNAL";
        String title = status < 500 ? "The request is invalid" : "Gantry failed";
        String body =
                """
                {"type":"urn:gantry:problem:%s","title":"%s","status":%d,"code":"%s",\
                "detail":"%s"}\
                """
                        .formatted(
                                code,
                                title,
                                status,
                                code,
                                status < 500 ? "This is no HTTP request that can be read." : title);
        try {
            response.setContentType("application/problem+json");
            response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            response.finishResponse();
        } catch (IOException | IllegalStateException _) {
            // The peer is gone, or has had an answer.
        }
    }
}
