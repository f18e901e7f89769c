package dev.gantry.orchestrator.definition.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.document.SourceReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a definition does, in plain sentences of Markdown.
 *
 * @param does the tasks in the order of the document, each a list item
 */
public record Explanation(
        String title,
        String summary,
        List<String> does,
        List<String> calls,
        List<String> waits,
        List<String> fails) {

    public Explanation {
        does = List.copyOf(does);
        calls = List.copyOf(calls);
        waits = List.copyOf(waits);
        fails = List.copyOf(fails);
    }

    /** Of a document that was published. */
    public static Explanation of(byte[] document) {
        return of(SourceReader.read(document).root());
    }

    public static Explanation of(JsonNode document) {
        return document.has("function") ? function(document) : workflow(document);
    }

    /** The same, with what the platform does not give although the document asks for it. */
    public Explanation within(Ceilings ceilings, byte[] document) {
        List<String> limited = new ArrayList<>(fails);
        limited.addAll(ceilings.exceeded(SourceReader.read(document).root()));
        return new Explanation(title, summary, does, calls, waits, limited);
    }

    public String markdown() {
        StringBuilder text = new StringBuilder("# " + title + "\n\n" + summary + "\n");
        section(text, "What it does", does);
        section(text, "What it calls", calls);
        section(text, "What it waits for", waits);
        section(text, "How it fails", fails);
        return text.toString();
    }

    private static void section(StringBuilder text, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append("\n## ").append(title).append("\n\n");
            lines.forEach(line -> {
                String item = line.stripLeading();
                text.append(" ".repeat(line.length() - item.length()));
                text.append("- ").append(item).append('\n');
            });
        }
    }

    private static Explanation workflow(JsonNode document) {
        JsonNode head = document.path("document");
        Teller teller = new Teller();
        teller.list(document.path("do"), 0);
        teller.extensions(document.path("use").path("extensions"));
        teller.undoing();
        List<String> secrets = new ArrayList<>();
        document.path("use").path("secrets").forEach(name -> secrets.add(name.asText()));
        if (!secrets.isEmpty()) {
            teller.calls.add("the secrets " + String.join(", ", secrets));
        }
        if (document.has("timeout")) {
            JsonNode timeout = document.get("timeout");
            teller.fails.add(
                    "The whole execution ends with a timeout error after %s."
                            .formatted(Teller.limit(timeout)));
        }
        return new Explanation(
                "%s/%s %s"
                        .formatted(
                                head.path("namespace").asText(),
                                head.path("name").asText(),
                                head.path("version").asText()),
                head.has("summary")
                        ? head.get("summary").asText()
                        : "A workflow of %d tasks.".formatted(teller.tasks),
                teller.does,
                List.copyOf(teller.calls),
                List.copyOf(teller.waits),
                List.copyOf(teller.fails));
    }

    private static Explanation function(JsonNode document) {
        JsonNode runtime = document.path("runtime");
        List<String> does = new ArrayList<>();
        does.add(
                runtime.has("source")
                        ? "Runs its own %s code on %s."
                                .formatted(
                                        runtime.get("source").path("language").asText(),
                                        runtime.get("source").path("image").asText())
                        : "Runs on runtime class %s.".formatted(runtime.path("class").asText()));
        List<String> fails = new ArrayList<>();
        JsonNode timeout = document.path("limits").path("timeout");
        if (!timeout.isMissingNode()) {
            fails.add("An attempt ends with a timeout error after %s.".formatted(timeout.asText()));
        }
        if (document.has("retry")) {
            fails.add(
                    "A failed attempt is repeated: %s."
                            .formatted(Teller.retry(document.get("retry"))));
        }
        fails.add(
                document.path("idempotent").asBoolean()
                        ? "It is idempotent: an attempt that may have taken effect may be repeated."
                        : "An attempt that may have taken effect is not repeated; a person decides.");
        return new Explanation(
                "%s/%s %s"
                        .formatted(
                                document.path("namespace").asText(),
                                document.path("function").asText(),
                                document.path("version").asText()),
                document.has("summary") ? document.get("summary").asText() : "A function.",
                does,
                List.of(),
                List.of(),
                fails);
    }

    private static final class Teller {
        private final List<String> does = new ArrayList<>();
        private final Set<String> calls = new LinkedHashSet<>();
        private final Set<String> waits = new LinkedHashSet<>();
        private final Set<String> fails = new LinkedHashSet<>();
        private final List<String> undone = new ArrayList<>();
        private int tasks;

        void list(JsonNode list, int depth) {
            for (JsonNode item : list) {
                item.properties().forEach(task -> task(task.getKey(), task.getValue(), depth));
            }
        }

        /** What is done around tasks, as far as it is said once for all of them. */
        void extensions(JsonNode extensions) {
            for (JsonNode entry : extensions) {
                entry.properties()
                        .forEach(extension -> {
                            around(extension.getKey(), "before", extension.getValue());
                            around(extension.getKey(), "after", extension.getValue());
                        });
            }
        }

        private void around(String name, String part, JsonNode extension) {
            if (extension.has(part)) {
                String type = extension.path("extend").asText();
                say(
                        0,
                        "**%s** %s %s%s does these tasks."
                                .formatted(
                                        name,
                                        part,
                                        type.equals("all")
                                                ? "every task"
                                                : "every '%s'".formatted(type),
                                        extension.has("when")
                                                ? " if " + Words.value(extension.get("when"))
                                                : ""));
                list(extension.get(part), 1);
            }
        }

        private void say(int depth, String sentence) {
            does.add("  ".repeat(depth) + sentence);
        }

        private void task(String name, JsonNode task, int depth) {
            tasks++;
            String condition =
                    task.has("if") ? "if %s, ".formatted(Words.value(task.get("if"))) : "";
            String then = task.path("then").asText("continue");
            String sequel =
                    switch (then) {
                        case "continue" -> "";
                        case "end" -> " Then the workflow ends.";
                        case "exit" -> " Then this list of tasks is left.";
                        default -> " Then '%s' follows.".formatted(then);
                    };
            say(depth, "**%s** %s%s.%s".formatted(name, condition, Words.of(task), sequel));
            String what = "'%s' %s.".formatted(name, Words.of(task));
            switch (Words.keyword(task)) {
                case "call", "run" -> calls.add(what);
                case "wait" -> waits.add(what);
                case "listen" -> {
                    waits.add(what);
                    each(task.path("foreach").path("do"), depth + 1);
                }
                case "raise" -> fails.add(what);
                case "switch" -> choose(task.path("switch"), depth + 1);
                case "for", "do" -> list(task.path("do"), depth + 1);
                case "fork" -> list(task.path("fork").path("branches"), depth + 1);
                case "try" -> attempt(name, task, depth + 1);
                default -> {}
            }
            undo(name, Undoing.of(task), depth + 1);
            if (task.has("timeout")) {
                fails.add(
                        "'%s' ends with a timeout error after %s."
                                .formatted(name, limit(task.get("timeout"))));
            }
        }

        private void each(JsonNode list, int depth) {
            if (!list.isEmpty()) {
                say(depth, "For each event:");
                list(list, depth + 1);
            }
        }

        private void undo(String name, JsonNode list, int depth) {
            if (list.isMissingNode()) {
                return;
            }
            undone.add("'%s'".formatted(name));
            say(depth, "To undo it:");
            List<String> by = new ArrayList<>();
            for (JsonNode item : list) {
                item.properties()
                        .forEach(task ->
                                by.add(
                                        "'%s' %s"
                                                .formatted(
                                                        task.getKey(), Words.of(task.getValue()))));
            }
            list(list, depth + 1);
            fails.add("'%s' is undone: %s.".formatted(name, String.join(", then ", by)));
        }

        /** Once for all: when, and in which order. */
        void undoing() {
            if (!undone.isEmpty()) {
                fails.add(
                        "What is complete is undone before a 'try' handles an error of its tasks, and when the"
                                + " execution faults or is cancelled: what was completed last first, so %s."
                                        .formatted(String.join(", then ", undone.reversed())));
            }
        }

        private void choose(JsonNode cases, int depth) {
            for (JsonNode item : cases) {
                item.properties()
                        .forEach(option ->
                                say(
                                        depth,
                                        "%s: %s → %s"
                                                .formatted(
                                                        option.getKey(),
                                                        option.getValue().has("when")
                                                                ? "if "
                                                                        + Words.value(
                                                                                option.getValue()
                                                                                        .get(
                                                                                                "when"))
                                                                : "otherwise",
                                                        option.getValue().path("then").asText())));
            }
        }

        private void attempt(String name, JsonNode task, int depth) {
            list(task.path("try"), depth);
            JsonNode handler = task.path("catch");
            StringBuilder fate =
                    new StringBuilder("'%s' catches %s".formatted(name, Words.caught(handler)));
            if (handler.has("retry")) {
                fate.append(", and tries again: ").append(retry(handler.get("retry")));
            }
            if (handler.has("do")) {
                fate.append(handler.has("retry") ? "; after that" : ", and then")
                        .append(" it does its own tasks");
                say(depth, "After an error:");
                list(handler.get("do"), depth + 1);
            }
            fails.add(fate + ".");
        }

        static String limit(JsonNode timeout) {
            return timeout.isTextual()
                    ? "the time limit '%s'".formatted(timeout.textValue())
                    : Words.duration(timeout.path("after"));
        }

        static String retry(JsonNode retry) {
            if (retry.isTextual()) {
                return "as '%s' says".formatted(retry.textValue());
            }
            JsonNode count = retry.path("limit").path("attempt").path("count");
            return "%s%s%s"
                    .formatted(
                            count.isMissingNode()
                                    ? "without a limit of its own"
                                    : "at most " + count + " times",
                            retry.has("delay")
                                    ? ", after " + Words.duration(retry.get("delay"))
                                    : "",
                            retry.path("backoff").isEmpty()
                                    ? ""
                                    : ", %s backoff"
                                            .formatted(retry.get("backoff").fieldNames().next()));
        }
    }
}
