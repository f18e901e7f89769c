package dev.gantry.provider.aws;

import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** One bucket; the names in it are the prefix, the installation, and the blob's name. */
final class S3Store implements BlobStore {
    /** What a signature of S3 takes. */
    static final Duration LONGEST_LINK = Duration.ofDays(7);

    private static final int MOST_LISTED = 1_000;
    private static final int BEYOND_THE_END = 416;
    private static final int THERE_ALREADY = 412;
    private static final int AT_THE_SAME_TIME = 409;
    private static final String HOST = "host";

    private final S3Settings settings;
    private final String root;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable S3Clients clients;

    S3Store(String installation, S3Settings settings) {
        this.settings = settings;
        this.root = settings.prefix() + installation + "/";
    }

    /** A second or two, which only who stores something is to wait for. */
    private S3Clients aws() {
        S3Clients known = clients;
        if (known != null) {
            return known;
        }
        making.lock();
        try {
            S3Clients made = clients == null ? new S3Clients(settings) : clients;
            clients = made;
            return made;
        } finally {
            making.unlock();
        }
    }

    private String key(BlobName name) {
        return root + name;
    }

    @Override
    public URI address(BlobName name) {
        return URI.create("%s://%s/%s".formatted(S3Provider.SCHEME, settings.bucket(), key(name)));
    }

    @Override
    public Stored put(BlobName name, InputStream content, long mostBytes) throws BlobException {
        String doing = "blob %s cannot be stored".formatted(name);
        return new Upload(aws().s3(), settings, key(name), mostBytes, doing).of(content);
    }

    @Override
    public boolean claim(BlobName name, byte[] content) throws BlobException {
        String doing = "blob %s cannot be claimed".formatted(name);
        try {
            aws().s3()
                    .putObject(
                            it ->
                                    it.bucket(settings.bucket())
                                            .key(key(name))
                                            .ifNoneMatch("*")
                                            .serverSideEncryption(settings.sse())
                                            .ssekmsKeyId(settings.kmsKey()),
                            RequestBody.fromBytes(content));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() != THERE_ALREADY && e.statusCode() != AT_THE_SAME_TIME) {
                throw S3Failures.of(doing, e);
            }
        } catch (SdkException e) {
            throw S3Failures.of(doing, e);
        }
        // Somebody else's, or this one's: the SDK asks again where the reply was lost.
        try (InputStream there = read(name, 0, content.length + 1L)) {
            return Arrays.equals(there.readAllBytes(), content);
        } catch (IOException e) {
            throw S3Failures.unreadable(doing, e);
        }
    }

    @Override
    public InputStream read(BlobName name, long from, long bytes) throws BlobException {
        if (from < 0 || bytes < 1) {
            throw new IllegalArgumentException(
                    "%d bytes from %d are no part of a blob".formatted(bytes, from));
        }
        String range = "bytes=%d-%d".formatted(from, Math.addExact(from, bytes - 1));
        try {
            return aws().s3()
                    .getObject(it -> it.bucket(settings.bucket()).key(key(name)).range(range));
        } catch (S3Exception e) {
            if (e.statusCode() == BEYOND_THE_END) {
                return InputStream.nullInputStream();
            }
            throw S3Failures.of("blob %s cannot be read".formatted(name), e);
        } catch (SdkException e) {
            throw S3Failures.of("blob %s cannot be read".formatted(name), e);
        }
    }

    @Override
    public void delete(BlobName name) throws BlobException {
        try {
            aws().s3().deleteObject(it -> it.bucket(settings.bucket()).key(key(name)));
        } catch (SdkException e) {
            // S3 itself does not say this; others that speak as it does may.
            if (!(e instanceof S3Exception refused && S3Failures.isMissing(refused))) {
                throw S3Failures.of("blob %s cannot be deleted".formatted(name), e);
            }
        }
    }

    @Override
    public Link linkToRead(BlobName name, Duration validFor) throws BlobException {
        try {
            return link(
                    aws().presigner()
                            .presignGetObject(it ->
                                    it.signatureDuration(cut(validFor))
                                            .getObjectRequest(get ->
                                                    get.bucket(settings.bucket()).key(key(name)))));
        } catch (SdkException e) {
            throw S3Failures.of("no link to blob %s can be made".formatted(name), e);
        }
    }

    @Override
    public Link linkToWrite(BlobName name, Duration validFor) throws BlobException {
        try {
            return link(
                    aws().presigner()
                            .presignPutObject(it ->
                                    it.signatureDuration(cut(validFor))
                                            .putObjectRequest(put ->
                                                    put.bucket(settings.bucket())
                                                            .key(key(name))
                                                            .serverSideEncryption(settings.sse())
                                                            .ssekmsKeyId(settings.kmsKey()))));
        } catch (SdkException e) {
            throw S3Failures.of("no link to blob %s can be made".formatted(name), e);
        }
    }

    private static Duration cut(Duration validFor) {
        return validFor.compareTo(LONGEST_LINK) < 0 ? validFor : LONGEST_LINK;
    }

    private static Link link(PresignedRequest signed) {
        Map<String, String> headers = new HashMap<>();
        signed.signedHeaders()
                .forEach((name, values) -> headers.put(name, String.join(",", values)));
        headers.keySet().removeIf(HOST::equalsIgnoreCase);
        return new Link(URI.create(signed.url().toString()), headers, signed.expiration());
    }

    @Override
    public Page list(String owner, @Nullable String after, int most) throws BlobException {
        if (most < 1 || most > MOST_LISTED) {
            throw new IllegalArgumentException(
                    "%d blobs on a page; expected are 1 to %d".formatted(most, MOST_LISTED));
        }
        try {
            ListObjectsV2Response found =
                    aws().s3()
                            .listObjectsV2(it ->
                                    it.bucket(settings.bucket())
                                            .prefix(root + owner + "/")
                                            .startAfter(after == null ? null : root + after)
                                            .maxKeys(most));
            List<S3Object> objects = found.contents();
            boolean hasMore = Boolean.TRUE.equals(found.isTruncated()) && !objects.isEmpty();
            return new Page(
                    objects.stream().flatMap(one -> listed(one).stream()).toList(),
                    hasMore ? relative(objects.getLast()) : null);
        } catch (SdkException e) {
            throw S3Failures.of("blobs of %s cannot be listed".formatted(owner), e);
        }
    }

    private String relative(S3Object object) {
        return object.key().substring(root.length());
    }

    private Optional<Listed> listed(S3Object object) {
        try {
            BlobName name = BlobName.parse(relative(object));
            return Optional.of(new Listed(name, object.size(), object.lastModified()));
        } catch (IllegalArgumentException e) {
            // Somebody else's.
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        S3Clients made = clients;
        if (made != null) {
            made.close();
        }
    }
}
