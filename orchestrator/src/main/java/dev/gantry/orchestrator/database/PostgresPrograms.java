package dev.gantry.orchestrator.database;

import dev.gantry.orchestrator.installation.StartRefused;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of the embedded PostgreSQL, unpacked from their Maven artifact.
 *
 * @param home with {@code bin}, {@code lib} and {@code share}
 */
record PostgresPrograms(Path home) {
    Path initdb() {
        return home.resolve("bin/initdb");
    }

    Path pgCtl() {
        return home.resolve("bin/pg_ctl");
    }

    Path postgres() {
        return home.resolve("bin/postgres");
    }

    /** Unpacks below {@code parent} what is not there yet. */
    static PostgresPrograms unpack(Path parent) {
        URL archive = archive();
        try {
            Path home = parent.resolve("programs-" + fingerprint(archive));
            if (!Files.isDirectory(home)) {
                // Unpacked aside and renamed, so that a half-unpacked folder is never used.
                Path aside = Files.createTempDirectory(parent, "unpack-");
                try (InputStream in = archive.openStream()) {
                    extract(in, aside);
                }
                adopt(aside, home);
            }
            return new PostgresPrograms(home);
        } catch (IOException e) {
            throw new StartRefused(
                    "The embedded PostgreSQL can not be unpacked into %s: %s".formatted(parent, e),
                    "Make room there or choose another folder with --data.",
                    e);
        }
    }

    private static void adopt(Path aside, Path home) throws IOException {
        Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            Files.move(aside, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(home)) {
                throw e;
            }
            // Another server was faster.
            FileSystemUtils.deleteRecursively(aside);
        }
    }

    private static URL archive() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "");
        String name =
                switch (machine) {
                    case "amd64", "x86_64" -> "postgres-linux-x86_64.txz";
                    case "aarch64" -> "postgres-linux-arm_64.txz";
                    default -> "";
                };
        URL archive =
                system.contains("linux") && !name.isEmpty()
                        ? PostgresPrograms.class.getClassLoader().getResource(name)
                        : null;
        if (archive == null) {
            throw new StartRefused(
                    "There is no embedded PostgreSQL for %s on %s.".formatted(system, machine),
                    "Give an external one with --database-url.");
        }
        return archive;
    }

    /** Of the archive, so that a newer one is unpacked beside an older one. */
    private static String fingerprint(URL archive) throws IOException {
        URLConnection connection = archive.openConnection();
        connection.setUseCaches(false);
        if (connection instanceof JarURLConnection jar) {
            try (var file = jar.getJarFile()) {
                return Long.toHexString(file.getEntry(jar.getEntryName()).getCrc());
            }
        }
        return Long.toString(connection.getContentLengthLong());
    }

    private static void extract(InputStream in, Path folder) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path path = folder.resolve(entry.getName()).normalize();
                if (!path.startsWith(folder)) {
                    throw new IOException("entry outside of the archive: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    continue;
                }
                Path parent = path.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            path,
                            PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }
}
