package dev.gantry.cli.document;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds documents in files and folders. */
public final class Documents {
    private static final Pattern NAMES = Pattern.compile(".*\\.(ya?ml|json)");

    /** Between two documents: at the very beginning of a line, whatever stands around. */
    private static final Pattern SEPARATOR = Pattern.compile("---(\\s.*)?");

    private static final int DEEPEST = 20;

    private Documents() {}

    /**
     * The files themselves, and of folders all documents that look like definitions.
     *
     * @param base what relative paths are relative to
     */
    public static List<Document> read(List<Path> paths, Path base) throws IOException {
        List<Document> documents = new ArrayList<>();
        for (Path path : paths) {
            Path there = base.resolve(path);
            if (Files.isDirectory(there)) {
                for (Path file : files(there)) {
                    String shown = path.resolve(there.relativize(file)).toString();
                    readFile(file, shown).stream()
                            .filter(Document::looksLikeDefinition)
                            .forEach(documents::add);
                }
            } else {
                documents.addAll(readFile(there, path.toString()));
            }
        }
        return documents;
    }

    /** Hidden files and folders are not looked at. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder, DEEPEST)) {
            return all.filter(file -> NAMES.matcher(file.getFileName().toString()).matches())
                    .filter(file -> !isHidden(folder.relativize(file)))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static List<Document> readFile(Path file, String shown) throws IOException {
        try {
            return split(shown, Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new IOException(shown + " is no UTF-8 text", e);
        }
    }

    public static List<Document> read(String shown, byte[] content) {
        return split(shown, new String(content, StandardCharsets.UTF_8));
    }

    static List<Document> split(String file, String text) {
        String clean = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (file.endsWith(".json")) {
            return List.of(new Document(file, 1, clean, true));
        }
        List<Document> documents = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        int first = 1;
        int number = 0;
        for (String line : clean.split("(?<=\n)", -1)) {
            number++;
            if (SEPARATOR.matcher(line.stripTrailing()).matches()) {
                add(documents, new Document(file, first, current.toString(), false));
                current.setLength(0);
                first = number + 1;
                String rest = line.substring(3);
                if (!rest.isBlank() && !rest.strip().startsWith("#")) {
                    // Content may follow the separator; its column is kept.
                    current.append("   ").append(rest);
                    first = number;
                }
            } else {
                current.append(line);
            }
        }
        add(documents, new Document(file, first, current.toString(), false));
        return documents;
    }

    private static void add(List<Document> documents, Document document) {
        if (!document.isBlank()) {
            documents.add(document);
        }
    }
}
