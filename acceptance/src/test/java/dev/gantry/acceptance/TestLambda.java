package dev.gantry.acceptance;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A Lambda for tests, which signs nothing and so needs no client of AWS: {@code
 * GANTRY_TEST_AWS_ENDPOINT}.
 */
final class TestLambda {
    static final String REGION = "eu-central-1";
    private static final String ROLE_NAME = "gantry-one-word";
    static final String ROLE = "arn:aws:iam::123456789012:role/" + ROLE_NAME;
    private static final String TRUST =
            """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
             "Principal": {"Service": "lambda.amazonaws.com"}}]}
            """;

    private TestLambda() {}

    static @Nullable String endpoint() {
        return System.getenv("GANTRY_TEST_AWS_ENDPOINT");
    }

    /** The role of functions that Gantry deploys; it may be there already. */
    static void createRole() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            http.send(
                    HttpRequest.newBuilder(URI.create(endpoint() + "/"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .header(
                                    "Authorization",
                                    "AWS4-HMAC-SHA256 Credential=test/20260101/%s/iam/aws4_request, SignedHeaders=host, Signature=0"
                                            .formatted(REGION))
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            "Action=CreateRole&Version=2010-05-08&RoleName=%s&AssumeRolePolicyDocument=%s"
                                                    .formatted(
                                                            ROLE_NAME,
                                                            URLEncoder.encode(
                                                                    TRUST,
                                                                    StandardCharsets.UTF_8))))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }
    }
}
