package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Table;
import dev.gantry.cli.terminal.Times;
import picocli.CommandLine.Command;

@Command(
        name = "nodes",
        description = "Lists the server processes on one database, with what each holds.")
final class NodesCommand extends RemoteCommand {
    NodesCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        JsonNode answer = api().get("/v1/nodes");
        if (isJson()) {
            printJson(answer);
            return Exit.OK;
        }
        Table table =
                new Table(style(), "NODE", "STATUS", "SHARDS", "VERSION", "STARTED", "SEEN", "");
        for (JsonNode node : answer.path("items")) {
            table.row(
                    Style.safe(Json.text(node, "name")),
                    style().status(Json.text(node, "status")),
                    node.path("shards").asText(),
                    Style.safe(Json.text(node, "version")),
                    Times.local(Json.text(node, "startedAt")),
                    Times.local(Json.text(node, "seenAt")),
                    node.path("self").asBoolean() ? "answers" : "");
        }
        table.print(terminal());
        return Exit.OK;
    }
}
