package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Table;
import dev.gantry.cli.terminal.Times;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "artifacts",
        description = "Lists the output files of a step, or gets one.",
        footer = {
            "",
            "A file is written to the working folder under the last part of its name, or to where",
            "--to says. What is there already is not overwritten."
        })
final class ArtifactsCommand extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The execution.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "STEP", description = "Number or task of the step.")
    private String step = "";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "NAME",
            description = "The file to get, as the list names it.")
    private @Nullable String name;

    @Option(
            names = "--to",
            paramLabel = "FILE",
            description = "Where the file goes; - for the standard output.")
    private @Nullable String to;

    ArtifactsCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() throws IOException {
        Api api = api();
        List<String> numbers = Steps.numbers(api, id, step);
        if (name == null) {
            if (to != null) {
                throw new UsageException("--to goes with the NAME of a file");
            }
            list(api, numbers);
            return Exit.OK;
        }
        if (numbers.size() > 1) {
            throw new UsageException(
                    "'%s' is %d steps: name one of %s"
                            .formatted(step, numbers.size(), String.join(", ", numbers)));
        }
        get(api, numbers.getFirst(), name);
        return Exit.OK;
    }

    private void list(Api api, List<String> numbers) {
        ObjectNode json = Json.object();
        var all = json.putArray("items");
        Table table = new Table(style(), "STEP", "ATTEMPT", "BYTES", "WRITTEN", "NAME");
        for (String number : numbers) {
            for (JsonNode file : api.items(Request.get(path(number)))) {
                ObjectNode item = Json.object().put("step", Integer.parseInt(number));
                item.setAll((ObjectNode) file);
                all.add(item);
                table.row(
                        number,
                        file.path("attempt").asText(),
                        String.format(Locale.ROOT, "%,d", file.path("sizeBytes").asLong()),
                        Times.local(Json.text(file, "at")),
                        Style.safe(Json.text(file, "path")));
            }
        }
        if (isJson()) {
            printJson(json);
        } else if (all.isEmpty()) {
            terminal().note("no output files");
        } else {
            table.print(terminal());
        }
    }

    private void get(Api api, String number, String file) throws IOException {
        Request request =
                Request.get(path(number) + "/content")
                        .query("path", file)
                        .accept("application/octet-stream, application/json");
        if ("-".equals(to)) {
            try (InputStream body = api.stream(request)) {
                terminal().copy(body, true);
            }
            return;
        }
        Path target = target(file);
        long bytes = download(api, request, target);
        if (isJson()) {
            printJson(Json.object().put("file", target.toString()).put("sizeBytes", bytes));
        } else {
            terminal().print("%s  %,d bytes".formatted(Style.safe(target.toString()), bytes));
        }
    }

    /** A workload chose the name: nothing of it but the last part decides where a file goes. */
    private Path target(String file) {
        String last = file.substring(file.lastIndexOf('/') + 1);
        boolean isName = !last.isEmpty() && !last.equals(".") && !last.equals("..");
        if (to == null && !isName) {
            throw new UsageException(
                    "'%s' is no name of a file; say with --to where it shall go".formatted(file));
        }
        return environment().resolve(Path.of(Objects.requireNonNullElse(to, last)));
    }

    private static long download(Api api, Request request, Path target) throws IOException {
        try (InputStream body = api.stream(request);
                OutputStream file = create(target)) {
            long bytes;
            try {
                bytes = body.transferTo(file);
            } catch (IOException e) {
                Files.deleteIfExists(target);
                throw e;
            }
            return bytes;
        }
    }

    private static OutputStream create(Path target) {
        try {
            return Files.newOutputStream(target, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new UsageException(
                    "%s is there already; say with --to where the file shall go".formatted(target),
                    e);
        } catch (IOException e) {
            throw new UsageException("%s cannot be written: %s".formatted(target, e), e);
        }
    }

    private String path(String number) {
        return Steps.path(id) + "/" + number + "/artifacts";
    }
}
