package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
final class LeasesCommand extends ListingCommand {
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

    LeasesCommand(Environment environment) {
        super(environment, 200);
    }

    @Override
    String nothing() {
        return "nothing is held";
    }

    @Override
    Table table(List<JsonNode> leases) {
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
        return table;
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

    @Override
    Request request(int pageSize) {
        return Request.get("/v1/leases")
                .query("adapter", adapter)
                .query("state", state == null ? null : state.toLowerCase(Locale.ROOT))
                .query("execution", execution)
                .query("limit", "" + pageSize);
    }
}
