package dev.gantry.adapter.localmock;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file of events that several processes append to. Each event is one line, written by one call
 * under a lock that the operating system releases when its holder is killed. What a killed process
 * left of a line is closed by the next writer, and skipped by readers.
 */
final class LedgerFile implements AutoCloseable {
    static final String DEFAULT_NAME = "local-mock.ledger.jsonl";
    private static final int READ_BYTES = 256 * 1024;
    private static final long LOCK_PAUSE_NANOS = 50_000;

    // File locks are held by the process, so instances in one process need another one.
    private static final ConcurrentMap<Path, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();

    private final Path path;
    // Not a FileChannel: that one is closed for good by the interrupt of a thread that uses it.
    private final RandomAccessFile file;
    private final ReentrantLock inProcess;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private long position;

    /**
     * @throws IOException when it cannot be created or opened
     */
    LedgerFile(Path fileOrFolder) throws IOException {
        this.path = resolve(fileOrFolder);
        this.file = new RandomAccessFile(path.toFile(), "rw");
        this.inProcess = IN_PROCESS.computeIfAbsent(path.toRealPath(), _ -> new ReentrantLock());
    }

    static Path resolve(Path fileOrFolder) throws IOException {
        Path absolute = fileOrFolder.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) {
            return absolute.resolve(DEFAULT_NAME);
        }
        Path parent = absolute.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        return absolute;
    }

    Path path() {
        return path;
    }

    /** The events that came since the last call. */
    List<Event> readNew() throws IOException {
        List<Event> events = new ArrayList<>();
        long length = file.length();
        byte[] buffer = new byte[(int) Math.min(READ_BYTES, Math.max(0, length - position))];
        while (position < length) {
            file.seek(position);
            int count = file.read(buffer, 0, (int) Math.min(buffer.length, length - position));
            if (count <= 0) {
                break;
            }
            position += count;
            splitLines(buffer, count, events);
        }
        return events;
    }

    private void splitLines(byte[] buffer, int count, List<Event> events) {
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (buffer[i] == '\n') {
                unfinished.write(buffer, start, i - start);
                @Nullable Event event = LedgerLine.read(unfinished.toByteArray());
                if (event != null) {
                    events.add(event);
                }
                unfinished.reset();
                start = i + 1;
            }
        }
        unfinished.write(buffer, start, count - start);
    }

    /** Appends after everything that {@link #readNew} has read; to be called while locked. */
    void append(Event event) throws IOException {
        byte[] line = LedgerLine.write(event);
        file.seek(position);
        if (unfinished.size() == 0) {
            file.write(line);
            return;
        }
        byte[] closed = new byte[line.length + 1];
        closed[0] = '\n';
        System.arraycopy(line, 0, closed, 1, line.length);
        file.write(closed);
    }

    interface Work<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /** Does the work while nobody else appends. */
    <T extends @Nullable Object> T locked(Work<T> work) throws IOException {
        inProcess.lock();
        try (FileLock _ = lock()) {
            return work.run();
        } finally {
            inProcess.unlock();
        }
    }

    private FileLock lock() throws IOException {
        while (true) {
            // Not lock(), which a thread's interrupt would end by closing the file.
            FileLock lock = file.getChannel().tryLock();
            if (lock != null) {
                return lock;
            }
            LockSupport.parkNanos(LOCK_PAUSE_NANOS);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
