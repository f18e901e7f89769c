package dev.gantry.acceptance.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Every package is null-marked, or NullAway looks away. */
final class PackageRules {

    private PackageRules() {}

    static List<Finding> check(List<SourceFile> files) {
        var folders = new TreeSet<String>();
        for (var file : files) {
            if (file.isJava() && !file.path().endsWith("module-info.java")) {
                folders.add(file.folder());
            }
        }
        Set<String> marked =
                files.stream()
                        .filter(file -> file.path().endsWith("/package-info.java"))
                        .filter(file -> file.text().contains("@NullMarked"))
                        .map(SourceFile::folder)
                        .collect(Collectors.toSet());

        var findings = new ArrayList<Finding>();
        for (var folder : folders) {
            // The compiler reads a test's package annotations from the main classes too.
            var main = folder.replace("/src/test/java/", "/src/main/java/");
            if (!marked.contains(folder) && !marked.contains(main)) {
                findings.add(
                        Finding.at(
                                folder + "/package-info.java", 1, "missing, or not @NullMarked"));
            }
        }
        return findings;
    }
}
