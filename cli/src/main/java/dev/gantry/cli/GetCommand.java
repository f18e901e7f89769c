package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "get", description = "Shows an execution: status, steps, input and output.")
final class GetCommand extends RemoteCommand {
    @Parameters(paramLabel = "ID", description = "The execution.")
    private String id = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Follow it to its end, and exit by its result as 'run' does.")
    private boolean follow;

    GetCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (follow) {
            return new Follow(this::api, id, terminal(), isJson()).toTheEnd();
        }
        Api api = api();
        String path = "/v1/executions/" + Request.encode(id);
        JsonNode execution = api.get(path);
        if (isJson()) {
            printJson(execution);
        } else {
            new ExecutionText(terminal()).print(execution, Steps.all(api, id));
        }
        return Exit.OK;
    }
}
