package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.spi.RuntimeClass;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a frame is at. Mutable; written by {@link ExecutionState#apply} only; kept in snapshots. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.NON_PRIVATE)
@JsonInclude(JsonInclude.Include.NON_NULL)
abstract sealed class Work {

    /** Runs the tasks of a scope one after another: the execution, do, for, try. */
    static final class Sequence extends Work {
        /** The task to enter next, or being run; the scope's size when it is done. */
        int position;

        /** The frame of the task that runs now, 0 if none does. */
        int child;

        /** The data that the next task gets. */
        JsonNode value;

        /** For loops: what is walked, and where it stands; -1 before the first round. */
        @Nullable JsonNode items;

        int round = -1;

        /** For try: whether the handler runs, and what it handles. */
        boolean handling;

        @Nullable WorkflowError caught;
        int retries;
        @Nullable Instant firstFailureAt;
        @Nullable Instant retryAt;

        /** For try: when the attempt of the body that runs now has taken too long. */
        @Nullable Instant attemptUntil;

        /** For extended tasks: where control goes, and whether an extension took the place. */
        @JsonSerialize(converter = JournaledDirective.Write.class)
        @JsonDeserialize(converter = JournaledDirective.Read.class)
        Directive then = Directive.CONTINUE;

        boolean isReplaced;

        /** For listen, once it listens. */
        @Nullable Listening listening;

        @JsonCreator
        Sequence(@JsonProperty("value") JsonNode value) {
            this.value = value;
        }

        /** Only the extended task, and what takes its place, has a say in the output. */
        void goOn(Task.Extended extended, int index, JsonNode output, Directive next) {
            boolean isTask = index == extended.at();
            boolean isInPlace = index < extended.at() && next instanceof Directive.Exit;
            if (isTask || isInPlace) {
                value = output;
            }
            if (isTask) {
                then = next;
            }
            position = isInPlace || next instanceof Directive.End ? Integer.MAX_VALUE : index + 1;
            isReplaced |= isInPlace;
        }
    }

    /** What a listen task knows and has taken. */
    @JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.NON_PRIVATE)
    static final class Listening {
        /** By {@code filter/name} what the document gives, by name what the first event said. */
        @JsonDeserialize(as = TreeMap.class)
        final Map<String, JsonNode> expected = new TreeMap<>();

        /** Filters that an event has come for. */
        @JsonDeserialize(as = TreeSet.class)
        final Set<Integer> matched = new TreeSet<>();

        /** What was taken, as read. */
        final List<JsonNode> events = new ArrayList<>();

        /** What the tasks for each event gave. */
        final List<JsonNode> outputs = new ArrayList<>();

        Instant since = Instant.EPOCH;
        boolean done;
    }

    /** Runs branches side by side, or rounds of a loop. */
    static final class Branches extends Work {
        /** For loops -1 until it is known what is walked. */
        int size;

        @Nullable JsonNode items;

        /** By branch: its output, once it has one. Sorted, also when it was read: order counts. */
        @JsonDeserialize(as = TreeMap.class)
        final TreeMap<Integer, JsonNode> outputs = new TreeMap<>();

        /** By branch: its frame, while it runs. */
        @JsonDeserialize(as = TreeMap.class)
        final TreeMap<Integer, Integer> children = new TreeMap<>();

        /** No branch before this one is still to be entered. */
        int firstToEnter() {
            int last =
                    Math.max(
                            outputs.isEmpty() ? -1 : outputs.lastKey(),
                            children.isEmpty() ? -1 : children.lastKey());
            return last + 1 == outputs.size() + children.size() ? last + 1 : 0;
        }

        @JsonCreator
        Branches(@JsonProperty("size") int size) {
            this.size = size;
        }
    }

    /** Entered, with everything still to do; or done, with its raw output. */
    static final class Simple extends Work {
        @Nullable JsonNode output;
    }

    /** Waits for a time. */
    static final class Pause extends Work {
        final Instant until;

        @JsonCreator
        Pause(@JsonProperty("until") Instant until) {
            this.until = until;
        }
    }

    /** Runs on an adapter. */
    static final class Step extends Work {
        StepStatus status = StepStatus.SCHEDULED;
        int attempt;
        String adapter = "";
        @Nullable RuntimeClass runtimeClass;
        @Nullable String key;
        JsonNode input;
        Instant scheduledAt;
        Instant firstScheduledAt;
        byte @Nullable [] handle;
        @Nullable Instant provisionedAt;
        @Nullable Instant retryAt;

        /** Since when, and why, the attempt waits for its adapter. */
        @Nullable Instant heldSince;

        @Nullable String heldBy;

        /** The last attempt's result, until it is acted on. */
        @Nullable StepResult result;

        @JsonCreator
        Step(
                @JsonProperty("input") JsonNode input,
                @JsonProperty("scheduledAt") Instant scheduledAt) {
            this.input = input;
            this.scheduledAt = scheduledAt;
            this.firstScheduledAt = scheduledAt;
        }

        void hold(@Nullable Instant since, @Nullable String by) {
            heldSince = since;
            heldBy = by;
        }
    }

    /** Waits for another execution. */
    static final class Child extends Work {
        final ExecutionId child;
        final JsonNode input;
        boolean cancelling;
        Event.@Nullable ChildEnded ended;

        @JsonCreator
        Child(@JsonProperty("child") ExecutionId child, @JsonProperty("input") JsonNode input) {
            this.child = child;
            this.input = input;
        }
    }
}
