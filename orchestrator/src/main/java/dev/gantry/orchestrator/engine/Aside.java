package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a reader needs of a journal entry beside its events, which leave out what the state knows.
 * Stored with the entry, so that an entry is understood without those before it.
 *
 * @param pointers of the tasks that the events speak of, by frame
 * @param begun the steps that the entry begins
 * @param output where the execution's output stands, if the entry completes it
 * @param values what stands in no event
 * @param steps all that the entry is about; not stored
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Aside(
        @JsonProperty("p") Map<Integer, String> pointers,
        @JsonProperty("b") Map<Integer, Begun> begun,
        @JsonProperty("o") @Nullable At output,
        @JsonProperty("v") List<JsonNode> values,
        @JsonIgnore Set<Integer> steps) {
    public static final Aside NONE = new Aside(Map.of(), Map.of(), null, List.of(), Set.of());

    @SuppressWarnings("ConstantValue") // what is empty is not stored, and so not read
    public Aside {
        pointers =
                pointers == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(pointers));
        begun = begun == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(begun));
        values = values == null ? List.of() : List.copyOf(values);
        steps = steps == null ? Set.of() : Set.copyOf(steps);
    }

    @JsonIgnore
    public boolean isEmpty() {
        return pointers.isEmpty() && begun.isEmpty() && output == null && values.isEmpty();
    }

    /**
     * Where a value stands.
     *
     * @param entry of the journal
     * @param number of the event there; -1 for the entry's first value, -2 for the second
     */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    public record At(int entry, int number) {
        /** In its entry. */
        public JsonNode in(Journal.Entry there) {
            JsonNode value =
                    number < 0
                            ? there.aside().values().get(-1 - number)
                            : value(there.events().get(number));
            if (value == null) {
                throw new IllegalStateException(
                        "execution %s: event %d of entry %d has no value"
                                .formatted(there.id(), number, entry));
            }
            return value;
        }
    }

    /** How a step began. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    public record Begun(At input, String iteration) {}

    /** The value that an event brings, if it is one that others refer to. */
    static @Nullable JsonNode value(Event event) {
        return switch (event) {
            case Event.ExecutionStarted e -> e.input();
            case Event.InputAccepted e -> e.input();
            case Event.ExecutionCompleted e -> e.output();
            case Event.TaskEntered e -> e.input();
            case Event.TaskCompleted e -> e.output();
            case Event.StepScheduled e -> e.input();
            case Event.StepEnded e ->
                    e.result() instanceof StepResult.Succeeded done ? done.output() : null;
            case Event.StepDecided e -> e.output();
            case Event.EventEmitted e -> e.event();
            case Event.EventProcessed e -> e.output();
            case Event.ChildEnded e -> e.output();
            default -> null;
        };
    }
}
