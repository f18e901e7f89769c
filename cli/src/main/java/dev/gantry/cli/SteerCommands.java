package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that change how an execution goes on. */
final class SteerCommands {
    private SteerCommands() {}

    abstract static class Steer extends RemoteCommand {
        private final String verb;

        @Parameters(paramLabel = "ID", description = "The execution.")
        private String id = "";

        Steer(Environment environment, String verb) {
            super(environment);
            this.verb = verb;
        }

        @Nullable String reason() {
            return null;
        }

        @Override
        public Integer call() {
            Request request =
                    Request.post("/v1/executions/%s:%s".formatted(Request.encode(id), verb));
            String reason = reason();
            JsonNode execution =
                    api().send(
                                    reason == null
                                            ? request
                                            : request.json(Json.object().put("reason", reason)))
                            .body();
            if (isJson()) {
                printJson(execution);
            } else {
                terminal().print(summary(execution));
            }
            return Exit.OK;
        }

        private String summary(JsonNode execution) {
            String status = Json.text(execution, "status");
            String line = Json.text(execution, "id") + "  " + style().status(status);
            int tasks = execution.path("currentTasks").size();
            boolean stopping = verb.equals("cancel") && !status.equals("cancelled");
            return stopping
                    ? line + ", cancelled once its %d current tasks have stopped".formatted(tasks)
                    : line;
        }
    }

    @Command(
            name = "cancel",
            description = "Cancels an execution, once every running step is confirmed dead.")
    static final class Cancel extends Steer {
        @Option(names = "--reason", paramLabel = "TEXT", description = "For the history.")
        private @Nullable String reason;

        Cancel(Environment environment) {
            super(environment, "cancel");
        }

        @Override
        @Nullable String reason() {
            return reason;
        }
    }

    @Command(
            name = "suspend",
            description = "Suspends an execution: running steps end, no further ones start.")
    static final class Suspend extends Steer {
        @Option(names = "--reason", paramLabel = "TEXT", description = "For the history.")
        private @Nullable String reason;

        Suspend(Environment environment) {
            super(environment, "suspend");
        }

        @Override
        @Nullable String reason() {
            return reason;
        }
    }

    @Command(name = "resume", description = "Lets a suspended execution go on.")
    static final class Resume extends Steer {
        Resume(Environment environment) {
            super(environment, "resume");
        }
    }

    @Command(
            name = "retry",
            description = "Takes a faulted execution up again at the task that faulted.")
    static final class Retry extends Steer {
        Retry(Environment environment) {
            super(environment, "retry");
        }
    }
}
