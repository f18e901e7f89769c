package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gantry.orchestrator.definition.expression.Conditions;
import dev.gantry.orchestrator.definition.expression.Templates;
import dev.gantry.orchestrator.definition.plan.Listening;
import dev.gantry.orchestrator.definition.plan.Scope;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.Template;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The tasks about events: emit and listen; and what starts a workflow. */
final class EventTasks {
    private static final Set<String> STRATEGIES = Set.of("one", "all", "any");
    private static final int MOST_FILTERS = 50;

    /** CloudEvents: lower-case letters and digits. */
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]{1,20}|data_base64");

    private final TaskCompiler tasks;
    private final Check check;
    private final Values values;

    EventTasks(TaskCompiler tasks) {
        this.tasks = tasks;
        this.check = tasks.check;
        this.values = tasks.values;
    }

    @Nullable Task emit(Task.Common common, JsonNode task, String pointer, List<String> names) {
        String at = pointer + "/emit";
        JsonNode emit = check.object(task.get("emit"), at, "'emit'");
        check.known(emit, at, "'emit'", Set.of("event"));
        JsonNode event =
                check.object(check.required(emit, at, "event", "'emit'"), at + "/event", "'event'");
        check.known(event, at + "/event", "'event'", Set.of("with"));
        String below = at + "/event/with";
        JsonNode with =
                check.object(
                        check.required(event, at + "/event", "with", "'event'"), below, "'with'");
        if (with.isMissingNode()) {
            return null;
        }
        check.required(with, below, "type", "the event");
        attributes(with, below);
        if (with.has("data") && with.has("data_base64")) {
            check.report(
                    "invalid-attribute",
                    Check.join(below, "data_base64"),
                    "the event has 'data' and 'data_base64'",
                    "one of them",
                    null);
        }
        return new Task.Emit(common, Templates.value(with, below, check));
    }

    private void attributes(JsonNode with, String pointer) {
        for (var attribute : with.properties()) {
            String name = attribute.getKey();
            if (!ATTRIBUTE.matcher(name).matches()) {
                check.report(
                        "invalid-attribute",
                        Check.join(pointer, name),
                        "'%s' is no name of an event attribute".formatted(name),
                        "up to 20 lower-case letters and digits",
                        name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]", ""));
            }
        }
    }

    @Nullable Task listen(Task.Common common, JsonNode task, String pointer, List<String> names) {
        String at = pointer + "/listen";
        JsonNode listen = check.object(task.get("listen"), at, "'listen'");
        check.known(listen, at, "'listen'", Set.of("to", "read"));
        JsonNode to = check.required(listen, at, "to", "'listen'");
        Task.EventRead read =
                check.choice(listen, at, "read", Task.EventRead.class, Task.EventRead.DATA);
        Task.Listen.Each each = each(task.path("foreach"), pointer + "/foreach");
        Listening listening = to.isMissingNode() ? null : listening(to, at + "/to", true);
        return listening == null ? null : new Task.Listen(common, listening, read, each);
    }

    private Task.Listen.@Nullable Each each(JsonNode value, String pointer) {
        int before = check.size();
        JsonNode each = check.object(value, pointer, "'foreach'");
        if (each.isMissingNode()) {
            return null;
        }
        check.known(each, pointer, "'foreach'", Set.of("item", "at", "do", "output", "export"));
        String item = check.text(each, pointer, "item", "foreach");
        String index = check.text(each, pointer, "at", "foreach");
        String name = item == null ? "item" : item;
        String position = index == null ? "index" : index;
        boolean isSound = check.size() == before;
        return check.visible.with(
                isSound,
                new HashSet<>(List.of(name, position)),
                () ->
                        new Task.Listen.Each(
                                name,
                                position,
                                each.has("do")
                                        ? tasks.scope(each.get("do"), pointer + "/do", "'do'")
                                        : new Scope(pointer + "/do", List.of()),
                                tasks.flow(each, pointer, true)));
    }

    /** An event consumption strategy. */
    @Nullable Listening listening(JsonNode value, String pointer, boolean mayGoOn) {
        JsonNode to = check.object(value, pointer, "the strategy");
        if (to.isMissingNode()) {
            return null;
        }
        check.known(to, pointer, "a strategy", Set.of("one", "all", "any", "until"));
        Set<String> given = new TreeSet<>();
        to.fieldNames().forEachRemaining(given::add);
        given.retainAll(STRATEGIES);
        if (given.size() != 1) {
            check.report(
                    "invalid-strategy",
                    pointer,
                    given.isEmpty()
                            ? "it is not said which events"
                            : "several strategies at once: " + given,
                    "one of 'one', 'all' and 'any'",
                    null);
            return null;
        }
        String word = given.iterator().next();
        String at = pointer + "/" + word;
        List<Listening.Filter> filters = filters(to.get(word), word, at);
        if (filters == null) {
            return null;
        }
        Listening.Mode mode = Listening.Mode.valueOf(word.toUpperCase(java.util.Locale.ROOT));
        JsonNode until = mode == Listening.Mode.ANY ? to.path("until") : MissingNode.getInstance();
        if (!mayGoOn && !until.isMissingNode()) {
            check.notYet(pointer + "/until", "'until' here");
            return null;
        }
        if (until.isTextual()) {
            Template condition = values.condition(to, pointer, "until", "strategy");
            return new Listening(mode, filters, condition, null);
        }
        Listening ends = until.isMissingNode() ? null : listening(until, pointer + "/until", false);
        return new Listening(mode, filters, null, ends);
    }

    private @Nullable List<Listening.Filter> filters(JsonNode value, String word, String pointer) {
        if (word.equals("one")) {
            Listening.Filter filter = filter(value, pointer);
            return filter == null ? null : List.of(filter);
        }
        JsonNode list = check.list(value, pointer, "'%s'".formatted(word));
        if (list.isMissingNode()) {
            return null;
        }
        if (list.isEmpty() && word.equals("any")) {
            return List.of(new Listening.Filter(null, Map.of(), Map.of()));
        }
        if (list.isEmpty() || list.size() > MOST_FILTERS) {
            check.report(
                    "invalid-strategy",
                    pointer,
                    "'%s' has %d filters".formatted(word, list.size()),
                    "1 to %d".formatted(MOST_FILTERS),
                    null);
            return null;
        }
        List<Listening.Filter> filters = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Listening.Filter filter = filter(list.get(i), pointer + "/" + i);
            if (filter != null) {
                filters.add(filter);
            }
        }
        return filters.size() == list.size() ? filters : null;
    }

    private Listening.@Nullable Filter filter(JsonNode value, String pointer) {
        JsonNode filter = check.object(value, pointer, "the filter");
        if (filter.isMissingNode()) {
            return null;
        }
        check.known(filter, pointer, "an event filter", Set.of("with", "correlate"));
        String at = pointer + "/with";
        JsonNode with =
                check.object(check.required(filter, pointer, "with", "the filter"), at, "'with'");
        if (with.isMissingNode()) {
            return null;
        }
        if (with.isEmpty()) {
            check.report(
                    "missing-property",
                    at,
                    "the filter has no attribute",
                    "at least one, such as 'type'",
                    null);
        }
        attributes(with, at);
        Map<String, Listening.Condition> conditions = new LinkedHashMap<>();
        with.properties()
                .forEach(attribute ->
                        conditions.put(
                                attribute.getKey(),
                                Conditions.compile(
                                        attribute.getValue(),
                                        Check.join(at, attribute.getKey()),
                                        check)));
        return new Listening.Filter(
                type(with), conditions, correlations(filter, pointer + "/correlate"));
    }

    /** A type that is the same for all events that fit, so that they are found by it. */
    private static @Nullable String type(JsonNode with) {
        JsonNode type = with.path("type");
        return type.isTextual()
                        && !Templates.isExpression(type.textValue())
                        && Conditions.isPlain(type.textValue())
                ? type.textValue()
                : null;
    }

    private Map<String, Listening.Correlation> correlations(JsonNode filter, String pointer) {
        Map<String, Listening.Correlation> correlations = new LinkedHashMap<>();
        JsonNode all = check.object(filter.path("correlate"), pointer, "'correlate'");
        for (var entry : all.properties()) {
            String at = Check.join(pointer, entry.getKey());
            JsonNode correlation =
                    check.object(entry.getValue(), at, "'%s'".formatted(entry.getKey()));
            check.known(correlation, at, "a correlation", Set.of("from", "expect"));
            check.required(correlation, at, "from", "the correlation");
            Template from = values.expression(correlation, at, "from", "correlation");
            JsonNode expect = correlation.path("expect");
            if (from != null) {
                correlations.put(
                        entry.getKey(),
                        new Listening.Correlation(
                                from,
                                expect.isMissingNode()
                                        ? null
                                        : Templates.value(expect, at + "/expect", check)));
            }
        }
        return correlations;
    }
}
