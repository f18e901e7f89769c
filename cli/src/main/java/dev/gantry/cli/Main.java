package dev.gantry.cli;

import dev.gantry.cli.client.Json;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Terminal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The command line. */
public final class Main {
    private static final Map<String, Function<Environment, Object>> COMMANDS = commands();

    private static final int HELP_COLUMNS = 100;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(Environment.system(), arguments));
    }

    private static Map<String, Function<Environment, Object>> commands() {
        Map<String, Function<Environment, Object>> commands = new LinkedHashMap<>();
        commands.put("demo", DemoCommand::new);
        commands.put("server", ServerCommand::new);
        commands.put("apply", ApplyCommand::new);
        commands.put("validate", ValidateCommand::new);
        commands.put("definitions", DefinitionCommands.Definitions::new);
        commands.put("explain", ExplainCommands.Explain::new);
        commands.put("graph", ExplainCommands.Graph::new);
        commands.put("run", RunCommand::new);
        commands.put("send", SendCommand::new);
        commands.put("get", GetCommand::new);
        commands.put("list", ListCommand::new);
        commands.put("logs", LogsCommand::new);
        commands.put("artifacts", ArtifactsCommand::new);
        commands.put("history", HistoryCommand::new);
        commands.put("cancel", SteerCommands.Cancel::new);
        commands.put("suspend", SteerCommands.Suspend::new);
        commands.put("resume", SteerCommands.Resume::new);
        commands.put("retry", SteerCommands.Retry::new);
        commands.put("decide", DecideCommand::new);
        commands.put("dead-letters", DeadLettersCommand::new);
        commands.put("leases", LeasesCommand::new);
        commands.put("nodes", NodesCommand::new);
        commands.put("rebuild", RebuildCommand::new);
        commands.put("adapters", AdaptersCommand::new);
        commands.put("help", _ -> new HelpCommand());
        return commands;
    }

    static int run(Environment environment, String... arguments) {
        Terminal terminal = environment.terminal();
        CommandLine line = commandLine(environment, arguments);
        try {
            return line.execute(arguments);
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    static CommandLine commandLine(Environment environment, String... arguments) {
        CommandLine line = new CommandLine(new GantryCommand());
        wanted(arguments)
                .forEach((name, maker) -> {
                    line.addSubcommand(name, command(maker.apply(environment)));
                });
        helpOf(line.getCommandSpec());
        line.setUsageHelpWidth(HELP_COLUMNS);
        // @file is for --input, not for more arguments.
        line.setExpandAtFiles(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(environment.terminal().out());
        line.setErr(environment.terminal().err());
        line.setColorScheme(
                CommandLine.Help.defaultColorScheme(
                        environment.terminal().style() == Style.ANSI ? Ansi.ON : Ansi.OFF));
        line.setParameterExceptionHandler((failure, _) -> usage(failure, environment.terminal()));
        line.setExecutionExceptionHandler(
                (failure, command, _) -> failed(failure, command, environment));
        return line;
    }

    private static CommandLine command(Object object) {
        CommandLine command = new CommandLine(object);
        if (object instanceof Group group) {
            group.commands().forEach((name, part) -> command.addSubcommand(name, command(part)));
        }
        helpOf(command.getCommandSpec());
        return command;
    }

    /** Only the command that is asked for is set up; all of them would take much longer. */
    private static Map<String, Function<Environment, Object>> wanted(String... arguments) {
        Function<Environment, Object> asked =
                arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
        return asked == null || arguments[0].equals("help")
                ? COMMANDS
                : Map.of(arguments[0], asked);
    }

    private static void helpOf(CommandSpec spec) {
        spec.mixinStandardHelpOptions(false);
        spec.addOption(
                CommandLine.Model.OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Shows this.")
                        .build());
        spec.usageMessage().sortOptions(false).abbreviateSynopsis(true);
    }

    private static int usage(ParameterException failure, Terminal terminal) {
        CommandLine command = failure.getCommandLine();
        terminal.note(terminal.style().red("error") + ": " + failure.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr())) {
            terminal.note(
                    "  "
                            + terminal.style()
                                    .dim(
                                            "→ '%s --help' shows how to use it."
                                                    .formatted(
                                                            command.getCommandSpec()
                                                                    .qualifiedName())));
        }
        return Exit.INVALID;
    }

    private static int failed(Exception failure, CommandLine command, Environment environment) {
        Terminal terminal = environment.terminal();
        boolean isJson =
                command.getCommandSpec().userObject() instanceof RemoteCommand remote
                        && remote.isJson();
        if (isJson) {
            terminal.note(Json.compact(Failures.json(failure)));
        } else {
            Failures.print(failure, terminal);
        }
        int code = Failures.exitCode(failure);
        if (code == Exit.BROKEN && environment.variable("GANTRY_TRACE") != null) {
            failure.printStackTrace(terminal.err());
        }
        return code;
    }
}
