package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.gantry.orchestrator.definition.Problem;
import dev.gantry.orchestrator.definition.document.Source;
import dev.gantry.orchestrator.definition.document.SourceReader;
import dev.gantry.orchestrator.definition.expression.Schemas;
import dev.gantry.orchestrator.definition.expression.Templates;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.DurationTemplate;
import dev.gantry.orchestrator.definition.plan.ErrorFilter;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.RetryPolicy;
import dev.gantry.orchestrator.definition.plan.Schema;
import dev.gantry.orchestrator.definition.plan.Template;
import dev.gantry.orchestrator.definition.plan.WorkflowError.Standard;
import java.time.Duration;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The values that several kinds of tasks share: durations, schemas, retries, error filters. */
final class Values {
    private static final Set<String> DURATION =
            Set.of("days", "hours", "minutes", "seconds", "milliseconds");
    private static final Pattern ISO_DAYS = Pattern.compile("(P(?:\\d+[YMWD])*)(?:(T.*))?");

    /** Beyond it a moment would be none that a database can keep. */
    private static final Duration LONGEST = Duration.ofDays(365_000);

    private final Check check;
    private @Nullable External external;

    /** Where schemas may stand that are not part of the document. */
    void external(External from) {
        external = from;
    }

    Values(Check check) {
        this.check = check;
    }

    @Nullable Template expression(JsonNode object, String pointer, String name, String what) {
        String text = check.text(object, pointer, name, what);
        return text == null ? null : Templates.expression(text, Check.join(pointer, name), check);
    }

    /** An expression of which it only matters whether it is true. */
    @Nullable Template condition(JsonNode object, String pointer, String name, String what) {
        return check.visible.as(Visible.Use.TESTED, () -> expression(object, pointer, name, what));
    }

    /** A text is an expression with or without its marks; an object holds marked ones. */
    @Nullable Template transformation(JsonNode object, String pointer, String name) {
        JsonNode value = object.path(name);
        String at = Check.join(pointer, name);
        if (value.isMissingNode()) {
            return null;
        }
        if (value.isTextual()) {
            return Templates.expression(value.textValue(), at, check);
        }
        if (!value.isObject()) {
            check.report(
                    "wrong-type",
                    at,
                    "'%s' is %s".formatted(name, Check.kind(value)),
                    "an expression or an object",
                    null);
            return null;
        }
        return Templates.value(value, at, check);
    }

    @Nullable Template template(JsonNode object, String pointer, String name) {
        JsonNode value = object.path(name);
        return value.isMissingNode()
                ? null
                : Templates.value(value, Check.join(pointer, name), check);
    }

    @Nullable DurationTemplate duration(JsonNode value, String pointer) {
        if (value.isTextual()) {
            String text = value.textValue();
            if (Templates.isExpression(text)) {
                Template template = Templates.expression(text, pointer, check);
                return (input, arguments) -> parse(template.evaluate(input, arguments).asText());
            }
            try {
                return DurationTemplate.of(parse(text));
            } catch (ExpressionException e) {
                check.report(
                        "invalid-duration",
                        pointer,
                        String.valueOf(e.getMessage()),
                        "an ISO 8601 duration such as PT30S, or {seconds: 30}",
                        null);
                return null;
            }
        }
        JsonNode object = check.object(value, pointer, "the duration");
        if (object.isMissingNode()) {
            return null;
        }
        check.known(object, pointer, "a duration", DURATION);
        if (object.isEmpty()) {
            check.report(
                    "invalid-duration",
                    pointer,
                    "the duration is empty",
                    "such as {seconds: 30}",
                    null);
        }
        Duration sum = Duration.ZERO;
        for (var part : object.properties()) {
            Integer n = check.count(object, pointer, part.getKey());
            if (n != null) {
                sum =
                        switch (part.getKey()) {
                            case "days" -> sum.plusDays(n);
                            case "hours" -> sum.plusHours(n);
                            case "minutes" -> sum.plusMinutes(n);
                            case "seconds" -> sum.plusSeconds(n);
                            default -> sum.plusMillis(n);
                        };
            }
        }
        if (sum.compareTo(LONGEST) > 0) {
            tooLong(object.toString(), pointer);
            return null;
        }
        return DurationTemplate.of(sum);
    }

    private void tooLong(String written, String pointer) {
        check.reportNew(
                "invalid-duration",
                pointer,
                "%s is longer than %d days".formatted(written, LONGEST.toDays()),
                "at most %d days".formatted(LONGEST.toDays()),
                null);
    }

    /** A duration above zero that does not depend on data; null, and reported, if it is none. */
    @Nullable Duration fixedDuration(JsonNode value, String pointer) {
        int before = check.problems().size();
        DurationTemplate template = duration(value, pointer);
        if (template == null || check.problems().size() > before) {
            return null;
        }
        String wrong = "the duration is not above zero";
        try {
            Duration fixed = template.evaluate(NullNode.getInstance(), Arguments.NONE);
            if (fixed.isPositive()) {
                return fixed;
            }
        } catch (ExpressionException e) {
            wrong = "the duration depends on data";
        }
        check.report(
                "invalid-duration",
                pointer,
                wrong,
                "an ISO 8601 duration such as PT30S, or {seconds: 30}",
                null);
        return null;
    }

