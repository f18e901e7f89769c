package dev.gantry.provider.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blobs in a bucket of a real server. */
class S3StoreTest {
    private static final BlobName NAME = name("step-1");
    private static final long MOST = 1L << 30;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @AutoClose private Buckets buckets;
    @AutoClose private BlobStore store;

    @BeforeEach
    void setUp() {
        buckets = Buckets.require(Buckets.S3);
        store = buckets.store("prefix", "gantry/");
    }

    private static BlobName name(String path) {
        return new BlobName("lambda", "acme", "018f-1", path);
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private String read(BlobName name, long from, long bytes) throws Exception {
        try (InputStream content = store.read(name, from, bytes)) {
            return new String(content.readAllBytes(), UTF_8);
        }
    }

    private List<String> keys() {
        return buckets.s3.listObjectsV2(it -> it.bucket(buckets.bucket)).contents().stream()
                .map(it -> it.key())
                .toList();
    }

    @Test
    void keepsWhatItIsGivenUnderANameThatSaysWhoseItIs() throws Exception {
        BlobStore.Stored stored = store.put(NAME, text("hello"), MOST);

        assertThat(stored.bytes()).isEqualTo(5);
        assertThat(stored.sha256())
                .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assertThat(read(NAME, 0, MOST)).isEqualTo("hello");
        assertThat(keys()).containsExactly("gantry/one/lambda/acme/018f-1/step-1");
        assertThat(store.address(NAME))
                .hasToString("s3://" + buckets.bucket + "/gantry/one/lambda/acme/018f-1/step-1");
    }

    @Test
    void replacesWhatHasTheName() throws Exception {
        store.put(NAME, text("one"), MOST);
        store.put(NAME, text("two"), MOST);

        assertThat(read(NAME, 0, MOST)).isEqualTo("two");
        assertThat(keys()).hasSize(1);
    }

    @Test
    void givesANameToOneOfManyWhoClaimIt() throws Exception {
        List<Future<Boolean>> claims = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                byte[] content = ("claim " + i).getBytes(UTF_8);
                claims.add(threads.submit(() -> store.claim(NAME, content)));
            }
        }

