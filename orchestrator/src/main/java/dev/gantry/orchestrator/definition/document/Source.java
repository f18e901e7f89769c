package dev.gantry.orchestrator.definition.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.gantry.orchestrator.definition.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A document that was read. */
public final class Source {
    /** The longest document that is read. */
    public static final int MAX_BYTES = 1 << 20;

    /** Below what JSON writers and databases take, with room for what data is put into. */
    static final int MAX_DEPTH = 900;

    static final int MAX_NODES = 100_000;

    /** More than anybody reads; a hostile document could have a hundred thousand. */
    public static final int MAX_PROBLEMS = 500;

    /** The characters of a value's JSON Pointer: what is said of each value grows with it. */
    static final int MAX_POINTER = 32_768;

    private final JsonNode root;
    private final Places places;
    private final List<Problem> problems;

    Source(JsonNode root, Places places, List<Problem> problems) {
        this.root = root;
        this.places = places;
        this.problems = List.copyOf(problems);
    }

    static Source unreadable(Problem problem) {
        return new Source(NullNode.getInstance(), Places.root(), List.of(problem));
    }

    /** Its value, JSON null if it cannot be read at all. */
    public JsonNode root() {
        return root;
    }

    /** What stood in the way of reading it. */
    public List<Problem> problems() {
        return problems;
    }

    /** The place of a value, or of the nearest one around it. */
    public Place place(String pointer) {
        return places.place(pointer);
    }

    /** A name as a part of a JSON Pointer. */
    public static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** Adds a problem, unless there are more than anybody reads. */
    static void report(
            List<Problem> problems,
            String code,
            Places at,
            Place place,
            String message,
            @Nullable String expected,
            @Nullable String suggestion) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(problem(code, at, place, message, expected, suggestion));
        }
    }

    private static Problem problem(
            String code,
            Places at,
            Place place,
            String message,
            @Nullable String expected,
            @Nullable String suggestion) {
        return new Problem(
                code, at.pointer(), place.line(), place.column(), message, expected, suggestion);
    }

    /** Null while a value may stand here. */
    static @Nullable Problem tooDeep(Places at, Place place, int depth) {
        if (depth <= MAX_DEPTH && at.length() <= MAX_POINTER) {
            return null;
        }
        return problem(
                "nested-too-deeply",
                at,
                place,
                "the value is nested too deeply",
                "at most %d levels, and a JSON Pointer of at most %d characters"
                        .formatted(MAX_DEPTH, MAX_POINTER),
                "move a part to a workflow or a function of its own");
    }

    static Problem tooMany(Places at, Place place) {
        return problem(
                "document-too-large",
                at,
                place,
                "the document has too many values",
                "at most %d values, aliases counted each time".formatted(MAX_NODES),
                "move large values out of the document");
    }
}
