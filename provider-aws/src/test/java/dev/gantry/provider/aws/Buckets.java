package dev.gantry.provider.aws;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket of one's own, seen without the store. */
final class Buckets implements AutoCloseable {
    static final String REQUIRED = "GANTRY_REQUIRE_AWS";

    /** Of S3 that keeps bytes and checks signatures. */
    static final String S3 = "GANTRY_TEST_S3_ENDPOINT";

    /** Of one that remembers how it was asked to encrypt. */
    static final String ALL = "GANTRY_TEST_AWS_ENDPOINT";

    private static final String REGION = "eu-central-1";

    final S3Client s3;
    final String bucket = "gantry-" + UUID.randomUUID();
    private final String endpoint;

    private Buckets(String endpoint) {
        this.endpoint = endpoint;
        this.s3 =
                S3Client.builder()
                        .endpointOverride(URI.create(endpoint))
                        .forcePathStyle(true)
                        .region(Region.of(REGION))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("test", "test")))
                        .build();
        s3.createBucket(it -> it.bucket(bucket));
    }

    /** Skips the test where there is no such service, unless it is required. */
    static Buckets require(String variable) {
        // What the store finds by its usual chain.
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        String endpoint = System.getenv(variable);
        if (endpoint == null || endpoint.isBlank()) {
            if ("true".equals(System.getenv(REQUIRED))) {
                throw new IllegalStateException(
                        "no S3 for tests: set %s to its endpoint".formatted(variable));
            }
            assumeTrue(false, "left out: " + variable + " names no S3 for tests");
        }
        return new Buckets(String.valueOf(endpoint));
    }

    S3Store store(String... settings) {
        return storeOf("one", settings);
    }

    S3Store storeOf(String installation, String... settings) {
        Map<String, String> all = new HashMap<>();
        all.put("bucket", bucket);
        all.put("region", REGION);
        all.put("endpoint", endpoint);
        all.put("path-style", "true");
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new S3Store(installation, S3Settings.of(all));
    }

    @Override
    public void close() {
        s3.listObjectsV2(it -> it.bucket(bucket))
                .contents()
                .forEach(one -> s3.deleteObject(it -> it.bucket(bucket).key(one.key())));
        s3.deleteBucket(it -> it.bucket(bucket));
        s3.close();
    }
}
