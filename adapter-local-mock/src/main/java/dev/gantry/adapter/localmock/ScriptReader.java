package dev.gantry.adapter.localmock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a whole script. */
final class ScriptReader {
    private final List<Mistake> problems = new ArrayList<>();
    private final List<MockRule> rules = new ArrayList<>();
    private long seed;
    private @Nullable Outage outage;

    private ScriptReader() {}

    /**
     * @param source for messages: the file's name
     * @throws ScriptException with everything that is wrong
     */
    static MockScript read(String source, String yaml) {
        ScriptReader reader = new ScriptReader();
        Doc doc = new DocReader(reader.problems).yaml(yaml);
        if (doc != null) {
            reader.script(doc);
        }
        if (!reader.problems.isEmpty()) {
            throw new ScriptException(source, reader.problems);
        }
        return new MockScript(reader.rules, reader.seed, reader.outage);
    }

    /**
     * Reads the block that a function's document has for the mock: a rule without {@code when}.
     *
     * @throws ScriptException with everything that is wrong
     */
    static Answer binding(Map<String, Object> block) {
        List<Mistake> problems = new ArrayList<>();
        MockRule.Builder rule = binding(block, problems);
        if (!problems.isEmpty()) {
            throw new ScriptException("local-mock", problems);
        }
        return rule.answer();
    }

    /** Everything that is wrong with a function's block. */
    static List<Mistake> mistakes(Map<String, Object> block) {
        List<Mistake> problems = new ArrayList<>();
        binding(block, problems);
        return problems;
    }

    private static MockRule.Builder binding(Map<String, Object> block, List<Mistake> problems) {
        Doc doc = new DocReader(problems).block(block);
        MockRule.Builder rule = new MockRule.Builder();
        FieldReader fields = new FieldReader("the block", doc, problems);
        new RuleReader(rule, problems).answer(fields);
        fields.refuseOthers();
        return rule;
    }

    private void script(Doc doc) {
        FieldReader fields = new FieldReader("the script", doc, problems);
        fields.text("seed", text -> seed = seed(text));
        fields.read("health", this::health);
        fields.items("rules", this::rule);
        fields.refuseOthers();
    }

    static long seed(String text) {
        if (!text.matches("-?\\d{1,18}")) {
            throw new IllegalArgumentException("'%s' is not a whole number".formatted(text));
        }
        return Long.parseLong(text);
    }

    private void health(Doc doc) {
        if (doc instanceof Doc.Scalar scalar && "connected".equals(scalar.value())) {
            return;
        }
        if (!(doc instanceof Doc.Fields)) {
            throw new IllegalArgumentException(
                    "%s; expected 'connected', or a map such as {disconnected: maintenance, after: 1s, for: 10s}"
                            .formatted(doc.shown()));
        }
        FieldReader fields = new FieldReader("health", doc, problems);
        OutageFields read = new OutageFields();
        fields.text("disconnected", text -> read.reason = text);
        fields.duration("after", duration -> read.after = duration);
        fields.duration("for", duration -> read.length = duration);
        fields.refuseOthers();
        if (read.reason == null) {
            fields.problem("health: 'disconnected' is missing, with the reason as its value");
        } else {
            outage = new Outage(read.reason, read.after, read.length);
        }
    }

    private static final class OutageFields {
        @Nullable String reason;
        Duration after = Duration.ZERO;
        @Nullable Duration length;
    }

    private void rule(Doc doc) {
        MockRule.Builder rule = new MockRule.Builder();
        FieldReader fields = new FieldReader("a rule", doc, problems);
        RuleReader reader = new RuleReader(rule, problems);
        fields.read("when", reader::when);
        reader.answer(fields);
        fields.refuseOthers();
        rules.add(rule.build());
    }
}
