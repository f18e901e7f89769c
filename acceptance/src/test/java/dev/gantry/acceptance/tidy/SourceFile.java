package dev.gantry.acceptance.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A text file of the repository; its path is relative to the root and written with slashes. */
record SourceFile(String path, String text) {

    private static final Set<String> FOREIGN_FOLDERS =
            Set.of(".git", ".gantry", ".idea", ".vscode", "node_modules", "target");

    /** Generated or taken over as they are. */
    private static final Set<String> FOREIGN_FILES = Set.of("LICENSE", "mvnw", "mvnw.cmd");

    private static final int LARGEST_TEXT_BYTES = 2_000_000;

    static List<SourceFile> allIn(Path root) throws IOException {
        var files = new ArrayList<SourceFile>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes a) {
                        return FOREIGN_FOLDERS.contains(String.valueOf(dir.getFileName()))
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes a) {
                        if (a.isRegularFile()
                                && a.size() <= LARGEST_TEXT_BYTES
                                && !FOREIGN_FILES.contains(String.valueOf(file.getFileName()))) {
                            read(root, file).ifPresent(files::add);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return List.copyOf(files);
    }

    private static Optional<SourceFile> read(Path root, Path file) {
        try {
            var path = root.relativize(file).toString().replace('\\', '/');
            return Optional.of(new SourceFile(path, Files.readString(file)));
        } catch (MalformedInputException notText) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isJava() {
        return path.endsWith(".java");
    }

    String folder() {
        return path.substring(0, Math.max(path.lastIndexOf('/'), 0));
    }
}
