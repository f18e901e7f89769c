package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "logs",
        description = "Prints what the steps of an execution wrote.",
        footer = {
            "",
            "With a STEP the bytes come as they were written, without one each line has the task's",
            "name before it."
        })
final class LogsCommand extends RemoteCommand {
    private static final Duration SILENCE = Duration.ofSeconds(60);

    @Parameters(index = "0", paramLabel = "ID", description = "The execution.")
    private String id = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "STEP",
            description = "Number or task of the step; all steps if left out.")
    private @Nullable String step;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on until the step, or the execution, has ended.")
    private boolean follow;

    LogsCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
        Api api = api();
        String path = "/v1/executions/" + Request.encode(id);
        if (step == null) {
            new AllLogs(api, path, terminal(), isJson()).print(follow);
        } else {
            for (String number : steps(api, path, step)) {
                stream(api, path + "/steps/" + number + "/logs");
            }
        }
        return Exit.OK;
    }

    /** The numbers of the steps that are meant: a task in a loop has many. */
    private List<String> steps(Api api, String path, String wanted) {
        if (wanted.matches("\\d{1,9}")) {
            return List.of(wanted);
        }
        List<String> numbers = new ArrayList<>();
        List<String> tasks = new ArrayList<>();
        for (JsonNode each : api.get(path + "/steps").path("items")) {
            String pointer = Json.text(each, "pointer");
            String task = ExecutionText.task(pointer, Json.text(each, "iteration"));
            if (wanted.equals(task)
                    || wanted.equals(pointer)
                    || wanted.equals(ExecutionText.task(pointer, ""))) {
                numbers.add(each.path("step").asText());
            }
            tasks.add(task);
        }
        if (numbers.isEmpty()) {
            throw new UsageException(
                    "execution %s has no step '%s'; there are: %s"
                            .formatted(
                                    id,
                                    wanted,
                                    tasks.isEmpty() ? "none yet" : String.join(", ", tasks)));
        }
        return numbers;
    }

    private void stream(Api api, String path) {
        Request request =
                Request.get(path)
                        .accept(isJson() ? "application/x-ndjson" : "text/plain")
                        .query("follow", follow ? "true" : null)
                        // A step may be silent for as long as it likes.
                        .patience(follow ? Duration.ZERO : SILENCE);
        OutputStream out = terminal().raw();
        try (InputStream body = api.stream(request)) {
            byte[] buffer = new byte[64 * 1024];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the log broke off", e);
        }
    }
}
