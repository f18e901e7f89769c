package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Table;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "adapters", description = "Lists the runner adapters with their health and load.")
final class AdaptersCommand extends RemoteCommand {
    @Option(names = "--capabilities", description = "Shows what each one can do.")
    private boolean capabilities;

    AdaptersCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        JsonNode answer = api().get("/v1/adapters");
        if (isJson()) {
            printJson(answer);
            return Exit.OK;
        }
        Table table =
                new Table(style(), "ADAPTER", "STATUS", "CLASSES", "RUNNING", "QUEUED", "DETAIL");
        for (JsonNode adapter : answer.path("items")) {
            table.row(
                    Style.safe(Json.text(adapter, "kind")),
                    style().status(Json.text(adapter, "status")),
                    words(adapter.at("/capabilities/runtimeClasses")),
                    adapter.path("inFlight").asText(),
                    adapter.path("queued").asText(),
                    Style.safe(Json.text(adapter, "detail")));
        }
        table.print(terminal());
        if (capabilities) {
            for (JsonNode adapter : answer.path("items")) {
                terminal().print("");
                terminal().print(style().bold(Style.safe(Json.text(adapter, "kind"))));
                terminal().print("  " + words(adapter.at("/capabilities/claims")));
            }
        }
        return Exit.OK;
    }

    private static String words(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(word -> word.asText().toLowerCase(Locale.ROOT).replace('_', '-'))
                .map(Style::safe)
                .collect(Collectors.joining(", "));
    }
}
