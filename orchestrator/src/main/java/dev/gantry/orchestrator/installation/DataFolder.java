package dev.gantry.orchestrator.installation;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which a server keeps what must survive a restart; only its owner can read it. It is
 * made when it is first used, so that a server with an external database needs none.
 */
public final class DataFolder implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER =
            PosixFilePermissions.fromString("rwx------");
    private final Path path;
    private @Nullable FileChannel lock;

    public DataFolder(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    public Path path() {
        return path;
    }

    /** A folder of this name, made if it is not there. */
    public Path folder(String name) {
        Path folder = path.resolve(name);
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY_FOLDER));
            }
            return folder;
        } catch (IOException e) {
            throw new StartRefused(
                    "The data folder %s can not be made: %s".formatted(folder, e),
                    "Name a folder that this user can write with --data.",
                    e);
        }
    }

    /** Whether the folder is there, or can be made, and can be written. */
    public boolean isUsable() {
        try {
            return Files.isWritable(folder(""));
        } catch (StartRefused _) {
            return false;
        }
    }

    /** The text of a file in the folder. */
    public Optional<String> read(String name) {
        Path file = path.resolve(name);
        try {
            return Files.exists(file)
                    ? Optional.of(Files.readString(file).strip())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("%s can not be read".formatted(file), e);
        }
    }

    /** Writes a file that only its owner can read, whole or not at all. */
    public Path write(String name, String text) {
        folder("");
        Path file = path.resolve(name);
        Path fresh = path.resolve(name + ".new");
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            Files.writeString(fresh, text + "\n");
            return Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("%s can not be written".formatted(file), e);
        }
    }

    public void delete(String name) {
        try {
            Files.deleteIfExists(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("%s can not be deleted".formatted(name), e);
        }
    }

    /** Takes the folder for this server until {@link #close()}; refuses while another has it. */
    public synchronized void lock() {
        if (lock != null) {
            return;
        }
        Path file = folder("").resolve("lock");
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, CREATE, READ, WRITE);
            if (channel.tryLock() == null) {
                throw taken(channel);
            }
            channel.truncate(0);
            channel.write(utf8(Long.toString(ProcessHandle.current().pid())));
            lock = channel;
        } catch (OverlappingFileLockException e) {
            throw taken(channel);
        } catch (IOException e) {
            throw new StartRefused(
                    "The data folder %s can not be locked: %s".formatted(path, e),
                    "Name a folder on a local disk that this user can write with --data.",
                    e);
        }
    }

    private StartRefused taken(@Nullable FileChannel channel) {
        String holder = "another Gantry server";
        try (FileChannel read = channel) {
            if (read != null) {
                ByteBuffer pid = ByteBuffer.allocate(20);
                read.read(pid, 0);
                holder += " with process id " + StandardCharsets.UTF_8.decode(pid.flip());
            }
        } catch (IOException _) {
            // The holder's id is a courtesy; the refusal stands without it.
        }
        return new StartRefused(
                "The data folder %s is in use by %s.".formatted(path, holder),
                "Stop that server, or give this one a folder of its own with --data.");
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void close() {
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            lock = null;
        }
    }
}