        List<Integer> won = new ArrayList<>();
        for (int i = 0; i < claims.size(); i++) {
            if (claims.get(i).get()) {
                won.add(i);
            }
        }
        assertThat(won).hasSize(1);
        assertThat(read(NAME, 0, MOST)).isEqualTo("claim " + won.getFirst());
    }

    @Test
    void knowsItsOwnClaimAgain() throws Exception {
        assertThat(store.claim(NAME, "mine".getBytes(UTF_8))).isTrue();
        assertThat(store.claim(NAME, "mine".getBytes(UTF_8))).as("the reply was lost").isTrue();
        assertThat(store.claim(NAME, "mine too".getBytes(UTF_8))).isFalse();
        store.delete(NAME);
        assertThat(store.claim(NAME, "yours".getBytes(UTF_8))).isTrue();
    }

    @Test
    void readsParts() throws Exception {
        store.put(NAME, text("0123456789"), MOST);

        assertThat(read(NAME, 0, 3)).isEqualTo("012");
        assertThat(read(NAME, 8, 1)).isEqualTo("8");
        assertThat(read(NAME, 8, 100)).isEqualTo("89");
        assertThat(read(NAME, 10, 5)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Upload.PART_BYTES - 1, Upload.PART_BYTES, 2 * Upload.PART_BYTES + 1})
    void storesStreamsOfAnyLength(int bytes) throws Exception {
        byte[] content = new byte[bytes];
        new Random(7).nextBytes(content);

        BlobStore.Stored stored = store.put(NAME, new ByteArrayInputStream(content), bytes);

        assertThat(stored.bytes()).isEqualTo(bytes);
        assertThat(stored.sha256())
                .isEqualTo(
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
        try (InputStream read = store.read(NAME, 0, MOST)) {
            assertThat(read.readAllBytes()).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, Upload.PART_BYTES, 2 * Upload.PART_BYTES})
    void storesNothingOfWhatIsTooLarge(int most) {
        InputStream content = new ByteArrayInputStream(new byte[most + 1]);

        Failure failure = failure(() -> store.put(NAME, content, most));

        assertThat(failure.code()).isEqualTo(Code.BLOB_TOO_LARGE);
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(failure.message()).contains(NAME.toString(), "more than " + most);
        assertNothingIsLeft();
    }

    @Test
    void storesNothingOfAStreamThatBreaks() {
        InputStream broken =
                new FilterInputStream(new ByteArrayInputStream(new byte[Upload.PART_BYTES + 10])) {
                    @Override
                    public int read(byte[] into, int from, int most) throws IOException {
                        int read = super.read(into, from, most);
                        if (read < 0) {
                            throw new IOException("no more");
                        }
                        return read;
                    }
                };

        Failure failure = failure(() -> store.put(NAME, broken, MOST));

        assertThat(failure.retryable()).isTrue();
        assertThat(failure.message()).contains("no more");
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        assertThat(keys()).isEmpty();
        assertThat(buckets.s3.listMultipartUploads(it -> it.bucket(buckets.bucket)).uploads())
                .as("parts that nobody sees and somebody pays for")
                .isEmpty();
    }

    @Test
    void deletesAlsoWhatIsNotThere() throws Exception {
        store.put(NAME, text("x"), MOST);

        store.delete(NAME);
        store.delete(NAME);

        assertThat(keys()).isEmpty();
        Failure failure = failure(() -> store.read(NAME, 0, 1));
        assertThat(failure.code()).isEqualTo(Code.BLOB_NOT_FOUND);
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void listsWhatAnOwnerHasPageByPage() throws Exception {
        List<BlobName> given = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            given.add(name("step-" + i));
            store.put(given.getLast(), text("x".repeat(i)), MOST);
        }
        store.put(new BlobName("k8s-job", "acme", "018f-1", "x"), text("x"), MOST);
        try (BlobStore other = buckets.storeOf("two", "prefix", "gantry/")) {
            other.put(NAME, text("x"), MOST);
        }
        buckets.s3.putObject(
                it -> it.bucket(buckets.bucket).key("gantry/one/lambda/not one of ours"),
                software.amazon.awssdk.core.sync.RequestBody.fromString("x"));

        List<BlobStore.Listed> found = new ArrayList<>();
        String after = null;
        int pages = 0;
        do {
            BlobStore.Page page = store.list("lambda", after, 2);
            found.addAll(page.blobs());
            after = page.next();
            pages++;
        } while (after != null);

        assertThat(found).extracting(BlobStore.Listed::name).containsExactlyElementsOf(given);
        assertThat(found.get(3).bytes()).isEqualTo(3);
        assertThat(Duration.between(found.getFirst().storedAt(), Instant.now()).abs())
                .isLessThan(Duration.ofMinutes(10));
        assertThat(pages).isEqualTo(3);
        assertThat(store.list("nobody", null, 1_000).blobs()).isEmpty();
    }

    @Test
    void letsWhoHasALinkReadOneBlobForAWhile() throws Exception {
        store.put(NAME, text("hello"), MOST);
        BlobStore.Link link = store.linkToRead(NAME, Duration.ofMinutes(5));

        assertThat(link.headers()).isEmpty();
        assertThat(link.until())
                .isBetween(Instant.now().plusSeconds(240), Instant.now().plusSeconds(300));
        assertThat(get(link.uri()).body()).isEqualTo("hello");
        URI other = URI.create(link.uri().toString().replace("step-1", "step-2"));
        assertThat(get(other).statusCode()).isEqualTo(403);
        assertThat(link.toString()).as("what a log may show").doesNotContain("Signature");
        BlobStore.Link brief = store.linkToRead(NAME, Duration.ofSeconds(1));
        Thread.sleep(2_500);
        assertThat(get(brief.uri()).statusCode()).isEqualTo(403);
    }

    @Test
    void letsWhoHasALinkWriteOneBlob() throws Exception {
        BlobStore.Link link = store.linkToWrite(NAME, Duration.ofMinutes(5));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(link.uri()).PUT(HttpRequest.BodyPublishers.ofString("hi"));
        link.headers().forEach(request::header);

        assertThat(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);

        assertThat(read(NAME, 0, MOST)).isEqualTo("hi");
    }

    @Test
    void makesLinksNoLongerThanSignaturesHold() throws Exception {
        assertThat(store.linkToRead(NAME, Duration.ofDays(400)).until())
                .isBefore(Instant.now().plus(S3Store.LONGEST_LINK).plusSeconds(60));
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void saysWhoMustActWhereTheBucketIsNotThere() {
        try (BlobStore wrong = buckets.store("bucket", "gantry-nowhere")) {
            Failure failure = failure(() -> wrong.put(NAME, text("top-secret"), MOST));

            assertThat(failure.code()).isEqualTo(Code.BACKEND_REFUSED);
            assertThat(failure.actor()).isEqualTo(Actor.PLATFORM);
            assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
            assertThat(failure.message())
                    .contains("NoSuchBucket", "gantry.blobs")
                    .doesNotContain("top-secret");
        }
    }

    @Test
    void saysThatNobodyAnswers() {
        try (BlobStore away = buckets.store("endpoint", "http://127.0.0.1:1")) {
            Failure failure = failure(() -> away.delete(NAME));

            assertThat(failure.code()).isEqualTo(Code.BACKEND_UNAVAILABLE);
            assertThat(failure.actor()).isEqualTo(Actor.BACKEND);
            assertThat(failure.retryable()).isTrue();
        }
    }

    @Test
    void refusesPartsThatAreNone() {
        assertThatThrownBy(() -> store.read(NAME, -1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.read(NAME, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.list("lambda", null, 1_001)).hasMessageContaining("1000");
    }

    private interface Call {
        void make() throws Exception;
    }

    private static Failure failure(Call call) {
        return catchThrowableOfType(BlobException.class, call::make).failure();
    }
}
