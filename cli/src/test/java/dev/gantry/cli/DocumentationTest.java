package dev.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands and options of {@code docs/cli.md} are those that there are. */
class DocumentationTest {
    private static final Path PAGE = Path.of("../docs/cli.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[a-z][a-z-]*");

    private static final Pattern CALL = Pattern.compile("(?:\\./|`)gantry ([a-z-]+)");

    @TempDir Path folder;

    /** How a command is called, and its options but for those that all have. */
    private Map<String, Set<String>> commands() {
        Map<String, Set<String>> commands = new TreeMap<>();
        CommandLine all = Main.commandLine(new Cli(folder).environment());
        all.getSubcommands().values().forEach(command -> add(commands, "", command));
        return commands;
    }

    private static void add(Map<String, Set<String>> commands, String before, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        String name = before + spec.name();
        String call =
                name
                        + spec.positionalParameters().stream()
                                .map(DocumentationTest::label)
                                .collect(Collectors.joining());
        boolean isRemote = spec.userObject() instanceof RemoteCommand;
        commands.put(
                call,
                spec.options().stream()
                        .map(OptionSpec::longestName)
                        .filter(option -> !option.equals("--help"))
                        .filter(option -> !isRemote || !common().contains(option))
                        .collect(Collectors.toCollection(TreeSet::new)));
        command.getSubcommands().values().forEach(part -> add(commands, name + " ", part));
    }

    private static String label(PositionalParamSpec parameter) {
        String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "…" : "");
        return " " + (parameter.arity().min() == 0 ? "[" + label + "]" : label);
    }

    private static Set<String> common() {
        return Set.of("--url", "--token", "--data", "--output");
    }

    @Test
    void listsEveryCommandWithItsOptions() throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        for (List<String> row : table("| command | options |")) {
            documented.put(code(row.getFirst()).getFirst(), new TreeSet<>(code(row.get(1))));
        }

        assertThat(documented).isEqualTo(commands());
    }

    @Test
    void listsTheOptionsOfAllCommands() throws IOException {
        Set<String> documented =
                table("| option | variable |").stream()
                        .map(row -> code(row.getFirst()).getFirst().replaceAll("[ ,].*", ""))
                        .collect(Collectors.toSet());
        CommandLine all = Main.commandLine(new Cli(folder).environment());
        OptionSpec help = all.getCommandSpec().findOption("--help");

        Set<String> common = new HashSet<>(common());
        common.add(help.longestName());
        assertThat(documented).isEqualTo(common);
    }

    @Test
    void namesNoOptionThatIsNone() throws IOException {
        Set<String> known = new HashSet<>();
        CommandLine all = Main.commandLine(new Cli(folder).environment());
        all.getSubcommands().values().forEach(command -> names(known, command));
        String page = Files.readString(PAGE).replace("--name.of.setting", "");

        Set<String> named =
                OPTION.matcher(page)
                        .results()
                        .map(MatchResult::group)
                        .filter(name -> name.startsWith("--"))
                        .collect(Collectors.toSet());

        assertThat(known).containsAll(named);
    }

    @Test
    void callsOnlyCommandsThatThereAre() throws IOException {
        CommandLine all = Main.commandLine(new Cli(folder).environment());
        List<Path> pages = new ArrayList<>(List.of(Path.of("../README.md")));
        for (String root : List.of("../docs", "../examples")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }

        for (Path page : pages) {
            Set<String> called =
                    CALL.matcher(Files.readString(page))
                            .results()
                            .map(call -> call.group(1))
                            .collect(Collectors.toSet());
            assertThat(all.getSubcommands().keySet()).as("of %s", page).containsAll(called);
        }
    }

    private static void names(Set<String> known, CommandLine command) {
        command.getCommandSpec()
                .options()
                .forEach(option -> known.addAll(Arrays.asList(option.names())));
        command.getSubcommands().values().forEach(part -> names(known, part));
    }

    @Test
    void listsEveryExitCode() throws IOException {
        Set<String> documented =
                table("| code | meaning |").stream()
                        .map(List::getFirst)
                        .filter(code -> code.matches("\\d"))
                        .collect(Collectors.toSet());
        Set<String> known =
                Arrays.stream(Exit.class.getDeclaredFields())
                        .map(DocumentationTest::value)
                        .collect(Collectors.toSet());

        assertThat(documented).isEqualTo(known);
    }

    private static String value(java.lang.reflect.Field field) {
        try {
            return String.valueOf(field.getInt(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> code(String cell) {
        return CODE.matcher(cell)
                .results()
                .map(code -> code.group(1).replace("\\|", "|"))
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    /** The rows of all tables with this beginning. */
    private static List<List<String>> table(String heading) throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        return lines.stream()
                .dropWhile(line -> !line.startsWith(heading))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.substring(1, line.lastIndexOf('|')))
                .map(line ->
                        Arrays.stream(line.split("(?<!\\\\)\\|", -1)).map(String::strip).toList())
                .toList();
    }
}
