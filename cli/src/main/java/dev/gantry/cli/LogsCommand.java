package dev.gantry.cli;

import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
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
        if (step == null) {
            new AllLogs(api, id, terminal(), isJson()).print(follow);
        } else {
            List<String> numbers = Steps.numbers(api, id, step);
            for (int i = 0; i < numbers.size(); i++) {
                boolean isLast = i == numbers.size() - 1;
                stream(api, Steps.path(id) + "/" + numbers.get(i) + "/logs", isLast);
            }
        }
        return Exit.OK;
    }

    private void stream(Api api, String path, boolean isLast) {
        Request request =
                Request.get(path)
                        .accept(isJson() ? "application/x-ndjson" : "text/plain")
                        .query("follow", follow ? "true" : null)
                        // A step may be silent for as long as it likes.
                        .patience(follow ? Duration.ZERO : SILENCE);
        try (InputStream body = api.stream(request)) {
            terminal().copy(body, isLast);
        } catch (IOException e) {
            throw new UncheckedIOException("the log broke off", e);
        }
    }
}
