package dev.gantry.adapter.lambda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.provider.aws.S3Provider;
import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.BlobStore;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket of one's own in a real S3. */
final class Store implements AutoCloseable {
    static final String ENDPOINT = "GANTRY_TEST_S3_ENDPOINT";

    final String endpoint;
    final BlobStore blobs;
    private final String bucket = "gantry-" + UUID.randomUUID();
    private final S3Client s3;

    private Store(String endpoint) {
        this.endpoint = endpoint;
        this.s3 =
                S3Client.builder()
                        .endpointOverride(URI.create(endpoint))
                        .forcePathStyle(true)
                        .region(Region.of(Aws.REGION))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("test", "test")))
                        .build();
        s3.createBucket(it -> it.bucket(bucket));
        this.blobs = of("test");
    }

    /** As an installation has it. */
    BlobStore of(String installation) {
        return new S3Provider()
                .create(
                        installation,
                        Map.of(
                                "bucket",
                                bucket,
                                "region",
                                Aws.REGION,
                                "endpoint",
                                endpoint,
                                "path-style",
                                "true"));
    }

    static Store require() {
        Aws.giveCredentials();
        String endpoint = System.getenv(ENDPOINT);
        if (endpoint == null || endpoint.isBlank()) {
            if ("true".equals(System.getenv(Aws.REQUIRED))) {
                throw new IllegalStateException(
                        "no S3 for tests: set %s to its endpoint".formatted(ENDPOINT));
            }
            assumeTrue(false, "left out: " + ENDPOINT + " names no S3 for tests");
        }
        return new Store(String.valueOf(endpoint));
    }

    List<BlobName> names() throws BlobException {
        return blobs.list("lambda", null, 1_000).blobs().stream()
                .map(BlobStore.Listed::name)
                .toList();
    }

    @Override
    public void close() {
        s3.listObjectsV2(it -> it.bucket(bucket))
                .contents()
                .forEach(one -> s3.deleteObject(it -> it.bucket(bucket).key(one.key())));
        s3.deleteBucket(it -> it.bucket(bucket));
        s3.close();
        blobs.close();
    }
}
