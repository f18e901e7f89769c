package dev.gantry.provider.aws;

import dev.gantry.spi.BlobStore;
import dev.gantry.spi.BlobStoreProvider;
import java.util.Map;

/** Keeps blobs in a bucket of S3, or of a store that speaks as S3 does. */
public final class S3Provider implements BlobStoreProvider {
    static final String SCHEME = "s3";

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public BlobStore create(String installation, Map<String, String> settings) {
        return new S3Store(installation, S3Settings.of(settings));
    }
}
