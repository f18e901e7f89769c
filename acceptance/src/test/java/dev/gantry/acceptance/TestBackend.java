package dev.gantry.acceptance;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The backends that one function can run on, by the word that chooses them in a document. */
enum TestBackend {
    LOCAL_MOCK("local-mock"),
    DOCKER("docker"),
    K8S_JOB("k8s-job"),
    LAMBDA("lambda");

    final String word;

    TestBackend(String word) {
        this.word = word;
    }

    /** Whether it is there; where the environment requires it, it must be. */
    boolean isThere() throws IOException {
        return switch (this) {
            case LOCAL_MOCK -> true;
            case DOCKER -> TestDocker.isThere();
            case K8S_JOB -> isGiven(kubeconfig(), "GANTRY_REQUIRE_KUBERNETES");
            case LAMBDA -> isGiven(TestLambda.endpoint(), "GANTRY_REQUIRE_AWS");
        };
    }

    private static boolean isGiven(@Nullable String place, String required) {
        if (place == null && "true".equals(System.getenv(required))) {
            throw new IllegalStateException(required + " is set, and there is no such backend");
        }
        return place != null;
    }

    private static @Nullable String kubeconfig() {
        return System.getProperty("gantry.kubeconfig", System.getenv("GANTRY_TEST_KUBECONFIG"));
    }

    /** What a server is told so that it can use it. */
    List<String> options() {
        return switch (this) {
            case LOCAL_MOCK, DOCKER -> List.of();
            case K8S_JOB ->
                    List.of(
                            "--gantry.adapters.k8s-job.kubeconfig=" + kubeconfig(),
                            "--gantry.adapters.k8s-job.namespace=default");
            case LAMBDA ->
                    List.of(
                            "--gantry.adapters.lambda.region=" + TestLambda.REGION,
                            "--gantry.adapters.lambda.endpoint=" + TestLambda.endpoint(),
                            "--gantry.adapters.lambda.deploy-role=" + TestLambda.ROLE);
        };
    }
}
