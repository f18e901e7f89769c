package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends an event to whoever listens for it. */
@Command(
        name = "send",
        description = "Sends an event (a CloudEvent) to the executions that listen for it.",
        footer = {
            "",
            "An event whose source and id are known is not taken again: give --id to be able to repeat",
            "the command."
        })
final class SendCommand extends RemoteCommand {
    @Parameters(paramLabel = "TYPE", description = "Of the event, such as order.paid.")
    private String type = "";

    @Option(
            names = {"-i", "--input"},
            paramLabel = "JSON",
            description = "What it says: JSON, @FILE, or @- for the standard input.")
    private @Nullable String data;

    @Option(names = "--source", paramLabel = "URI", description = "Where it comes from (/cli).")
    private String source = "/cli";

    @Option(names = "--id", paramLabel = "ID", description = "Unique for its source (a new one).")
    private @Nullable String id;

    SendCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        JsonNode content = data == null ? null : JsonInput.read("--input", data, environment());
        ObjectNode event = event(type, source, id, content);
        JsonNode answer = api().send(request(event)).body();
        if (isJson()) {
            printJson(answer);
        } else {
            boolean isNew = answer.path("accepted").asInt() == 1;
            terminal()
                    .print(
                            isNew
                                    ? "sent, id " + Json.text(event, "id")
                                    : "known already, so not sent again");
        }
        return Exit.OK;
    }

    static ObjectNode event(
            String type, String source, @Nullable String id, @Nullable JsonNode data) {
        ObjectNode event = Json.object();
        event.put("specversion", "1.0");
        event.put("id", id == null ? UUID.randomUUID().toString() : id);
        event.put("source", source);
        event.put("type", type);
        if (data != null) {
            event.set("data", data);
        }
        return event;
    }

    static Request request(ObjectNode event) {
        return Request.post("/v1/events").body("application/cloudevents+json", Json.bytes(event));
    }
}
