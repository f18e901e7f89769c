package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Table;
import dev.gantry.cli.terminal.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists executions, the newest first.")
final class ListCommand extends ListingCommand {
    private static final Pattern AGO = Pattern.compile("(\\d{1,6})(s|m|h|d)");

    @Option(
            names = "--definition",
            paramLabel = "NAME",
            description = "Only of NAMESPACE/NAME[:VERSION].")
    private @Nullable String definition;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description =
                    "Only pending, running, waiting, suspended, cancelled, faulted or completed"
                            + " ones.")
    private @Nullable String status;

    @Option(
            names = "--initiator",
            paramLabel = "WHO",
            description = "Only started by, such as user:ann.")
    private @Nullable String initiator;

    @Option(names = "--correlation-id", paramLabel = "ID", description = "Only with this one.")
    private @Nullable String correlationId;

    @Option(
            names = "--started-after",
            paramLabel = "TIME",
            description = "Such as 2026-11-20T08:00:00Z, or 30m, 2h, 7d ago.")
    private @Nullable String startedAfter;

    @Option(names = "--started-before", paramLabel = "TIME", description = "The same.")
    private @Nullable String startedBefore;

    ListCommand(Environment environment) {
        super(environment, 20);
    }

    @Override
    String nothing() {
        return "no executions";
    }

    @Override
    Table table(List<JsonNode> items) {
        Table table = new Table(style(), "ID", "DEFINITION", "STATUS", "STARTED", "TOOK");
        for (JsonNode item : items) {
            table.row(
                    Style.safe(Json.text(item, "id")),
                    ExecutionText.definition(item.path("definition")),
                    style().status(Json.text(item, "status")),
                    Times.local(Json.text(item, "startedAt")),
                    Times.between(Json.text(item, "startedAt"), Json.text(item, "endedAt")));
        }
        return table;
    }

    @Override
    Request request(int pageSize) {
        return Request.get("/v1/executions")
                .query("definition", definition)
                .query("status", status == null ? null : status.toLowerCase(Locale.ROOT))
                .query("initiator", initiator)
                .query("correlationId", correlationId)
                .query("startedAfter", time(startedAfter, Instant.now()))
                .query("startedBefore", time(startedBefore, Instant.now()))
                .query("limit", "" + pageSize);
    }

    /** A time, or how long ago it was. */
    static @Nullable String time(@Nullable String text, Instant now) {
        Matcher ago = AGO.matcher(text == null ? "" : text);
        if (text == null || !ago.matches()) {
            return text;
        }
        long count = Long.parseLong(ago.group(1));
        Duration age =
                switch (ago.group(2)) {
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                };
        return now.minus(age).toString();
    }
}
