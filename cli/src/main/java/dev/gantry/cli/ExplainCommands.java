package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.terminal.Style;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What says and draws what was published. */
final class ExplainCommands {
    private ExplainCommands() {}

    private static String path(DefinitionName name, String what) {
        return DefinitionCommands.versionPath(name) + "/" + what;
    }

    abstract static class Shown extends RemoteCommand {
        Shown(Environment environment) {
            super(environment);
        }

        final Integer show(String path, String type) {
            if (isJson()) {
                JsonNode answer = api().get(path);
                printJson(answer);
                return Exit.OK;
            }
            try (InputStream body = api().stream(Request.get(path).accept(type))) {
                new String(body.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(Style::safe)
                        .forEach(terminal()::print);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Exit.OK;
        }
    }

    @Command(
            name = "explain",
            description = "Says in plain sentences what a published definition does.")
    static final class Explain extends Shown {
        @Parameters(paramLabel = "NAMESPACE/NAME[:VERSION]", description = "The definition.")
        private String name = "";

        Explain(Environment environment) {
            super(environment);
        }

        @Override
        public Integer call() {
            return show(path(DefinitionName.parse(name), "explain"), "text/markdown");
        }
    }

    @Command(
            name = "graph",
            description = "Draws a workflow, or the way that an execution took, as Mermaid.")
    static final class Graph extends Shown {
        @Parameters(
                paramLabel = "NAMESPACE/NAME[:VERSION]|ID",
                description = "The workflow, or the execution.")
        private String name = "";

        Graph(Environment environment) {
            super(environment);
        }

        @Override
        public Integer call() {
            String path =
                    name.contains("/")
                            ? path(DefinitionName.parse(name), "graph")
                            : "/v1/executions/" + Request.encode(name) + "/graph";
            return show(path, "text/vnd.mermaid");
        }
    }
}
