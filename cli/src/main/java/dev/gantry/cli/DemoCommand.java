package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.RefusedException;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.client.UnreachableException;
import dev.gantry.cli.document.Document;
import dev.gantry.cli.document.Finding;
import dev.gantry.cli.server.ContainerEngine;
import dev.gantry.cli.server.ContainerEngine.Found;
import dev.gantry.cli.server.Context;
import dev.gantry.cli.terminal.StatusLine;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Terminal;
import dev.gantry.cli.terminal.Times;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

@Command(
        name = "demo",
        description = "Starts a server of its own and runs a real workflow on it.",
        footer = {
            "",
            "Needs nothing: PostgreSQL comes along, and what is no container runs on the local mock.",
            "With settings of the server after it, as for a cluster or Lambda, it uses these:",
            "  --gantry.adapters.k8s-job.kubeconfig=FILE --gantry.adapters.k8s-job.namespace=NAME",
            "  --gantry.adapters.lambda.region=REGION --gantry.adapters.lambda.deploy-role=ARN",
            "Stays up until it is interrupted."
        })
final class DemoCommand implements Callable<Integer> {
    private static final String WORKFLOW = "shop/order-fulfilment";
    private static final String SAGA = "shop/preorder";
    private static final String ANSWER = "supplier.answered";
    private static final Map<String, String> BACKENDS =
            Map.of("k8s-job", "jobs", "lambda", "functions");
    private static final List<String> BEFORE_WAITING = List.of("pending", "running");

    private final Environment environment;
    private final Terminal terminal;
    private final Style style;

    @Option(names = "--exit", description = "Stops everything when the workflow has ended.")
    private boolean exit;

