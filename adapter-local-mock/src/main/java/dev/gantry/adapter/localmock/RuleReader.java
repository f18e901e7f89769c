package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome.Usage;
import dev.gantry.spi.RuntimeClass;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a rule: which attempts it is for, and what happens to them. */
final class RuleReader {
    private static final List<String> ENDINGS = List.of("result", "resultSize", "error", "process");
    private static final Pattern ATTEMPTS = Pattern.compile("(\\d{1,9})(?:(\\.\\.)(\\d{1,9})?)?");

    private final MockRule.Builder rule;
    private final List<Mistake> problems;

    RuleReader(MockRule.Builder rule, List<Mistake> problems) {
        this.rule = rule;
        this.problems = problems;
    }

    void when(Doc doc) {
        FieldReader fields = new FieldReader("when", doc, problems);
        fields.text("function", rule::function);
        fields.text("version", rule::version);
        fields.text("image", rule::image);
        fields.text("task", rule::task);
        fields.text("iteration", rule::iteration);
        fields.text("attempt", this::attempts);
        fields.text(
                "class",
                text ->
                        rule.runtimeClass(
                                FieldReader.choice(
                                        text, RuntimeClass.values(), RuntimeClass::label)));
        fields.text("chance", text -> rule.chance(fraction(text)));
        fields.refuseOthers();
    }

    private void attempts(String text) {
        Matcher matcher = ATTEMPTS.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is neither a number such as 1 nor a range such as 1..3 or 2.."
                            .formatted(text));
        }
        int first = Integer.parseInt(matcher.group(1));
        String last = matcher.group(3);
        if (last != null) {
            rule.attempts(first, Integer.parseInt(last));
        } else {
            rule.attempts(first, matcher.group(2) == null ? first : Integer.MAX_VALUE);
        }
    }

    private static double fraction(String text) {
        if (!text.matches("\\d(\\.\\d{1,15})?")) {
            throw new IllegalArgumentException("'%s' is not a number from 0 to 1".formatted(text));
        }
        return Double.parseDouble(text);
    }

    /** Everything in a rule but {@code when}. */
    void answer(FieldReader fields) {
        List<String> endings = ENDINGS.stream().filter(fields::has).toList();
        if (endings.size() > 1) {
            fields.problem(
                    "a step ends in one way, but %s are given"
                            .formatted(String.join(" and ", endings)));
        }
        fields.read("result", doc -> rule.result(json(doc)));
        fields.bytes("resultSize", bytes -> rule.resultSize(resultSize(bytes)));
        fields.read("error", doc -> rule.ending(new ErrorReader(problems).error(doc)));
        fields.read("process", this::process);
        fields.read("latency", this::latency);
        fields.items("logs", this::log);
        fields.items("artifacts", this::artifact);
        fields.read("usage", this::usage);
        fields.read("faults", doc -> new FaultReader(rule, problems).faults(doc));
    }

    private static int resultSize(long bytes) {
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "%d bytes are more than %d".formatted(bytes, Integer.MAX_VALUE));
        }
        return (int) bytes;
    }

    static JsonNode json(Doc doc) {
        return switch (doc) {
            case Doc.Fields it -> {
                ObjectNode object = Json.MAPPER.createObjectNode();
                it.entries().forEach(entry -> object.set(entry.key(), json(entry.value())));
                yield object;
            }
            case Doc.Items it -> {
                ArrayNode array = Json.MAPPER.createArrayNode();
                it.items().forEach(item -> array.add(json(item)));
                yield array;
            }
            case Doc.Scalar it -> Json.tree(it.value());
        };
    }

    private void process(Doc doc) {
        ProcessFields read = new ProcessFields();
        FieldReader fields = new FieldReader("process", doc, problems);
        fields.integer("code", code -> read.code = code);
        fields.text("stdout", text -> read.stdout = Template.Text.of(text));
        fields.text("stderr", text -> read.stderr = Template.Text.of(text));
        fields.refuseOthers();
        rule.ending(new Ending.Exit(read.code, read.stdout, read.stderr));
    }

    private static final class ProcessFields {
        int code;
        Template.Text stdout = Template.Text.of("");
        Template.Text stderr = Template.Text.of("");
    }

    private void latency(Doc doc) {
        if (doc instanceof Doc.Scalar) {
            rule.latency(Quantities.duration(FieldReader.scalar(doc)));
            return;
        }
        Duration[] range = {Duration.ZERO, Duration.ZERO};
        FieldReader fields = new FieldReader("latency", doc, problems);
        fields.duration("from", duration -> range[0] = duration);
        fields.duration("to", duration -> range[1] = duration);
        fields.refuseOthers();
        rule.latency(range[0], range[1]);
    }

    private void log(Doc doc) {
        if (doc instanceof Doc.Scalar) {
            rule.log(Stream.STDOUT, FieldReader.scalar(doc));
            return;
        }
        LogFields read = new LogFields();
        FieldReader fields = new FieldReader("an entry of logs", doc, problems);
        fields.text("text", text -> read.text = Template.Text.of(text));
        fields.bytes("flood", bytes -> read.flood = bytes);
        fields.choice("stream", Stream.class, stream -> read.stream = stream);
        fields.integer("repeat", times -> read.times = times);
        fields.duration("every", duration -> read.every = duration);
        fields.refuseOthers();
        if ((read.text == null) == (read.flood == null)) {
            fields.problem("an entry of logs has either 'text' or 'flood'");
        } else if (read.text != null) {
            rule.log(new LogScript.Text(read.stream, read.text, read.times, read.every));
        } else if (read.flood != null) {
            rule.flood(read.stream, read.flood, read.every);
        }
    }

    private static final class LogFields {
        Template.@Nullable Text text;
        @Nullable Long flood;
        Stream stream = Stream.STDOUT;
        int times = 1;
        Duration every = Duration.ZERO;
    }

    private void artifact(Doc doc) {
        FileFields read = new FileFields();
        FieldReader fields = new FieldReader("an artifact", doc, problems);
        fields.text("path", text -> read.path = text);
        fields.read("content", content -> read.content = content(content));
        fields.bytes("size", bytes -> read.size = bytes);
        fields.refuseOthers();
        if (read.path == null || (read.content == null) == (read.size == null)) {
            fields.problem("an artifact has a 'path', and either 'content' or 'size'");
        } else {
            long size = read.size == null ? 0 : read.size;
            rule.artifact(new FileScript(read.path, read.content, size));
        }
    }

    private static Template.Text content(Doc doc) {
        return Template.Text.of(
                doc instanceof Doc.Scalar ? FieldReader.scalar(doc) : json(doc).toString());
    }

    private static final class FileFields {
        @Nullable String path;
        Template.@Nullable Text content;
        @Nullable Long size;
    }

    private void usage(Doc doc) {
        UsageFields read = new UsageFields();
        FieldReader fields = new FieldReader("usage", doc, problems);
        fields.duration("wall", duration -> read.wallMillis = duration.toMillis());
        fields.duration("cpu", duration -> read.cpuMillis = duration.toMillis());
        fields.bytes("memory", bytes -> read.peakMemoryBytes = bytes);
        fields.refuseOthers();
        rule.usage(
                new Usage(
                        read.wallMillis,
                        read.cpuMillis,
                        read.peakMemoryBytes,
                        null,
                        null,
                        Map.of()));
    }

    private static final class UsageFields {
        @Nullable Long wallMillis;
        @Nullable Long cpuMillis;
        @Nullable Long peakMemoryBytes;
    }
}
