package dev.gantry.acceptance.tidy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Links of Markdown files within the repository lead to a file, and to a heading of it. */
final class LinkRules {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s#]*)(?:#([^)\\s]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+Test)`");

    private LinkRules() {}

    static List<Finding> check(List<SourceFile> files) {
        var paths = files.stream().map(SourceFile::path).collect(Collectors.toSet());
        var findings = new ArrayList<Finding>();
        for (var file : files) {
            if (file.path().endsWith(".md")) {
                int number = 0;
                for (var line : file.text().split("\n", -1)) {
                    check(file, ++number, line, files, paths, findings);
                }
            }
        }
        return findings;
    }

    private static void check(
            SourceFile file,
            int number,
            String line,
            List<SourceFile> files,
            Set<String> paths,
            List<Finding> findings) {
        var links = LINK.matcher(line);
        while (links.find()) {
            if (links.group(1).contains(":")) {
                continue;
            }
            var target = target(file, links.group(1));
            boolean isThere =
                    target.isEmpty()
                            || paths.stream()
                                    .anyMatch(path ->
                                            path.equals(target) || path.startsWith(target + "/"))
                            || target.equals("LICENSE");
            if (!isThere) {
                findings.add(Finding.at(file.path(), number, "there is no " + target));
            } else if (links.group(2) != null
                    && !headings(files, target).contains(links.group(2))) {
                findings.add(
                        Finding.at(
                                file.path(),
                                number,
                                "%s has no heading #%s".formatted(target, links.group(2))));
            }
        }
        var tests = TEST.matcher(line);
        while (tests.find()) {
            var name = "/" + tests.group(1) + ".java";
            if (paths.stream().noneMatch(path -> path.endsWith(name))) {
                findings.add(Finding.at(file.path(), number, "there is no " + tests.group(1)));
            }
        }
    }

    private static String target(SourceFile file, String link) {
        return link.isEmpty()
                ? file.path()
                : Path.of(file.folder()).resolve(link).normalize().toString().replace('\\', '/');
    }

    /** As GitHub names them. */
    private static Set<String> headings(List<SourceFile> files, String path) {
        return files.stream()
                .filter(file -> file.path().equals(path))
                .flatMap(file -> HEADING.matcher(file.text()).results())
                .map(heading -> heading.group(1).strip().toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N}_\\- ]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
