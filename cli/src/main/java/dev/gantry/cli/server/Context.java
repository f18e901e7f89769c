package dev.gantry.cli.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a server that was started here listens, and the key to it: what {@code server} and {@code
 * demo} leave in the data folder, so that other commands need no options.
 *
 * @param token null if the key is not known here
 * @param process of the server
 */
public record Context(String url, @Nullable String token, long process) {
    static final String FILE = "context.json";

    static Path file(Path dataFolder) {
        return dataFolder.resolve(FILE);
    }

    public void write(Path dataFolder) throws IOException {
        ObjectNode json = Json.object().put("url", url);
        if (token != null) {
            json.put("token", token);
        }
        OwnerOnly.createFolder(dataFolder);
        OwnerOnly.write(file(dataFolder), Json.bytes(json.put("process", process)));
    }

    /** Takes the file away, unless another server has written it since. */
    static void forget(Path dataFolder, long process) {
        boolean isOfAnother = read(dataFolder).map(there -> there.process != process).orElse(true);
        if (isOfAnother) {
            return;
        }
        try {
            Files.deleteIfExists(file(dataFolder));
        } catch (IOException _) {
            // It stays, and names a process that has ended.
        }
    }

    /** Nothing if there is none that can be read. */
    public static Optional<Context> read(Path dataFolder) {
        Path file = file(dataFolder);
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try {
            JsonNode json = Json.read(Files.readAllBytes(file));
            String url = Json.text(json, "url");
            return url.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new Context(
                                    url,
                                    json.path("token").asText(null),
                                    json.path("process").asLong()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    public boolean isAlive() {
        return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Of the folders' servers the one that was started last and still runs. */
    public static Optional<Context> newest(List<Path> dataFolders) {
        return dataFolders.stream()
                .filter(folder -> read(folder).map(Context::isAlive).orElse(false))
                .max(Comparator.comparing(Context::written))
                .flatMap(Context::read);
    }

    private static FileTime written(Path dataFolder) {
        try {
            return Files.getLastModifiedTime(file(dataFolder));
        } catch (IOException _) {
            return FileTime.fromMillis(0);
        }
    }
}
