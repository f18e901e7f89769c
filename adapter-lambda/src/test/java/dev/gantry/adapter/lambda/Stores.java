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
import java.util.concurrent.atomic.AtomicBoolean;
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
        public boolean claim(BlobName name, byte[] content) throws BlobException {
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

    /** One that works. */
    abstract static class Other implements BlobStore {
        private final BlobStore real;

        private Other(BlobStore real) {
            this.real = real;
        }

        @Override
        public URI address(BlobName name) {
            return real.address(name);
        }

        @Override
        public Stored put(BlobName name, InputStream content, long mostBytes) throws BlobException {
            return real.put(name, content, mostBytes);
        }

        @Override
        public boolean claim(BlobName name, byte[] content) throws BlobException {
            return real.claim(name, content);
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

    /** Who stores what has a name that ends like this gets no further. */
    static final class Killing extends Other {
        final CountDownLatch stored = new CountDownLatch(1);
        private final String end;

        Killing(BlobStore real, String end) {
            super(real);
            this.end = end;
        }

        private void kill(BlobName name) {
            if (name.path().endsWith(end)) {
                stored.countDown();
                throw new KilledError();
            }
        }

        @Override
        public Stored put(BlobName name, InputStream content, long mostBytes) throws BlobException {
            Stored stored = super.put(name, content, mostBytes);
            kill(name);
            return stored;
        }

        @Override
        public boolean claim(BlobName name, byte[] content) throws BlobException {
            boolean isOurs = super.claim(name, content);
            kill(name);
            return isOurs;
        }
    }

    /** The reply to the first storing is lost. */
    static final class LosingReply extends Other {
        private final AtomicBoolean isLost = new AtomicBoolean();

        LosingReply(BlobStore real) {
            super(real);
        }

        @Override
        public Stored put(BlobName name, InputStream content, long mostBytes) throws BlobException {
            Stored stored = super.put(name, content, mostBytes);
            if (isLost.compareAndSet(false, true)) {
                throw Away.away();
            }
            return stored;
        }
    }

    /** Nothing can be stored for a while. */
    static final class Full extends Other {
        private volatile boolean isFull = true;

        Full(BlobStore real) {
            super(real);
        }

        void empty() {
            isFull = false;
        }

        @Override
        public Stored put(BlobName name, InputStream content, long mostBytes) throws BlobException {
            if (isFull && name.path().endsWith(".ended")) {
                throw Away.away();
            }
            return super.put(name, content, mostBytes);
        }
    }

    /** The thread ends here, and nobody catches it. */
    private static final class KilledError extends Error {
        private static final long serialVersionUID = 1L;
    }
}
