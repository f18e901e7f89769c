package dev.gantry.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.document.Finding;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "apply",
        description = "Publishes workflows and functions; what is there already stays.",
        footer = {
            "",
            "What others use is published first. A published version never changes: other content",
            "under the same version is a conflict, and nothing of it is published.",
            "Ends with 0 if all is published, 2 if a document is invalid, 4 at a conflict."
        })
final class ApplyCommand extends RemoteCommand {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "YAML or JSON, several documents a file; - for the standard input.")
    private List<Path> paths = List.of();

    ApplyCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        List<Publication> publications =
                new Publisher(api()).publish(Sources.read(paths, environment()));
        if (isJson()) {
            ArrayNode json = Json.array();
            publications.forEach(publication -> json.add(publication.json()));
            printJson(json);
        } else {
            print(publications);
        }
        return publications.stream().mapToInt(Publication::exitCode).max().orElse(Exit.OK);
    }

    private void print(List<Publication> publications) {
        Table table = new Table(style());
        List<String> details = new ArrayList<>();
        for (Publication publication : publications) {
            table.row(
                    style().status(publication.result().toString()),
                    publication.kind(),
                    publication.name(),
                    style().dim(publication.document().place()));
            publication
                    .findings()
                    .forEach(problem ->
                            details.addAll(
                                    Finding.error(publication.document(), problem, style())));
            publication
                    .warnings()
                    .forEach(warning ->
                            details.addAll(
                                    Finding.warning(publication.document(), warning, style())));
            if (publication.result() == Publication.Result.CONFLICT) {
                details.add(
                        "%s: %s"
                                .formatted(
                                        style().bold(publication.document().place()),
                                        Style.safe(publication.detail())));
            }
        }
        table.print(terminal());
        details.forEach(terminal()::note);
    }

    static String plural(int count, String word) {
        return String.format(Locale.ROOT, "%d %s%s", count, word, count == 1 ? "" : "s");
    }
}
