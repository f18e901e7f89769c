package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that asks a server. */
abstract class RemoteCommand implements Callable<Integer> {
    private final Environment environment;

    @Mixin private final Connection connection = new Connection();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text for people, json for programs.")
    private Format format = Format.TEXT;

    RemoteCommand(Environment environment) {
        this.environment = environment;
    }

    final Environment environment() {
        return environment;
    }

    final Terminal terminal() {
        return environment.terminal();
    }

    final Style style() {
        return terminal().style();
    }

    final boolean isJson() {
        return format == Format.JSON;
    }

    final Api api() {
        return connection.api(environment);
    }

    final void printJson(JsonNode value) {
        terminal().print(Json.pretty(value));
    }
}
