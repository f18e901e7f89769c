package dev.gantry.cli;

import dev.gantry.cli.document.Document;
import dev.gantry.cli.document.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The documents that a person named. */
final class Sources {
    private Sources() {}

    static List<Document> read(List<Path> paths, Environment environment) {
        List<Document> documents = new ArrayList<>();
        for (Path path : paths) {
            try {
                if (path.toString().equals("-")) {
                    documents.addAll(
                            Documents.read("standard input", environment.in().readAllBytes()));
                    continue;
                }
                if (!Files.exists(environment.resolve(path))) {
                    throw new UsageException("there is no file or folder '%s'".formatted(path));
                }
                documents.addAll(Documents.read(List.of(path), environment.workingFolder()));
            } catch (IOException e) {
                throw new UsageException("%s can not be read: %s".formatted(path, e), e);
            }
        }
        if (documents.isEmpty()) {
            throw new UsageException(
                    "there is no workflow or function in "
                            + String.join(", ", paths.stream().map(Path::toString).toList()));
        }
        return documents;
    }
}
