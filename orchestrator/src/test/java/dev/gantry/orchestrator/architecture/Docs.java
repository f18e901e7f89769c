package dev.gantry.orchestrator.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The pages of {@code docs/}, as far as tests compare them with the code.
 *
 * <p>Settings are the rows of tables whose first heading is {@code setting}, with whole names, or
 * {@code setting under `prefix`}. A comment right behind a number names the constant that it is:
 * {@code 64 KiB <!-- package.Class.CONSTANT -->}.
 */
final class Docs {
    private static final Path FOLDER = Path.of("../docs");
    private static final Pattern HEADING = Pattern.compile("setting(?: under `([a-z.-]+)`)?");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final Pattern LIMIT =
            Pattern.compile("(\\d[\\d,.]*(?: ?[A-Za-z]+)?)((?: <!-- [\\w.]+ -->)+)");
    private static final Pattern CONSTANT = Pattern.compile("<!-- ([\\w.]+) -->");

    private Docs() {}

    /**
     * @param name whole; what a person fills in is {@code <>}
     * @param value what is said to be the default, without marks
     */
    record Setting(String page, String name, String value) {}

    /**
     * @param value as it stands there, such as {@code 64 KiB}
     * @param constant below {@code dev.gantry.orchestrator}
     */
    record Limit(String page, String constant, String value) {}

    static List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        for (Path page : pages()) {
            List<String> columns = List.of();
            for (String line : lines(page)) {
                List<String> cells = cells(line);
                if (cells.isEmpty()) {
                    columns = List.of();
                } else if (columns.isEmpty()) {
                    columns = cells;
                } else if (HEADING.matcher(columns.getFirst()).matches()) {
                    settings.addAll(row(page.getFileName().toString(), columns, cells));
                }
            }
        }
        return settings;
    }

    private static List<Setting> row(String page, List<String> columns, List<String> cells) {
        MatchResult heading =
                HEADING.matcher(columns.getFirst()).results().findFirst().orElseThrow();
        String prefix = heading.group(1) == null ? "" : heading.group(1) + ".";
        String value = cells.get(columns.indexOf("default")).replace("`", "");
        return NAME.matcher(cells.getFirst())
                .results()
                .map(name -> prefix + name.group(1).replaceAll("<[^>]*>", "<>"))
                .map(name -> new Setting(page, name, value))
                .toList();
    }

    private static List<String> cells(String line) {
        if (!line.startsWith("|")) {
            return List.of();
        }
        String row = line.strip();
        return Stream.of(row.substring(1, row.length() - 1).split("(?<!\\\\)\\|", -1))
                .map(String::strip)
                .toList();
    }

    static List<Limit> limits() {
        List<Limit> limits = new ArrayList<>();
        for (Path page : pages()) {
            for (String line : lines(page)) {
                for (MatchResult limit : LIMIT.matcher(line).results().toList()) {
                    CONSTANT.matcher(limit.group(2))
                            .results()
                            .map(it -> new Limit(page + "", it.group(1), limit.group(1)))
                            .forEach(limits::add);
                }
            }
        }
        return limits;
    }

    private static List<Path> pages() {
        try (Stream<Path> all = Files.walk(FOLDER)) {
            return all.filter(path -> path.toString().endsWith(".md")).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path page) {
        try {
            return Files.readAllLines(page);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
