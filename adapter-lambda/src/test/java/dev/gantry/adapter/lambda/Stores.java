package dev.gantry.adapter.lambda;

import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Stores with which something goes wrong. */
final class Stores {
    private Stores() {}

    /** One that cannot be reached. */
    static final class Away implements BlobStore {
        private static BlobException away() {
            return new BlobException(
                    new Failure(
                            Code.BACKEND_UNAVAILABLE,
                            "nobody is there",
                            Actor.BACKEND,
                            true,
                            Progress.MAY_HAVE_COMMITTED));
        }

        @Override
        public URI address(BlobName name) {
            return URI.create("s3://nowhere/" + name);
        }

        @Override
        public Stored put(BlobName name, InputStream content, long mostBytes) throws BlobException {
            throw away();
        }

        @Override
        public InputStream read(BlobName name, long from, long bytes) throws BlobException {
            throw away();
        }

        @Override
        public void delete(BlobName name) throws BlobException {
            throw away();
        }

        @Override
        public Link linkToRead(BlobName name, Duration validFor) throws BlobException {
            throw away();
        }

        @Override
        public Link linkToWrite(BlobName name, Duration validFor) throws BlobException {
            throw away();
        }

        @Override
        public Page list(String owner, @Nullable String after, int most) throws BlobException {
            throw away();
        }

        @Override
        public void close() {}
    }

    /** Who stores something gets no further. */
    static final class Killing implements BlobStore {
        final CountDownLatch stored = new CountDownLatch(1);
        private final BlobStore real;

        Killing(BlobStore real) {
            this.real = real;
        }

        @Override
        public URI address(BlobName name) {
            return real.address(name);
        }

        @Override
        public Stored put(BlobName name, InputStream content, long mostBytes) throws BlobException {
            real.put(name, content, mostBytes);
            stored.countDown();
            throw new KilledError();
        }

        @Override
        public InputStream read(BlobName name, long from, long bytes) throws BlobException {
            return real.read(name, from, bytes);
        }

        @Override
        public void delete(BlobName name) throws BlobException {
            real.delete(name);
        }

        @Override
        public Link linkToRead(BlobName name, Duration validFor) throws BlobException {
            return real.linkToRead(name, validFor);
        }

        @Override
        public Link linkToWrite(BlobName name, Duration validFor) throws BlobException {
            return real.linkToWrite(name, validFor);
        }

        @Override
        public Page list(String owner, @Nullable String after, int most) throws BlobException {
            return real.list(owner, after, most);
        }

        @Override
        public void close() {}
    }

    /** The thread ends here, and nobody catches it. */
    private static final class KilledError extends Error {
        private static final long serialVersionUID = 1L;
    }
}
