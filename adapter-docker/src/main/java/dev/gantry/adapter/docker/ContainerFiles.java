package dev.gantry.adapter.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.gantry.process.StepFiles;
import dev.gantry.spi.Collector;
import dev.gantry.spi.Workload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/** Files of an attempt, in a volume of its own: it can be read after the end, unlike a tmpfs. */
final class ContainerFiles {
    private static final int ANYONE_WRITES = 0777;
    private static final int ANYONE_READS = 0644;

    private final DockerClient docker;

    ContainerFiles(DockerClient docker) {
        this.docker = docker;
    }

    void put(String container, byte[] input, Workload.@Nullable Script script) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(input.length + 8_192);
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
                folder(tar, StepFiles.IN, 0755);
                folder(tar, StepFiles.OUT, ANYONE_WRITES);
                folder(tar, StepFiles.ARTIFACTS, ANYONE_WRITES);
                file(tar, StepFiles.INPUT, input);
                if (script != null) {
                    file(
                            tar,
                            StepFiles.script(script),
                            script.text().getBytes(StandardCharsets.UTF_8));
                }
            }
            docker.copyArchiveToContainerCmd(container)
                    .withRemotePath(StepFiles.ROOT)
                    .withTarInputStream(new ByteArrayInputStream(bytes.toByteArray()))
                    .exec();
        } catch (IOException e) {
            throw new IllegalStateException("an archive cannot be built in memory", e);
        }
    }

    private static void file(TarArchiveOutputStream tar, String path, byte[] content)
            throws IOException {
        TarArchiveEntry file = new TarArchiveEntry(within(path));
        file.setSize(content.length);
        file.setMode((TarArchiveEntry.DEFAULT_FILE_MODE & ~0777) | ANYONE_READS);
        tar.putArchiveEntry(file);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static String within(String path) {
        return path.substring(StepFiles.ROOT.length() + 1);
    }

    private static void folder(TarArchiveOutputStream tar, String path, int mode)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(within(path) + "/");
        entry.setMode((TarArchiveEntry.DEFAULT_DIR_MODE & ~0777) | mode);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    /** The result file, at most one byte more than the limit; empty if the workload wrote none. */
    Optional<byte[]> result(String container, long maxBytes) throws IOException {
        try (InputStream archive =
                        docker.copyArchiveFromContainerCmd(container, StepFiles.OUTPUT).exec();
                TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
            TarArchiveEntry entry = tar.getNextEntry();
            if (entry == null || !entry.isFile()) {
                return Optional.empty();
            }
            return Optional.of(tar.readNBytes((int) Math.min(maxBytes + 1, Integer.MAX_VALUE - 8)));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    /** Hands the output files on; links and odd names are left out. */
    void artifacts(String container, Collector collector) throws IOException {
        try (InputStream archive =
                        docker.copyArchiveFromContainerCmd(container, StepFiles.ARTIFACTS).exec();
                TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                String path = entry.getName().replaceFirst("^artifacts/", "");
                if (entry.isFile()
                        && !entry.isLink()
                        && !entry.isSymbolicLink()
                        && StepFiles.isPlain(path)
                        && collector.wants(path, entry.getSize())) {
                    collector.artifact(path, entry.getSize(), tar);
                }
                entry = tar.getNextEntry();
            }
        } catch (NotFoundException e) {
            // The workload removed the folder: there are no files.
        }
    }
}
