package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "rebuild",
        description = {
            "Writes anew what is told of executions, from what was recorded.",
            "Of those that an earlier release has written; they are read as well without it."
        })
final class RebuildCommand extends RemoteCommand {
    @Option(names = "--all", description = "Of all executions.")
    private boolean all;

    RebuildCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        int rebuilt = 0;
        ArrayNode failed = Json.array();
        String next = null;
        do {
            JsonNode page = page(next);
            rebuilt += page.path("rebuilt").asInt();
            page.path("failed").forEach(failed::add);
            next = page.path("next").textValue();
        } while (next != null);
        if (isJson()) {
            printJson(Json.object().put("rebuilt", rebuilt).set("failed", failed));
        } else {
            terminal().print("%d rebuilt, %d failed".formatted(rebuilt, failed.size()));
            failed.forEach(id -> terminal().print(id.asText()));
        }
        return failed.isEmpty() ? Exit.OK : Exit.FAILED;
    }

    private JsonNode page(@Nullable String after) {
        return api().send(
                        Request.post("/v1/executions:rebuild")
                                .query("all", Boolean.toString(all))
                                .query("after", after))
                .body();
    }
}
