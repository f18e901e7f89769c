package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gantry.orchestrator.definition.Problem;
import dev.gantry.orchestrator.definition.document.Place;
import dev.gantry.orchestrator.definition.document.Source;
import dev.gantry.orchestrator.definition.expression.Templates;
import dev.gantry.orchestrator.problem.Nearest;
import dev.gantry.spi.Quantities;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks at one document and writes down what is wrong, each defect once. */
final class Check implements Templates.Faults {
    static final Pattern NAME = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?");
    static final Pattern SEMVER =
            Pattern.compile(
                    "(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?");

    private static final int MAX_SHOWN = 20;
    private static final String UNKNOWN = "unknown-property";

    private final Source source;
    private final List<Problem> problems;
    private final List<Problem> warnings = new ArrayList<>();
    private final Set<String> reported = new HashSet<>();
    final Visible visible = new Visible();
    private boolean isMuted;
    private boolean isCode;
    private boolean isLoose;
    private boolean isTrusted;

    Check(Source source) {
        this.source = source;
        this.problems = new ArrayList<>(source.problems());
    }

    private Check(Source source, List<Problem> problems) {
        this.source = source;
        this.problems = problems;
        this.isTrusted = true;
    }

    /** For a document that was published before: a check that came later keeps it from nothing. */
    static Check trusting(Source source) {
        Check check = new Check(source, new ArrayList<>());
        check.visible.trust();
        return check;
    }

    /** Reports what was taken before this check was there. */
    void reportNew(
            String code,
            String pointer,
            String message,
            @Nullable String expected,
            @Nullable String suggestion) {
        if (!isTrusted) {
            report(code, pointer, message, expected, suggestion);
        }
    }

    /** In the order of the document, as people read it. */
    List<Problem> problems() {
        return sorted(problems);
    }

    /** What is probably not meant, and right all the same. */
    List<Problem> warnings() {
        return sorted(warnings);
    }

    private static List<Problem> sorted(List<Problem> problems) {
        return problems.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .toList();
    }

    /** Runs what meets again what was reported before. */
    <T extends @Nullable Object> T muted(Supplier<T> again) {
        boolean before = isMuted;
        isMuted = true;
        try {
            return again.get();
        } finally {
            isMuted = before;
        }
    }

    /** What is over a limit only where it is met again is reported there. */
    void reportLimit(String code, String pointer, String message, String expected) {
        boolean before = isMuted;
        isMuted = false;
        report(
                code,
                pointer,
                message,
                expected,
                "move some of them to a workflow or a function of their own");
        isMuted = before;
    }

    /** Looks at another document that this one needs. */
    Check ofOther(Source other) {
        return isTrusted ? trusting(other) : new Check(other);
    }

    int size() {
        return problems.size();
    }

    boolean isClean() {
        return problems.isEmpty();
    }

    void report(
            String code,
            String pointer,
            String message,
            @Nullable String expected,
            @Nullable String suggestion) {
        add(problems, code, pointer, message, expected, suggestion);
    }

    void warn(
            String code,
            String pointer,
            String message,
            @Nullable String expected,
            @Nullable String suggestion) {
        add(warnings, code, pointer, message, expected, suggestion);
    }

    private void add(
            List<Problem> to,
            String code,
            String pointer,
            String message,
            @Nullable String expected,
            @Nullable String suggestion) {
        if (isMuted || to.size() >= Source.MAX_PROBLEMS || !reported.add(code + " " + pointer)) {
            return;
        }
        Place place = source.place(pointer);
        to.add(
                new Problem(
                        code,
                        pointer,
                        place.line(),
                        place.column(),
                        message,
                        expected,
                        suggestion));
    }

    @Override
    public void text(String pointer, String text) {
        Marks.look(text, pointer, isCode, this);
    }

    /** For what is text of another language. */
    <T extends @Nullable Object> T code(Supplier<T> compile) {
        isCode = true;
        try {
            return compile.get();
        } finally {
            isCode = false;
        }
    }

    @Override
    public void broken(String pointer, String message) {
        report("invalid-expression", pointer, message, "a jq expression", null);
    }

    @Override
    public void compiled(String pointer, String program, Set<String> reads) {
        if (!reads.isEmpty()) {
            visible.look(program, reads, isLoose).forEach(found -> report(found, pointer));
        }
    }

    void loose() {
        isLoose = true;
    }

    @Override
    public boolean isLoose() {
        return isLoose;
    }

    void report(Visible.Finding found, String pointer) {
        report(found.code(), pointer, found.message(), found.expected(), found.mend());
    }

    void notYet(String pointer, String what) {
        report("not-supported-yet", pointer, what + " is not supported yet", null, null);
    }

    /** The first few of many names. */
    static String some(List<String> names) {
        return names.size() <= MAX_SHOWN
                ? names.toString()
                : names.subList(0, MAX_SHOWN) + " and %d more".formatted(names.size() - MAX_SHOWN);
    }

    static String join(String pointer, String name) {
        return pointer + "/" + Source.escape(name);
    }