    @SuppressWarnings("JavaPeriodGetDays") // months and years are refused before
    static Duration parse(String text) throws ExpressionException {
        try {
            Matcher matcher = ISO_DAYS.matcher(text);
            if (matcher.matches() && text.length() > 2) {
                String days = matcher.group(1);
                Period period = days.length() > 1 ? Period.parse(days) : Period.ZERO;
                if (period.toTotalMonths() == 0) {
                    Duration time =
                            matcher.group(2) == null
                                    ? Duration.ZERO
                                    : Duration.parse("P" + matcher.group(2));
                    if (time.isNegative()) {
                        throw new ExpressionException("'%s' is below zero".formatted(text));
                    }
                    Duration whole = time.plusDays(period.getDays());
                    if (whole.compareTo(LONGEST) > 0) {
                        throw new ExpressionException(
                                "'%s' is longer than %d days".formatted(text, LONGEST.toDays()));
                    }
                    return whole;
                }
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new ExpressionException("'%s' is no duration".formatted(text), e);
        }
        throw new ExpressionException("'%s' is no duration of fixed length".formatted(text));
    }

    @Nullable Schema schema(JsonNode object, String pointer) {
        JsonNode value = check.object(object.path("schema"), pointer + "/schema", "'schema'");
        if (value.isMissingNode()) {
            return null;
        }
        String at = pointer + "/schema";
        check.known(value, at, "'schema'", Set.of("format", "document", "resource"));
        String format = check.text(value, at, "format", "schema");
        if (format != null && !format.equals("json") && !format.startsWith("json:")) {
            check.notYet(at + "/format", "schema format '%s'".formatted(format));
        }
        if (value.has("resource") && external != null) {
            byte[] content = external.resource(value.get("resource"), at + "/resource");
            return content == null ? null : resource(content, at + "/resource");
        }
        JsonNode document = check.required(value, at, "document", "the schema");
        return document.isMissingNode() ? null : compile(document, at + "/document");
    }

    private @Nullable Schema resource(byte[] content, String pointer) {
        Source source = SourceReader.read(content);
        if (!source.problems().isEmpty()) {
            Problem first = source.problems().getFirst();
            check.reportNew(
                    "invalid-schema",
                    pointer,
                    "the schema cannot be read: line %d: %s"
                            .formatted(first.line(), first.message()),
                    first.expected(),
                    null);
        }
        return compile(source.root(), pointer);
    }

    private @Nullable Schema compile(JsonNode document, String pointer) {
        try {
            return Schemas.compile(document);
        } catch (Schemas.Invalid e) {
            check.report(
                    "invalid-schema",
                    pointer.endsWith("/resource") ? pointer : pointer + e.pointer(),
                    "the schema cannot be used: " + e.getMessage(),
                    "JSON Schema 2020-12 without references to other documents",
                    null);
            return null;
        }
    }

    RetryPolicy retry(JsonNode value, String pointer) {
        check.known(
                value,
                pointer,
                "a retry policy",
                Set.of("when", "exceptWhen", "delay", "limit", "backoff", "jitter"));
        JsonNode limit = check.object(value.path("limit"), pointer + "/limit", "'limit'");
        check.known(limit, pointer + "/limit", "a retry's 'limit'", Set.of("attempt", "duration"));
        JsonNode attempt =
                check.object(limit.path("attempt"), pointer + "/limit/attempt", "'attempt'");
        check.known(
                attempt,
                pointer + "/limit/attempt",
                "a retry's 'attempt'",
                Set.of("count", "duration"));
        JsonNode jitter = check.object(value.path("jitter"), pointer + "/jitter", "'jitter'");
        check.known(jitter, pointer + "/jitter", "'jitter'", Set.of("from", "to"));
        for (String name : List.of("from", "to")) {
            if (!jitter.isMissingNode()) {
                check.requiredNow(jitter, pointer + "/jitter", name, "'jitter'");
            }
        }
        return new RetryPolicy(
                condition(value, pointer, "when", "retry"),
                condition(value, pointer, "exceptWhen", "retry"),
                optionalDuration(value, pointer, "delay"),
                backoff(value, pointer),
                optionalDuration(jitter, pointer + "/jitter", "from"),
                optionalDuration(jitter, pointer + "/jitter", "to"),
                check.count(attempt, pointer + "/limit/attempt", "count"),
                optionalDuration(attempt, pointer + "/limit/attempt", "duration"),
                optionalDuration(limit, pointer + "/limit", "duration"));
    }

    private RetryPolicy.Backoff backoff(JsonNode value, String pointer) {
        JsonNode backoff = check.object(value.path("backoff"), pointer + "/backoff", "'backoff'");
        if (backoff.isMissingNode()) {
            return RetryPolicy.Backoff.CONSTANT;
        }
        check.known(
                backoff,
                pointer + "/backoff",
                "'backoff'",
                Set.of("constant", "linear", "exponential"));
        if (backoff.has("exponential")) {
            return RetryPolicy.Backoff.EXPONENTIAL;
        }
        return backoff.has("linear") ? RetryPolicy.Backoff.LINEAR : RetryPolicy.Backoff.CONSTANT;
    }

    @Nullable DurationTemplate optionalDuration(JsonNode object, String pointer, String name) {
        JsonNode value = object.path(name);
        return value.isMissingNode() ? null : duration(value, Check.join(pointer, name));
    }

    ErrorFilter errorFilter(JsonNode errors, String pointer) {
        check.known(errors, pointer, "'errors'", Set.of("with"));
        JsonNode with = check.object(errors.path("with"), pointer + "/with", "'with'");
        if (with.isMissingNode()) {
            return ErrorFilter.ANY;
        }
        String at = pointer + "/with";
        check.known(
                with,
                at,
                "an error filter",
                Set.of("type", "status", "instance", "title", "detail"));
        String type = check.text(with, at, "type", "filter");
        return new ErrorFilter(
                type == null ? Set.of() : Standard.spellings(type),
                check.count(with, at, "status"),
                check.text(with, at, "instance", "filter"),
                check.text(with, at, "title", "filter"),
                check.text(with, at, "detail", "filter"));
    }
}
