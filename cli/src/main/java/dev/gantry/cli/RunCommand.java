package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Answer;
import dev.gantry.cli.client.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = "Starts a workflow and follows it to its end.",
        footer = {
            "",
            "Ends with 0 if it completed and 1 if it faulted or was cancelled. An interrupt stops",
            "following only; the execution goes on."
        })
final class RunCommand extends RemoteCommand {
    @Parameters(paramLabel = "NAMESPACE/NAME[:VERSION]", description = "The latest by default.")
    private String name = "";

    @Option(
            names = {"-i", "--input"},
            paramLabel = "JSON",
            description = "As JSON, @FILE, or @- for the standard input ({}).")
    private String input = "{}";

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "A start that is repeated with the same key gives the first execution.")
    private @Nullable String idempotencyKey;

    @Option(
            names = "--correlation-id",
            paramLabel = "ID",
            description = "Yours, to find the execution by; it is in every log line.")
    private @Nullable String correlationId;

    @Option(names = "--function", description = "Runs a function, not a workflow.")
    private boolean function;

    @Option(names = "--no-wait", description = "Only starts it, and prints its id.")
    private boolean noWait;

    RunCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
        DefinitionName definition = DefinitionName.parse(name);
        JsonNode data = JsonInput.read("--input", input, environment());
        ObjectNode body = Json.object();
        body.set("definition", definition.json(function));
        body.set("input", data);
        if (correlationId != null) {
            body.put("correlationId", correlationId);
        }
        Answer started = new Start(this::api, body, idempotencyKey).send();
        String id = Json.text(started.body(), "id");
        if (noWait) {
            if (isJson()) {
                printJson(started.body());
            } else {
                terminal().print(id);
            }
            return Exit.OK;
        }
        if (!isJson()) {
            String again = started.replayed() && idempotencyKey != null ? ", started before" : "";
            terminal().print(style().bold(definition.toString()) + "  " + style().dim(id + again));
        }
        return new Follow(this::api, id, terminal(), isJson()).toTheEnd();
    }
}