    @Option(names = "--data", paramLabel = "DIR", description = "Data folder (.gantry/demo).")
    private @Nullable Path data;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "To listen on (8080, or a free one if that is taken).")
    private @Nullable Integer port;

    @Unmatched private final List<String> others = new ArrayList<>();

    DemoCommand(Environment environment) {
        this.environment = environment;
        this.terminal = environment.terminal();
        this.style = terminal.style();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = environment.home();
        if (home == null || !Files.isDirectory(home.resolve("examples"))) {
            throw new UsageException(
                    "there are no examples here; start through ./gantry of a clone");
        }
        Path folder = data == null ? environment.demoFolder() : environment.resolve(data);
        refuseSecond(folder);
        Found found = ContainerEngine.look(home);
        try (DemoServer server =
                DemoServer.start(
                        environment,
                        home,
                        folder,
                        found,
                        port,
                        others,
                        ServerHome.require(environment))) {
            if (!await(server)) {
                return Exit.FAILED;
            }
            Context context = server.context();
            tell("containers", containers(found));
            boolean completed = demonstrate(context, home);
            if (exit || !completed) {
                return completed ? Exit.OK : Exit.FAILED;
            }
            stay(folder);
            int code = server.await();
            terminal.note("the server has ended with code %d".formatted(code));
            return code == 0 ? Exit.OK : Exit.FAILED;
        }
    }

    private void refuseSecond(Path folder) {
        Context.read(folder)
                .filter(Context::isAlive)
                .ifPresent(running -> {
                    throw new UsageException(
                            "a server runs on %s already, at %s (process %d); stop it, or give this one another --data"
                                    .formatted(folder, running.url(), running.process()));
                });
    }

    private boolean await(DemoServer server) throws InterruptedException, IOException {
        Instant began = Instant.now();
        try (StatusLine line =
                new StatusLine(
                        terminal,
                        () ->
                                "starting the server "
                                        + Times.duration(Duration.between(began, Instant.now())))) {
            line.start();
            if (server.awaitReady()) {
                line.print(
                        row(
                                "server",
                                "%s, ready in %s"
                                        .formatted(
                                                server.context().url(),
                                                Times.duration(
                                                        Duration.between(began, Instant.now())))));
                return true;
            }
        }
        terminal.note(
                style.red("error") + ": the server did not start; the end of " + server.log());
        server.logTail().forEach(line -> terminal.note("  " + Style.safe(line)));
        return false;
    }

    private String containers(Found found) {
        return switch (found) {
            case Found.Engine(String version) -> "Docker %s, a real one".formatted(version);
            case Found.Nothing(String reason) ->
                    reason + ", so container steps run on the local mock";
        };
    }

    /** Backends that the user has configured beside Docker. */
    private void tellBackends(Api api) {
        for (JsonNode adapter : api.get("/v1/adapters").path("items")) {
            String steps = BACKENDS.get(Json.text(adapter, "kind"));
            if (steps != null) {
                String detail = Style.safe(Json.text(adapter, "detail"));
                boolean isThere = Json.text(adapter, "status").equals("connected");
                tell(steps, isThere ? detail : "not there, so the local mock: " + detail);
            }
        }
    }

    private boolean demonstrate(Context context, Path home)
            throws InterruptedException, IOException {
        Api api = new Api(URI.create(context.url()), context.token());
        tellBackends(api);
        if (!publish(api, home.resolve("examples"))) {
            return false;
        }
        ObjectNode body = Json.object();
        body.set("definition", DefinitionName.parse(WORKFLOW).json(false));
        body.set("input", Json.parse(Files.readString(home.resolve("examples/inputs/order.json"))));
        String id = Json.text(new Start(() -> api, body, null).send().body(), "id");
        terminal.print("");
        terminal.print(style.bold(WORKFLOW) + "  " + style.dim(id));
        Follow follow = new Follow(() -> api, id, terminal, false);
        JsonNode ended = follow.end();
        follow.print(ended);
        boolean completed = Json.text(ended, "status").equals("completed") && saga(api);
        if (completed) {
            Duration whole = Duration.between(started(), Instant.now());
            terminal.print("");
            terminal.print(
                    style.dim(
                            "From './gantry demo' to this: %s.".formatted(Times.duration(whole))));
            next(context, id);
        }
        return completed;
    }

    /** A second one waits for an event, which the demo sends; it says no. */
    private boolean saga(Api api) throws InterruptedException {
        String order = "P-" + Long.toString(System.currentTimeMillis() / 1000 % 100_000);
        ObjectNode body = Json.object();
        body.set("definition", DefinitionName.parse(SAGA).json(false));
        body.set("input", Json.object().put("orderId", order).put("amount", 80));
        String id = Json.text(new Start(() -> api, body, null).send().body(), "id");
        terminal.print("");
        terminal.print(style.bold(SAGA) + "  " + style.dim(id));
        ObjectNode answer = Json.object().put("orderId", order).put("available", false);
        Thread supplier =
                Thread.ofVirtual()
                        .start(() ->
                                answer(api, id, SendCommand.event(ANSWER, "/demo", null, answer)));
        Follow follow = new Follow(() -> api, id, terminal, false);
        JsonNode ended = follow.end();
        supplier.join();
        follow.print(ended);
        return Json.text(ended, "status").equals("completed");
    }

    /** The supplier takes its time, so that the waiting is seen. */
    private void answer(Api api, String id, ObjectNode event) {
        try {
            String status = "running";
            for (int tries = 0; tries < 200 && BEFORE_WAITING.contains(status); tries++) {
                Thread.sleep(50);
                status = Json.text(api.get("/v1/executions/" + Request.encode(id)), "status");
            }
            Thread.sleep(500);
            api.send(SendCommand.request(event));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RefusedException | UnreachableException e) {
            terminal.note("the event could not be sent: " + e.getMessage());
        }
    }

    /** Of this process. */
    private static Instant started() {
        return ProcessHandle.current().info().startInstant().orElse(Instant.now());
    }

    private boolean publish(Api api, Path examples) {
        List<Document> documents = Sources.read(List.of(examples), environment);
        List<Publication> publications = new Publisher(api).publish(documents);
        long created = count(publications, Publication.Result.CREATED);
        long unchanged = count(publications, Publication.Result.UNCHANGED);
        tell("examples", "%d published, %d there already".formatted(created, unchanged));
        for (Publication publication : publications) {
            switch (publication.result()) {
                case CREATED, UNCHANGED -> {}
                case CONFLICT ->
                        terminal.note(
                                style.yellow("note")
                                        + ": %s has changed since it was published here; the published one runs"
                                                .formatted(publication.name()));
                case INVALID -> {
                    publication
                            .findings()
                            .forEach(problem ->
                                    Finding.error(publication.document(), problem, style)
                                            .forEach(terminal::note));
                    return false;
                }
            }
        }
        return true;
    }

    private static long count(List<Publication> publications, Publication.Result result) {
        return publications.stream().filter(one -> one.result() == result).count();
    }

    private void next(Context context, String id) {
        if (exit) {
            return;
        }
        terminal.print("");
        terminal.print(style.bold("Where to look next"));
        tell("API", context.url() + "/swagger-ui.html");
        tell("steps", "./gantry get " + id);
        tell("logs", "./gantry logs " + id);
        tell("more", "./gantry run shop/price-watch --input @examples/inputs/prices.json");
        tell("all", "examples/README.md");
    }

    private void stay(Path folder) {
        terminal.print("");
        terminal.print(
                style.dim("Ctrl-C stops the server; what it did stays in %s.".formatted(folder)));
    }

    private void tell(String what, String text) {
        terminal.print(row(what, text));
    }

    private String row(String what, String text) {
        return "  " + style.dim("%-11s".formatted(what)) + text;
    }
}
