package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.terminal.Table;
import java.util.List;
import picocli.CommandLine.Option;

/** A command that lists what a server gives in pages. */
abstract class ListingCommand extends RemoteCommand {
    private static final int PAGE = 200;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many; 0 for all (${DEFAULT-VALUE}).")
    private int limit;

    ListingCommand(Environment environment, int limit) {
        super(environment);
        this.limit = limit;
    }

    abstract Request request(int pageSize);

    /** What is said instead of an empty table. */
    abstract String nothing();

    abstract Table table(List<JsonNode> items);

    @Override
    public final Integer call() {
        if (limit < 0) {
            throw new UsageException("--limit is %d; 0 or more expected".formatted(limit));
        }
        int pageSize = limit == 0 ? PAGE : Math.min(limit, PAGE);
        Paged page = new Paged(api(), request(pageSize), limit);
        List<JsonNode> items = page.items();
        if (isJson()) {
            ObjectNode json = Json.object();
            json.putArray("items").addAll(items);
            printJson(json.put("more", page.hasMore()));
        } else if (items.isEmpty()) {
            terminal().note(nothing());
        } else {
            table(items).print(terminal());
            if (page.hasMore()) {
                terminal().note(style().dim("there are more; --limit shows them"));
            }
        }
        return Exit.OK;
    }
}
