package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Table;
import dev.gantry.cli.terminal.Times;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "leases",
        description = "Lists what steps hold on backends, and what leaked there; the oldest first.")
final class LeasesCommand extends RemoteCommand {
    private static final int PAGE = 200;

    @Option(names = "--adapter", paramLabel = "KIND", description = "Only on this one.")
    private @Nullable String adapter;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description =
                    "Only held, provisioned, releasing, uncollected, release-failed, vanished, orphan"
                            + " or removed ones.")
    private @Nullable String state;

    @Option(names = "--execution", paramLabel = "ID", description = "Only of this one.")
    private @Nullable String execution;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many; 0 for all (${DEFAULT-VALUE}).")
    private int limit = PAGE;

    LeasesCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        if (limit < 0) {
            throw new UsageException("--limit is %d; 0 or more expected".formatted(limit));
        }
        Paged page = new Paged(api(), request(), limit);
        List<JsonNode> leases = page.items();
        if (isJson()) {
            ObjectNode json = Json.object();
            json.putArray("items").addAll(leases);
            printJson(json.put("more", page.hasMore()));
            return Exit.OK;
        }
        if (leases.isEmpty()) {
            terminal().note("nothing is held");
            return Exit.OK;
        }
        Table table =
                new Table(
                        style(),
                        "STATE",
                        "ADAPTER",
                        "RESOURCE",
                        "EXECUTION",
                        "STEP",
                        "DEFINITION",
                        "BY",
                        "SINCE",
                        "REASON");
        leases.forEach(lease -> row(table, lease));
        table.print(terminal());
        if (page.hasMore()) {
            terminal().note(style().dim("there are more; --limit shows them"));
        }
        return Exit.OK;
    }

    private void row(Table table, JsonNode lease) {
        table.row(
                shown(Json.text(lease, "state")),
                Style.safe(Json.text(lease, "adapter")),
                Style.safe(Json.text(lease, "externalName")),
                Style.safe(Json.text(lease, "execution")),
                lease.path("step").asText(),
                lease.has("definition") ? ExecutionText.definition(lease.path("definition")) : "",
                Style.safe(Json.text(lease, "initiator")),
                Times.local(Json.text(lease, "since")),
                Style.safe(Json.text(lease, "reason")));
    }

    private String shown(String text) {
        return switch (text) {
            case "held", "provisioned", "releasing", "removed" -> Style.safe(text);
            default -> style().red(Style.safe(text));
        };
    }

    private Request request() {
        int size = limit == 0 ? PAGE : Math.min(limit, PAGE);
        return Request.get("/v1/leases")
                .query("adapter", adapter)
                .query("state", state == null ? null : state.toLowerCase(Locale.ROOT))
                .query("execution", execution)
                .query("limit", "" + size);
    }
}
