package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link Aside} of an entry while its events are folded in: the one place that works out
 * what readers are told beside them, for what is decided now and for what is read again.
 */
final class Notes {
    private final ExecutionState state;
    private final List<Event> events = new ArrayList<>();
    private final List<JsonNode> values = new ArrayList<>();
    private final Map<Integer, String> pointers = new HashMap<>();
    private final Map<Integer, Aside.Begun> begun = new HashMap<>();
    private final Set<Integer> steps = new HashSet<>();
    private Aside.@Nullable At output;

    Notes(ExecutionState state) {
        this.state = state;
    }

    void fold(Event event, Instant at) {
        events.add(event);
        // Before: what the event ends is gone after it.
        if (event instanceof Event.StepScheduled scheduled) {
            scheduled(scheduled);
        } else if (event instanceof Event.ExecutionCompleted completed) {
            output =
                    completed.output() != null
                            ? here()
                            : at(state.root().work(Work.Sequence.class).value);
        }
        point(event.frame());
        state.apply(event, at);
        point(event.frame());
    }

    /** To be called once for each entry, before it counts. */
    Aside take() {
        Aside aside = new Aside(pointers, begun, output, values, steps);
        events.clear();
        values.clear();
        pointers.clear();
        begun.clear();
        steps.clear();
        output = null;
        return aside;
    }

    private void point(int frameId) {
        Frame frame = state.frames.get(frameId);
        if (frame == null) {
            ExecutionState.Unreleased left = state.unreleased.get(frameId);
            if (left != null && left.pointer() != null) {
                pointers.put(frameId, left.pointer());
            }
            return;
        }
        if (frame.task != null) {
            pointers.put(frameId, frame.pointer());
        }
        if (frame.work instanceof Work.Step) {
            steps.add(frameId);
        }
    }

    private void scheduled(Event.StepScheduled e) {
        Frame frame = state.frame(e.frame());
        if (!(frame.work instanceof Work.Step)) {
            begun.put(
                    frame.id,
                    new Aside.Begun(e.input() != null ? here() : input(frame), frame.iteration));
        }
    }

    private Aside.At here() {
        return new Aside.At(state.version + 1, events.size() - 1);
    }

    /** Many tasks can have one input, which is then noted for the outermost of them. */
    @SuppressWarnings("ReferenceEquality") // the same, not an equal one: see unlessSame
    private Aside.At input(Frame frame) {
        Frame outermost = frame;
        while (outermost.inputAt == null && outermost.id != Frame.ROOT) {
            Frame parent = state.frame(outermost.parent);
            if (parent.input != outermost.input) {
                break;
            }
            outermost = parent;
        }
        if (outermost.inputAt == null) {
            outermost.inputAt = at(outermost.input);
        }
        return outermost.inputAt;
    }

    /** In the events of this entry; what is in none of them is stored beside them. */
    @SuppressWarnings("ReferenceEquality")
    private Aside.At at(JsonNode value) {
        int entry = state.version + 1;
        for (int number = events.size() - 1; number >= 0; number--) {
            if (Aside.value(events.get(number)) == value) {
                return new Aside.At(entry, number);
            }
        }
        if (value == state.started().input()) {
            // The first event of all.
            return new Aside.At(1, 0);
        }
        for (int number = 0; number < values.size(); number++) {
            if (values.get(number) == value) {
                return new Aside.At(entry, -1 - number);
            }
        }
        values.add(value);
        return new Aside.At(entry, -values.size());
    }
}
