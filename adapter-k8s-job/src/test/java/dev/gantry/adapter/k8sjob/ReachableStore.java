package dev.gantry.adapter.k8sjob;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.provider.aws.S3Provider;
import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobStore;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket of one's own in a real S3, at an address that pods reach. */
final class ReachableStore implements AutoCloseable {
    private static final String ENDPOINT = "GANTRY_TEST_S3_ENDPOINT";
    private static final String REQUIRED = "GANTRY_REQUIRE_AWS";
    private static final String REGION = "eu-central-1";

    final BlobStore blobs;
    private final String bucket = "gantry-" + UUID.randomUUID();
    private final S3Client s3;
    private final ServerSocket server;
    private final URI target;

    private ReachableStore(URI target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, address());
        Thread.ofVirtual().start(this::accept);
        URI endpoint =
                URI.create(
                        "http://%s:%d"
                                .formatted(
                                        server.getInetAddress().getHostAddress(),
                                        server.getLocalPort()));
        this.s3 =
                S3Client.builder()
                        .endpointOverride(endpoint)
                        .forcePathStyle(true)
                        .region(Region.of(REGION))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("test", "test")))
                        .build();
        s3.createBucket(it -> it.bucket(bucket));
        this.blobs =
                new S3Provider()
                        .create(
                                "test",
                                Map.of(
                                        "bucket",
                                        bucket,
                                        "region",
                                        REGION,
                                        "endpoint",
                                        endpoint.toString(),
                                        "path-style",
                                        "true"));
    }

    static ReachableStore require() throws IOException {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        String endpoint = System.getenv(ENDPOINT);
        if (endpoint == null || endpoint.isBlank()) {
            if ("true".equals(System.getenv(REQUIRED))) {
                throw new IllegalStateException(
                        "no S3 for tests: set %s to its endpoint".formatted(ENDPOINT));
            }
            assumeTrue(false, "left out: " + ENDPOINT + " names no S3 for tests");
        }
        return new ReachableStore(URI.create(String.valueOf(endpoint)));
    }

    /** Of this machine, for others. */
    private static InetAddress address() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(it -> it instanceof Inet4Address && !it.isLoopbackAddress())
                .findFirst()
                .orElseThrow(() -> new IOException("this machine has no address for pods"));
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket service = new Socket(target.getHost(), target.getPort());
                Thread.ofVirtual().start(() -> copy(client, service));
                Thread.ofVirtual().start(() -> copy(service, client));
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has gone, and so goes the other.
        }
    }

    List<String> names() throws BlobException {
        return blobs.list("k8s-job", null, 1_000).blobs().stream()
                .map(it -> it.name().toString())
                .toList();
    }

    @Override
    public void close() throws IOException {
        s3.listObjectsV2(it -> it.bucket(bucket))
                .contents()
                .forEach(one -> s3.deleteObject(it -> it.bucket(bucket).key(one.key())));
        s3.deleteBucket(it -> it.bucket(bucket));
        s3.close();
        blobs.close();
        server.close();
    }
}
