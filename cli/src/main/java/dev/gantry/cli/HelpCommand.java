package dev.gantry.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "help", description = "Shows how to use a command, as its --help does.")
final class HelpCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "Such as 'run' or 'definitions get'; all commands if left out.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        CommandLine shown = spec.parent().commandLine();
        for (String name : names) {
            CommandLine next = shown.getSubcommands().get(name);
            if (next == null) {
                throw new UsageException(
                        "there is no command '%s'; there are: %s"
                                .formatted(
                                        String.join(" ", names),
                                        String.join(", ", shown.getSubcommands().keySet())));
            }
            shown = next;
        }
        shown.usage(shown.getOut());
        return Exit.OK;
    }
}
