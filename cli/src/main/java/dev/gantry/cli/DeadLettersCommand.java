package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Table;
import dev.gantry.cli.terminal.Times;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "dead-letters",
        description = "Lists steps that may have taken effect and wait for a decision.")
final class DeadLettersCommand extends RemoteCommand {
    DeadLettersCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        List<JsonNode> letters =
                new Paged(api(), Request.get("/v1/dead-letters").query("limit", "200"), 0).items();
        if (isJson()) {
            ObjectNode json = Json.object();
            json.putArray("items").addAll(letters);
            printJson(json);
            return Exit.OK;
        }
        if (letters.isEmpty()) {
            terminal().note("nothing waits for a decision");
            return Exit.OK;
        }
        Table table =
                new Table(style(), "EXECUTION", "STEP", "TASK", "DEFINITION", "SINCE", "FAILURE");
        for (JsonNode letter : letters) {
            table.row(
                    Style.safe(Json.text(letter, "execution")),
                    letter.path("step").asText(),
                    ExecutionText.task(Json.text(letter, "pointer"), ""),
                    ExecutionText.definition(letter.path("definition")),
                    Times.local(Json.text(letter, "since")),
                    style().red(Style.safe(Json.text(letter, "failureCode")))
                            + " "
                            + Style.safe(Json.text(letter, "message")));
        }
        table.print(terminal());
        terminal().note(style().dim("decide with: decide EXECUTION STEP rerun|accept|fail"));
        return Exit.OK;
    }
}
