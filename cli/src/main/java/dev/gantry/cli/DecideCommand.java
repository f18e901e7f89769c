package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "decide",
        description = {
            "Decides about a step that may have taken effect.",
            "rerun runs it once more, accept takes it as done, fail raises its error."
        })
final class DecideCommand extends RemoteCommand {
    enum Decision {
        RERUN,
        ACCEPT,
        FAIL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(index = "0", paramLabel = "ID", description = "The execution.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "STEP", description = "The step's number.")
    private int step;

    @Parameters(
            index = "2",
            paramLabel = "rerun|accept|fail",
            description = "Run it again, take it as done, or fail the task.")
    private Decision decision = Decision.RERUN;

    @Option(
            names = "--result",
            paramLabel = "JSON",
            description = "Of accept: what the step gave, as JSON, @FILE or @- for the input.")
    private @Nullable String result;

    @Option(names = "--reason", paramLabel = "TEXT", description = "For the history.")
    private @Nullable String reason;

    DecideCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        if (result != null && decision != Decision.ACCEPT) {
            throw new UsageException("--result goes with accept, not with " + decision);
        }
        ObjectNode body = Json.object().put("step", step).put("decision", decision.toString());
        if (result != null) {
            body.set("output", JsonInput.read("--result", result, environment()));
        }
        if (reason != null) {
            body.put("reason", reason);
        }
        JsonNode execution =
                api().send(
                                Request.post("/v1/executions/" + Request.encode(id) + ":decide")
                                        .json(body))
                        .body();
        if (isJson()) {
            printJson(execution);
        } else {
            terminal()
                    .print(
                            "%s  step %d: %s, now %s"
                                    .formatted(
                                            Json.text(execution, "id"),
                                            step,
                                            decision,
                                            style().status(Json.text(execution, "status"))));
        }
        return Exit.OK;
    }
}
