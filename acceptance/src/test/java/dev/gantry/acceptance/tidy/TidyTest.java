package dev.gantry.acceptance.tidy;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Looks at every file of the repository. */
class TidyTest {

    private static final String EXCEPTIONS = "acceptance/src/test/resources/tidy-exceptions.txt";

    @Test
    void repositoryIsTidy() throws IOException {
        var root = Path.of(System.getProperty("gantry.home", "..")).toRealPath();
        var files = SourceFile.allIn(root);
        assertThat(files).as("files under %s", root).anyMatch(SourceFile::isJava);

        var findings = check(files);
        findings.addAll(PackageRules.check(files));
        findings.addAll(LinkRules.check(files));

        var exceptions = Exceptions.parse(EXCEPTIONS, Files.readString(root.resolve(EXCEPTIONS)));
        var left = exceptions.apply(findings);
        if (!left.isEmpty()) {
            fail(left.stream().map(Finding::toString).collect(joining("\n", "untidy:\n", "")));
        }
    }

    @Test
    void findsLongFilesAndMethods() throws IOException {
        var longMethod = "class A {\n  void run() {\n" + "    int i;\n".repeat(60) + "  }\n}\n";
        var longFile = "class A {\n" + "\n".repeat(500) + "}\n";

        assertThat(check("m/src/A.java", longMethod))
                .extracting(Finding::toString)
                .containsExactly("m/src/A.java:2: A.run has 62 lines, allowed are 60");
        assertThat(check("m/src/A.java", longFile))
                .extracting(Finding::toString)
                .containsExactly("m/src/A.java:1: file has 502 lines, allowed are 500");
    }

    @Test
    void findsMarkersPrintingAndHollowNames() throws IOException {
        var untidy =
                """
                class FileUtils {
                  static class Managers {}
                  static class Utilisation {}
                  void run(Exception e) {
                    System.out.println(1); // TO%s
                    e.printStackTrace();
                  }
                }
                """
                        .formatted("DO");

        assertThat(check("m/src/FileUtils.java", untidy))
                .extracting(Finding::line)
                .containsExactlyInAnyOrder(1, 2, 5, 5, 6);
        assertThat(check("cli/src/A.java", "class A { Object o = System.out; }")).isEmpty();
    }

    @Test
    void findsPackagesThatAreNotNullMarked() {
        var files =
                List.of(
                        new SourceFile("m/src/main/java/a/A.java", ""),
                        new SourceFile("m/src/main/java/a/package-info.java", "@NullMarked"),
                        new SourceFile("m/src/test/java/a/ATest.java", ""),
                        new SourceFile("m/src/test/java/b/BTest.java", ""));

        assertThat(PackageRules.check(files))
                .extracting(Finding::path)
                .containsExactly("m/src/test/java/b/package-info.java");
    }

    @Test
    void findsLinksThatLeadNowhere() {
        var page =
                """
                # A page: `run` it

                [here](#a-page-run-it), [there](../README.md#start), [away](https://example.org/x#y)
                [wrong](#a-page), [gone](old.md), [folder](../docs/), `TidyTest`, `UntidyTest`
                """;
        var files =
                List.of(
                        new SourceFile("docs/a.md", page),
                        new SourceFile("README.md", "# Start\n"),
                        new SourceFile("a/src/test/java/a/TidyTest.java", ""));

        assertThat(LinkRules.check(files))
                .extracting(Finding::toString)
                .containsExactly(
                        "docs/a.md:4: docs/a.md has no heading #a-page",
                        "docs/a.md:4: there is no docs/old.md",
                        "docs/a.md:4: there is no UntidyTest");
    }

    @Test
    void excusesOnlyWhatIsListedAndNeeded() {
        var finding = Finding.tooLong("A.java", 1, "A.java", 700, 500);

        assertThat(exceptions("A.java | 700 | one table").apply(List.of(finding))).isEmpty();
        assertThat(exceptions("A.java | 699 | one table").apply(List.of(finding)))
                .containsExactly(finding);
        assertThat(exceptions("B.java | 600 | gone").apply(List.of()))
                .extracting(Finding::toString)
                .containsExactly("list:1: no longer needed: B.java");
    }

    private static Exceptions exceptions(String text) {
        return Exceptions.parse("list", text);
    }

    private static List<Finding> check(String path, String text) throws IOException {
        return check(List.of(new SourceFile(path, text)));
    }

    private static List<Finding> check(List<SourceFile> files) throws IOException {
        var findings = new ArrayList<Finding>();
        for (var file : files) {
            findings.addAll(TextRules.check(file));
        }
        findings.addAll(JavaRules.check(files));
        return findings;
    }
}
