package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.terminal.ErrorText;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Table;
import dev.gantry.cli.terminal.Times;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "history", description = "Lists everything that happened in an execution.")
final class HistoryCommand extends RemoteCommand {
    private static final int MOST_DATA = 100;

    @Parameters(paramLabel = "ID", description = "The execution.")
    private String id = "";

    @Option(names = "--full", description = "Shows the events' data whole.")
    private boolean full;

    HistoryCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        Request request =
                Request.get("/v1/executions/" + Request.encode(id) + "/history")
                        .query("limit", "200");
        List<JsonNode> events = new Paged(api(), request, 0).items();
        if (isJson()) {
            ObjectNode json = Json.object();
            json.putArray("items").addAll(events);
            printJson(json);
            return Exit.OK;
        }
        String began = events.isEmpty() ? "" : Json.text(events.getFirst(), "at");
        Table table = new Table(style(), "#", "AFTER", "EVENT", "TASK", "DATA");
        for (JsonNode event : events) {
            String data = Json.compact(event.path("data"));
            boolean cut = !full && data.length() > MOST_DATA;
            table.row(
                    event.path("sequence").asText(),
                    Times.between(began, Json.text(event, "at")),
                    Json.text(event, "type"),
                    Style.safe(ErrorText.taskName(Json.text(event, "task"))),
                    style().dim(cut ? data.substring(0, MOST_DATA - 1) + "…" : data));
        }
        table.print(terminal());
        return Exit.OK;
    }
}
