package dev.gantry.orchestrator.definition.document;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the keys and values of a document stand: a tree like the document's own, so that a long
 * path costs once what it costs, and not again for each value below it.
 */
final class Places {
    private final @Nullable Places parent;
    private final String name;
    private final int length;
    private final Map<String, Places> below = new HashMap<>(4);
    private @Nullable Place key;
    private @Nullable Place value;

    private Places(@Nullable Places parent, String name, int length) {
        this.parent = parent;
        this.name = name;
        this.length = length;
    }

    static Places root() {
        return new Places(null, "", 0);
    }

    Places child(String child) {
        return below.computeIfAbsent(
                child, n -> new Places(this, Source.escape(n), length + 1 + n.length()));
    }

    Places child(int index) {
        return child(Integer.toString(index));
    }

    void key(Place at) {
        key = at;
    }

    void value(Place at) {
        value = at;
    }

    /** About how many characters the pointer has. */
    int length() {
        return length;
    }

    String pointer() {
        Deque<String> names = new ArrayDeque<>();
        Places at = this;
        while (at.parent != null) {
            names.push(at.name);
            at = at.parent;
        }
        return names.isEmpty() ? "" : "/" + String.join("/", names);
    }

    Place place() {
        return key != null ? key : value != null ? value : Place.NOWHERE;
    }

    /** The place of a value, or of the nearest one around it. */
    Place place(String pointer) {
        Places at = this;
        Place found = place();
        for (String part : pointer.split("/", -1)) {
            if (at.parent == null && part.isEmpty()) {
                continue;
            }
            Places next = at.below.get(part.replace("~1", "/").replace("~0", "~"));
            if (next == null) {
                break;
            }
            at = next;
            found = at.place().equals(Place.NOWHERE) ? found : at.place();
        }
        return found;
    }
}
