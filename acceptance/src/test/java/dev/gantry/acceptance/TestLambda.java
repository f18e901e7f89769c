package dev.gantry.acceptance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A Lambda for tests, which signs nothing and so needs no client of AWS: {@code
 * GANTRY_TEST_AWS_ENDPOINT}.
 */
final class TestLambda {
    static final String REGION = "eu-central-1";
    private static final String ROLE = "gantry-one-word";
    private static final String TRUST =
            """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
             "Principal": {"Service": "lambda.amazonaws.com"}}]}
            """;

    private TestLambda() {}

    static @Nullable String endpoint() {
        return System.getenv("GANTRY_TEST_AWS_ENDPOINT");
    }

    /** A function of Python with this file as {@code script.py}, and its version 1. */
    static void deploy(String name, String source) throws IOException, InterruptedException {
        // It may be there already.
        send(
                "iam",
                "/",
                "application/x-www-form-urlencoded",
                "Action=CreateRole&Version=2010-05-08&RoleName=%s&AssumeRolePolicyDocument=%s"
                        .formatted(ROLE, URLEncoder.encode(TRUST, StandardCharsets.UTF_8)));
        ObjectNode function = Server.JSON.createObjectNode();
        function.put("FunctionName", name)
                .put("Runtime", "python3.13")
                .put("Role", "arn:aws:iam::123456789012:role/" + ROLE)
                .put("Handler", "script.handler")
                .put("Timeout", 30)
                .put("MemorySize", 128)
                .put("Publish", true);
        function.putObject("Code").put("ZipFile", zip(source));
        HttpResponse<String> answer =
                send("lambda", "/2015-03-31/functions", "application/json", function.toString());
        if (answer.statusCode() != 201
                || !"1".equals(Server.JSON.readTree(answer.body()).path("Version").asText())) {
            throw new IOException("deploying " + name + ": " + answer.body());
        }
    }

    private static byte[] zip(String source) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("script.py"));
            zip.write(source.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }

    private static HttpResponse<String> send(String service, String path, String type, String body)
            throws IOException, InterruptedException {
        String scope = "test/20260101/%s/%s/aws4_request".formatted(REGION, service);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(endpoint() + path))
                            .header("Content-Type", type)
                            .header(
                                    "Authorization",
                                    "AWS4-HMAC-SHA256 Credential=%s, SignedHeaders=host, Signature=0"
                                            .formatted(scope))
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
