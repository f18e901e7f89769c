package dev.gantry.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.BlobName;
import dev.gantry.spi.BlobStore;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** What S3 is asked to do about encryption, on one that remembers it. */
class EncryptionTest {
    private static final BlobName NAME = new BlobName("lambda", "acme", "018f-1", "step-1");

    @AutoClose private Buckets buckets;

    @BeforeEach
    void setUp() {
        buckets = Buckets.require(Buckets.ALL);
    }

    @ParameterizedTest
    @CsvSource({"AES256,", "aws:kms,", "aws:kms,my-key"})
    void asksForItWithEveryBlob(String sse, String key) throws Exception {
        String[] settings =
                key == null ? new String[] {"sse", sse} : new String[] {"sse", sse, "kms-key", key};
        try (BlobStore store = buckets.store(settings)) {
            for (int bytes : new int[] {1, Upload.PART_BYTES + 1}) {
                store.put(NAME, new ByteArrayInputStream(new byte[bytes]), bytes);

                assertThat(head().serverSideEncryptionAsString()).as(sse).isEqualTo(sse);
                assertThat(head().ssekmsKeyId()).as("key").isEqualTo(key);
                store.delete(NAME);
            }
            BlobStore.Link link = store.linkToWrite(NAME, Duration.ofMinutes(5));
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(link.uri())
                            .PUT(HttpRequest.BodyPublishers.ofString("hi"));
            link.headers().forEach(request::header);
            HttpClient.newHttpClient()
                    .send(request.build(), HttpResponse.BodyHandlers.discarding());

            assertThat(head().serverSideEncryptionAsString()).as("by a link").isEqualTo(sse);
        }
    }

    private HeadObjectResponse head() {
        return buckets.s3.headObject(it -> it.bucket(buckets.bucket).key("one/" + NAME));
    }
}
