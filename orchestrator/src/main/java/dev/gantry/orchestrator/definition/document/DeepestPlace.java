package dev.gantry.orchestrator.definition.document;

import dev.gantry.orchestrator.definition.Problem;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** Finds where a document is nested too deeply to be read at all; it does not recurse itself. */
final class DeepestPlace {
    private final Deque<Level> levels = new ArrayDeque<>();

    private static final class Level {
        final Places at;
        final boolean isMapping;
        @Nullable String key;
        int index;

        Level(Places at, boolean isMapping) {
            this.at = at;
            this.isMapping = isMapping;
        }
    }

    private DeepestPlace() {}

    /** Null if the document is not nested too deeply. */
    static @Nullable Problem find(String text, LoaderOptions options) {
        ParserImpl events = new ParserImpl(new StreamReader(new StringReader(text)), options);
        return new DeepestPlace().find(events);
    }

    private @Nullable Problem find(ParserImpl events) {
        while (!events.checkEvent(Event.ID.StreamEnd)) {
            Event event = events.getEvent();
            if (event.is(Event.ID.MappingEnd) || event.is(Event.ID.SequenceEnd)) {
                levels.pop();
            } else if (event instanceof NodeEvent node) {
                Problem deep = enter(node);
                if (deep != null) {
                    return deep;
                }
            }
        }
        return null;
    }

    private @Nullable Problem enter(NodeEvent event) {
        Level level = levels.peek();
        if (level != null && level.isMapping && level.key == null) {
            level.key = event instanceof ScalarEvent scalar ? scalar.getValue() : "?";
            if (!(event instanceof CollectionStartEvent)) {
                return null;
            }
        }
        Places at = level == null ? Places.root() : next(level);
        if (!(event instanceof CollectionStartEvent)) {
            return null;
        }
        levels.push(new Level(at, event instanceof MappingStartEvent));
        return Source.tooDeep(at, YamlSourceReader.place(event.getStartMark()), levels.size());
    }

    private static Places next(Level level) {
        if (!level.isMapping) {
            return level.at.child(level.index++);
        }
        Places at = level.at.child(String.valueOf(level.key));
        level.key = null;
        return at;
    }
}
