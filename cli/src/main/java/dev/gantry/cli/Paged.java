package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Api;
import dev.gantry.cli.client.Request;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The first items of a list that comes in pages. */
final class Paged {
    private final List<JsonNode> items = new ArrayList<>();
    private final boolean more;

    /**
     * @param most how many items; 0 for all
     */
    Paged(Api api, Request request, int most) {
        Iterator<JsonNode> all = api.items(request).iterator();
        boolean hasNext = all.hasNext();
        while (hasNext && (most == 0 || items.size() < most)) {
            items.add(all.next());
            hasNext = all.hasNext();
        }
        this.more = hasNext;
    }

    List<JsonNode> items() {
        return items;
    }

    boolean hasMore() {
        return more;
    }
}
