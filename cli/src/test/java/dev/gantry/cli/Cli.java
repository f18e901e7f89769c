package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs commands as a shell would, and keeps what they print. */
final class Cli {
    private final Map<String, String> variables = new HashMap<>();
    private final Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Style style = Style.PLAIN;
    private String input = "";

    Cli(Path folder) {
        this.folder = folder;
    }

    static Cli of(Path folder, FakeGantry server) {
        return new Cli(folder)
                .with("GANTRY_URL", server.url())
                .with("GANTRY_TOKEN", FakeGantry.KEY);
    }

    Cli with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    Cli with(Style newStyle) {
        style = newStyle;
        return this;
    }

    Cli input(String text) {
        input = text;
        return this;
    }

    int run(String... arguments) {
        out.reset();
        err.reset();
        return Main.run(environment(), arguments);
    }

    Environment environment() {
        return new Environment(
                variables,
                folder,
                folder,
                folder.resolve("server"),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new Terminal(out, err, style, 0));
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    JsonNode json() {
        return Json.parse(out());
    }
}
