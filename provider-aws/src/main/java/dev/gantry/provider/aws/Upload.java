package dev.gantry.provider.aws;

import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobStore.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Stores one stream: in one request if it is short, else in parts. Each request has its bytes at
 * hand, so it can be sent again.
 */
final class Upload {
    /** Held in memory for each upload; S3 takes 10,000 of them. */
    static final int PART_BYTES = 8 << 20;

    private static final int MOST_PARTS = 10_000;

    private final S3Client s3;
    private final S3Settings settings;
    private final String key;
    private final long most;
    private final String doing;
    private final MessageDigest digest = sha256();
    private long bytes;

    Upload(S3Client s3, S3Settings settings, String key, long most, String doing) {
        this.s3 = s3;
        this.settings = settings;
        this.key = key;
        this.most = Math.min(most, (long) PART_BYTES * MOST_PARTS);
        this.doing = doing;
    }

    Stored of(InputStream content) throws BlobException {
        try {
            byte[] first = next(content);
            if (first.length < PART_BYTES) {
                s3.putObject(
                        it ->
                                it.bucket(settings.bucket())
                                        .key(key)
                                        .serverSideEncryption(settings.sse())
                                        .ssekmsKeyId(settings.kmsKey()),
                        RequestBody.fromBytes(first));
            } else {
                inParts(first, content);
            }
            return new Stored(bytes, HexFormat.of().formatHex(digest.digest()));
        } catch (SdkException e) {
            throw S3Failures.of(doing, e);
        }
    }

    private byte[] next(InputStream content) throws BlobException {
        try {
            byte[] part = content.readNBytes(PART_BYTES);
            bytes += part.length;
            if (bytes > most) {
                throw S3Failures.tooLarge(doing, most);
            }
            digest.update(part);
            return part;
        } catch (IOException e) {
            throw S3Failures.unreadable(doing, e);
        }
    }

    private void inParts(byte[] first, InputStream content) throws BlobException {
        String upload =
                s3.createMultipartUpload(it ->
                                it.bucket(settings.bucket())
                                        .key(key)
                                        .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                                        .serverSideEncryption(settings.sse())
                                        .ssekmsKeyId(settings.kmsKey()))
                        .uploadId();
        boolean done = false;
        try {
            List<CompletedPart> parts = new ArrayList<>();
            for (byte[] part = first; part.length > 0; part = next(content)) {
                parts.add(send(upload, parts.size() + 1, part));
            }
            s3.completeMultipartUpload(it ->
                    it.bucket(settings.bucket())
                            .key(key)
                            .uploadId(upload)
                            .multipartUpload(all -> all.parts(parts)));
            done = true;
        } finally {
            if (!done) {
                abandon(upload);
            }
        }
    }

    private CompletedPart send(String upload, int number, byte[] part) {
        UploadPartResponse sent =
                s3.uploadPart(
                        it ->
                                it.bucket(settings.bucket())
                                        .key(key)
                                        .uploadId(upload)
                                        .partNumber(number)
                                        .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                        RequestBody.fromBytes(part));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(sent.eTag())
                .checksumCRC32(sent.checksumCRC32())
                .build();
    }

    /** Parts that stay behind are the bucket's lifecycle rule's. */
    private void abandon(String upload) {
        try {
            s3.abortMultipartUpload(it -> it.bucket(settings.bucket()).key(key).uploadId(upload));
        } catch (SdkException e) {
            System.getLogger(Upload.class.getName())
                    .log(System.Logger.Level.WARNING, "parts of {0} stay behind: {1}", key, e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
