package dev.gantry.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextTest {
    private static final long ALIVE = ProcessHandle.current().pid();

    @TempDir Path folder;

    @Test
    void isTakenAwayOnlyByItsOwnServer() throws IOException {
        Context second = new Context("http://localhost:2", null, 2);
        second.write(folder);

        Context.forget(folder, 1);
        assertThat(Context.read(folder)).contains(second);

        Context.forget(folder, 2);
        assertThat(Context.read(folder)).isEmpty();
    }

    @Test
    void isForItsOwnerOnly() throws IOException {
        Path data = folder.resolve("new/data");

        new Context("http://localhost:2", "key", 2).write(data);

        assertThat(Files.getPosixFilePermissions(data)).hasSize(3);
        assertThat(Files.getPosixFilePermissions(Context.file(data))).hasSize(2);
        assertThat(Context.read(data).orElseThrow().token()).isEqualTo("key");
    }

    @Test
    void findsTheNewestServerThatLives() throws IOException {
        List<Path> folders = List.of(folder.resolve("a"), folder.resolve("b"), folder.resolve("c"));
        new Context("http://a", null, ALIVE).write(folders.get(0));
        new Context("http://b", null, ALIVE).write(folders.get(1));
        new Context("http://c", null, Long.MAX_VALUE).write(folders.get(2));
        Files.setLastModifiedTime(Context.file(folders.get(0)), FileTime.fromMillis(2_000));
        Files.setLastModifiedTime(Context.file(folders.get(1)), FileTime.fromMillis(1_000));

        assertThat(Context.newest(folders).orElseThrow().url()).isEqualTo("http://a");
        assertThat(Context.newest(List.of(folder.resolve("none")))).isEmpty();
    }

    @Test
    void ignoresWhatItCanNotRead() throws IOException {
        Files.writeString(Context.file(folder), "{\"url\": ");

        assertThat(Context.read(folder)).isEmpty();
    }
}