    static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case NULL -> "null";
            case MISSING, BINARY, POJO -> "nothing";
        };
    }

    /** The value as an object; anything else is reported and taken as missing. */
    JsonNode object(JsonNode value, String pointer, String what) {
        return typed(value, pointer, what, value.isObject(), "an object");
    }

    JsonNode list(JsonNode value, String pointer, String what) {
        return typed(value, pointer, what, value.isArray(), "a list");
    }

    private JsonNode typed(
            JsonNode value, String pointer, String what, boolean fits, String expected) {
        if (fits || value.isMissingNode()) {
            return value;
        }
        report("wrong-type", pointer, "%s is %s".formatted(what, kind(value)), expected, null);
        return MissingNode.getInstance();
    }

    /** Reports what must be there and is not. */
    JsonNode required(JsonNode object, String pointer, String name, String what) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() && !isMisspelt(object, pointer, name)) {
            report(
                    "missing-property",
                    pointer,
                    "%s lacks '%s'".formatted(what, name),
                    "'%s'".formatted(name),
                    null);
        }
        return value;
    }

    /** The same for what was not asked for before. */
    void requiredNow(JsonNode object, String pointer, String name, String what) {
        if (!isTrusted) {
            required(object, pointer, name, what);
        }
    }

    /**
     * Whether a property that was reported as unknown is probably this one: one defect, not two.
     */
    private boolean isMisspelt(JsonNode object, String pointer, String name) {
        return object.properties().stream()
                .map(Map.Entry::getKey)
                .filter(key -> reported.contains(UNKNOWN + " " + join(pointer, key)))
                .anyMatch(key -> !Nearest.hint(key, Set.of(name)).isEmpty());
    }

    /** Reports every property that is not known here. */
    void known(JsonNode object, String pointer, String what, Collection<String> names) {
        object.properties()
                .forEach(property -> {
                    if (!names.contains(property.getKey())) {
                        String hint = Nearest.hint(property.getKey(), names);
                        report(
                                UNKNOWN,
                                join(pointer, property.getKey()),
                                "unknown property '%s' in %s%s"
                                        .formatted(property.getKey(), what, hint),
                                "one of " + names.stream().sorted().toList(),
                                hint.isEmpty() ? null : hint.substring(2));
                    }
                });
    }

    @Nullable String text(JsonNode object, String pointer, String name, String what) {
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isTextual()) {
            report(
                    "wrong-type",
                    join(pointer, name),
                    "%s '%s' is %s".formatted(what, name, kind(value)),
                    "text",
                    quoteHint(value));
            return null;
        }
        return value.textValue();
    }

    private static @Nullable String quoteHint(JsonNode value) {
        return value.isNumber() || value.isBoolean()
                ? "write '%s'".formatted(value.asText())
                : null;
    }

    /** Looks at an object, or an expression that gives one. */
    void objectOrExpression(JsonNode object, String pointer, String name) {
        JsonNode value = object.path(name);
        if (!value.isTextual() || !Templates.isExpression(value.textValue())) {
            object(value, join(pointer, name), "'%s'".formatted(name));
        }
    }

    boolean flag(JsonNode object, String pointer, String name, boolean otherwise) {
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            report(
                    "wrong-type",
                    join(pointer, name),
                    "'%s' is %s".formatted(name, kind(value)),
                    "true or false",
                    null);
            return otherwise;
        }
        return value.booleanValue();
    }

    @Nullable Integer count(JsonNode object, String pointer, String name) {
        return count(object, pointer, name, 0);
    }

    @Nullable Integer count(JsonNode object, String pointer, String name, int least) {
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isInt() || value.intValue() < least) {
            report(
                    "wrong-type",
                    join(pointer, name),
                    "'%s' is %s".formatted(name, shortened(value)),
                    "a whole number from %d to %d".formatted(least, Integer.MAX_VALUE),
                    null);
            return null;
        }
        return value.intValue();
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    /** One of the words of an enum, as documents write them. */
    <E extends Enum<E>> E choice(
            JsonNode object, String pointer, String name, Class<E> type, E otherwise) {
        return choice(object, pointer, name, List.of(type.getEnumConstants()), otherwise);
    }

    <E extends Enum<E>> E choice(
            JsonNode object, String pointer, String name, List<E> choices, E otherwise) {
        String written = text(object, pointer, name, "property");
        if (written == null) {
            return otherwise;
        }
        List<String> words = new ArrayList<>();
        for (E constant : choices) {
            String word = camel(constant.name());
            words.add(word);
            if (word.equals(written)) {
                return constant;
            }
        }
        report(
                "invalid-value",
                join(pointer, name),
                "'%s' is '%s'%s".formatted(name, written, Nearest.hint(written, words)),
                "one of " + words,
                null);
        return otherwise;
    }

    private static String camel(String constant) {
        StringBuilder word = new StringBuilder();
        for (String part : constant.toLowerCase(Locale.ROOT).split("_", -1)) {
            word.append(
                    word.isEmpty()
                            ? part
                            : Character.toUpperCase(part.charAt(0)) + part.substring(1));
        }
        return word.toString();
    }

    /** Whether the text is an amount of what the name says: {@code cpu} or {@code memory}. */
    boolean quantity(String text, String pointer, String name) {
        try {
            if (name.equals("cpu") ? Quantities.cpuMillis(text) > 0 : Quantities.bytes(text) > 0) {
                return true;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Reported below, like zero.
        }
        report(
                "invalid-quantity",
                pointer,
                "'%s' is '%s', which is no amount above 0".formatted(name, text),
                name.equals("cpu") ? "such as 500m" : "such as 256Mi",
                null);
        return false;
    }

    void name(@Nullable String value, String pointer, String what) {
        if (value != null && !NAME.matcher(value).matches()) {
            report(
                    "invalid-name",
                    pointer,
                    "%s '%s' is no valid name".formatted(what, value),
                    "1 to 63 letters, digits and '-', first and last a letter or digit",
                    null);
        }
    }

    void version(@Nullable String value, String pointer) {
        if (value != null && !SEMVER.matcher(value).matches()) {
            report(
                    "invalid-version",
                    pointer,
                    "version '%s' is no semantic version".formatted(value),
                    "such as 1.0.0",
                    value.matches("\\d+(\\.\\d+)?")
                            ? value + (value.contains(".") ? ".0" : ".0.0")
                            : null);
        }
    }
}
