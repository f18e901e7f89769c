package dev.gantry.orchestrator.definition.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An expression made at random, mostly of parts that fit each other.
 *
 * @param form the text, with {@code %s} for each part
 */
record GeneratedExpression(String form, List<GeneratedExpression> parts) {
    private static final String[] NUMBERS = {
        "%s + %s",
        "%s - %s",
        "%s * %s",
        "%s / %s",
        "%s %% %s",
        "-%s",
        "(%s | floor)",
        "(%s | ceil)",
        "(%s | round)",
        "(%s | fabs)",
        "(%s | trunc)",
        "(%s | sqrt | floor)",
        "(%a | length)",
        "(%t | length)",
        "(%t | utf8bytelength)",
        "(%a | add)",
        "(%a | min)",
        "(%a | max)",
        "(%s as $x | $x + 1)",
        "(reduce %a[] as $i (0; . + 1))",
        "(reduce %a[] as $i (%s; [., 1] | add))",
        "first(%s, %s)",
        "(%s | tostring | tonumber)",
        "last(%s, %s)",
        "([limit(2; %s, %s, %s)] | add)",
        "(%o | length)",
        "(if %b then %s else %s end)",
        "(%s // %s)",
        "(label $f | %s, break $f)",
        "nth(1; %s, %s)",
        "pow(%s; 2)",
        "(%s | until(. >= 9 or . < -9; . + 2))",
        "(%a | index(%s))",
        "(%t | index(%t))",
        "(%s | select(%b))",
        "(try %s catch 0)",
        "(%s?)",
        "(def f: . + 1; %s | f)",
        "(def f(g): g + g; f(%s))",
        "(def f($a; $b): $a - $b; f(%s; %s))",
    };
    private static final String[] TEXTS = {
        "%s + %s",
        "(%s | ascii_downcase)",
        "(%s | ascii_upcase)",
        "(%s | .[1:])",
        "(%s | .[:-1])",
        "(%s | .[%n:%n])",
        "(%s | ltrimstr(%s))",
        "(%s | rtrimstr(%s))",
        "(%s | explode | implode)",
        "(%s | explode | reverse | implode)",
        "(%a | tojson)",
        "(%o | tojson)",
        "(%n | tostring)",
        "\"<\\(%s)|\\(%n)>\"",
        "@base64 \"\\(%s)\"",
        "(%s | @base64 | @base64d)",
        "(%s | @uri)",
        "(%s | @html)",
        "(%s | @sh)",
        "(%a | @text)",
        "(%o | @json)",
        "([%s, %n, null, true] | @csv)",
        "([%s, %n] | @tsv)",
        "(%s | sub(\"a\"; \"x\"))",
        "(%s | gsub(\"[a-c]\"; \"<\\(.)>\"))",
        "(%s | gsub(\"(?<x>\\\\w)\"; \"\\(.x)-\"))",
        "(%s | gsub(\"\\\\s+\"; \"_\"))",
        "(%s | sub(\"(?<l>.)$\"; \"\\(.l)!\", \"?\"))",
        "(%a | map(tostring) | join(\",\"))",
        "(%n | type)",
        "(%s * 2)",
        "(%s | split(\" \") | .[0])",
        "(%o | keys | .[0])",
        "first(%s | scan(\"\\\\w\"))",
        "(%s as [$q] | $q)",
        "(if %b then %s else %s end)",
        "(%s // %s)",
        "(%s | select(%b))",
        "(%s | ascii_downcase | @json)",
        "(%s | tojson | fromjson)",
        "([%s, %s] | sort | .[0])",
    };
    private static final String[] LISTS = {
        "[%n, %n]",
        "[%t, %n, null]",
        "[%s[]]",
        "[%s[]?]",
        "(%s | map(%i))",
        "(%s | sort)",
        "(%s | unique)",
        "(%s | reverse)",
        "(%s + %s)",
        "(%s - %s)",
        "(%s | .[1:])",
        "(%s | .[:%n])",
        "(%o | keys)",
        "(%t | explode)",
        "(%s | flatten)",
        "(%s | flatten(1))",
        "[range(%n; 5)]",
        "[range(0; %n; 2)]",
        "(%o | to_entries)",
        "[%o | paths]",
        "[%s | .. | numbers]",
        "[%o | ..]",
        "(%s | group_by(type))",
        "(%s | sort_by(type, .))",
        "(%s | unique_by(type))",
        "[%s[] | select(%b)]",
        "[limit(%n; %s[])]",
        "(%t | split(\" \"))",
        "(%t | [match(\"[a-z]\"; \"g\").offset])",
        "(%t | [match(\"(?<x>a)|(b)\"; \"g\") | .captures[] | .string, .offset, .length])",
        "[%t | splits(\"[ b]\")]",
        "[%t | scan(\"a(b)?\")]",
        "[foreach %s[] as $i (0; . + 1; [$i, .])]",
        "[foreach (%n, %n) as $i (%n; . + $i)]",
        "(%s | to_entries)",
        "(%s | map_values(%i))",
        "(%s | map(select(. != null)))",
        "(%s | indices(%n))",
        "(%t | indices(%t))",
        "(%s | del(.[0]))",
        "(%s | del(.[1:]))",
        "(%s | .[0] = %n)",
        "(%s | .[1] |= [.])",
        "(%s | .[] |= (%i))",
        "(%s | .[:1] = [%n, %n])",
        "(%s | (.[] | select(type == \"number\")) |= . + 1)",
        "[%s | tostream]",
        "((%s | transpose)?)",
        "(%s | [.[:2], .[2:]])",
        "[%s as [$p, $q] | $q, $p]",
        "[.[]? as {a: $p} | $p]",
        "(%s | [combinations(2)] | length | [.])",
        "(%s | min_by(type), max_by(type) | [.])",
        "(%s | walk(if type == \"number\" then . + 1 else . end))",
        "(%s | map(. as $x | [$x, $x]))",
        "(%s | to_entries | map(.value))",
        "[%s | first, last, nth(1)]",
        "[path(%p)]",
        "[path(.. | select(type == \"boolean\"))]",
        "(%s | any, all | [.])",
        "(%s | [.[] | try error catch .])",
        "[%s | .[]? // %n]",
        "(%s | delpaths([[0], [2]]))",
        "[getpath([\"a\", \"b\"])?]",
        "(%s | contains([%n]) | [.])",
        "(%s | inside([%n, %n, %n]) | [.])",
        "(%s | [while(length > 0; .[1:])])",
        "[.[%n, 0]?]",
        "(%s | [IN(.[]; %n, 1)])",
        "(%s | [recurse(if type == \"array\" then .[] else empty end)])",
        "[splits(\"a\")?]",
        "(%s | bsearch(%n) | [.])",
    };
    private static final String[] OBJECTS = {
        "{a: %n, b: %t}",
        "{a: %s, (%t): %n}",
        "{a: (%n, %n)}",
        "(%s + %s)",
        "(%s * %s)",
        "(%s | del(.a))",
        "(%s | .a = %n)",
        "(%s | .b |= [.])",
        "(%s | .c += %n)",
        "(%s | .a.x = %n)",
        "(%s | map_values(%i))",
        "(%s | with_entries(.value |= [.]))",
        "(%s | to_entries | from_entries)",
        "(%s | .a //= %n)",
        "(%s | .[\"d\"] = %a)",
        "(%s | delpaths([[\"a\"], [\"b\"]]))",
        "(%s | setpath([\"a\", \"z\"]; %n))",
        "(%s | {a, b})",
        "(%s | . as {$a, b: $x} | {$a, $x})",
        "(%s | . as {a: $a} | {$a})",
        "(%s | map_values(select(. != null)))",
        "(%s | walk(if type == \"string\" then length else . end))",
        "(reduce %a[] as $i ({}; .[$i | tostring] = $i))",
        "([%s, %s] | add)",
        "(if %b then %s else %s end)",
        "(%s | pick(.a))",
        "(%t | capture(\"(?<x>[a-z])(?<y>.)?\"))",
        "(%s | (.a, .b) = %n)",
        "(%s | (.. | strings) |= length)",
        "([%s, %s] | INDEX(.a))",
        "(%s | .a as $x | {$x, y: $x})",
        "(%s | .[\"a\", \"b\"] |= %i)",
        "(%s | .. |= .)",
        "(%s | to_entries | map(select(.value)) | from_entries)",
        "(%s | {(keys[]): 1})",
        "(%s | tojson | fromjson)",
    };
    private static final String[] TRUTHS = {
        "(%n == %n)",
        "(%n < %n)",
        "(%n >= %n)",
        "(%t < %t)",
        "(%a == %a)",
        "(%o == %o)",
        "(%s and %s)",
        "(%s or %s)",
        "(%s | not)",
        "(%t | test(\"[ab]\"))",
        "(%t | test(\"^A\"; \"i\"))",
        "(%t | startswith(%t))",
        "(%t | endswith(%t))",
        "(%o | has(\"a\"))",
        "(%a | has(%n))",
        "(%a | any)",
        "(%a | all)",
        "(%a | contains([%n]))",
        "(%t | contains(%t))",
        "any(%a[]; . == %n)",
        "(%n | IN(%n, %n))",
        "isempty(%a[])",
        "(%a < %a)",
        "(%o > %o)",
        "(%a | length > %n)",
        "(. == %a)",
        "(%n | isnormal)",
        "(%n | isinfinite)",
        "all(%a[]; . != null)",
        "(%o | .a)",
        "([%n, %t, %a] | sort | .[0] == .[1])",
        "(%t != %t)",
    };
    private static final String[] PATHS = {
        ".a",
        ".b",
        ".a.b?",
        ".[0]?",
        ".[]?",
        "..",
        ".a[1:]?",
        ".a // .b",
        "first(.a, .b)",
        "getpath([\"a\", \"b\"])?",
        ".a | select(.)",
        "if .a then .b else .c end",
        ".. | select(type == \"number\")",
        "recurse(.[]?)",
        "(.a, .b)",
        "limit(1; .[]?)",
        "empty",
        "try error(\"x\") catch .a",
        ".[\"a\"]?",
        "paths?",
    };
    private static final String[] ITEMS = {
        ".",
        "type",
        "[.]",
        "tostring",
        "length?",
        ". == null",
        "numbers",
        "strings",
        "(., .)",
        "select(. != null)",
        ".a?",
        ".[0]?",
        "empty",
        "{a: .}",
        ". as $v | [$v]",
        "if . then 1 else 2 end",
        "tojson",
        "try (. + 1) catch null",
        "not",
        "arrays | length",
    };
    private static final String[] LEAVES = {
        "0",
        "1",
        "-1",
        "2",
        "3.5",
        "0.1",
        "10",
        "1000000",
        ".a",
        ".b",
        ".[0]?",
        ".n",
        "(.a | numbers)",
        "(.n | numbers)",
        "-7",
        "0.25",
    };
    private static final String[] WORDS = {
        "\"\"",
        "\"a\"",
        "\"abc\"",
        "\"Ab c\"",
        "\"b a b\"",
        "\"zażółć\"",
        "\"x😁y\"",
        "\"a\\nb\"",
        "\"<&'\\\"\"",
        ".t",
        "(.t | strings)",
        ".b",
        "(.a | tostring)",
        "(.b | tojson)",
        "(.. | strings)",
        "\"1,2\"",
    };
    private static final String[] ROWS = {
        "[]",
        "[1, 2, 3]",
        "[3, 1, 2, 1]",
        "[null, true, \"a\"]",
        "[[1, 2], [3]]",
        ".l",
        "(.l | arrays)",
        "(.a | arrays)",
        "[.[]?]",
        "[\"b\", \"a\"]",
    };
    private static final String[] THINGS = {
        "{}",
        "{a: 1}",
        "{a: {b: 2}, c: [3]}",
        ".o",
        "(.o | objects)",
        ".",
        "{b: .b, a: .a}",
        "{\"a b\": null}",
    };

    static GeneratedExpression program(Random random) {
        int depth = 1 + random.nextInt(4);
        return part("ntaobp".charAt(random.nextInt(6)), depth, random);
    }

    private static GeneratedExpression part(char type, int depth, Random random) {
        // One in twenty parts does not fit where it is.
        char made = random.nextInt(20) == 0 ? "ntaob".charAt(random.nextInt(5)) : type;
        String[] forms =
                switch (made) {
                    case 'n' -> depth > 0 ? NUMBERS : LEAVES;
                    case 't' -> depth > 0 ? TEXTS : WORDS;
                    case 'a' -> depth > 0 ? LISTS : ROWS;
                    case 'o' -> depth > 0 ? OBJECTS : THINGS;
                    case 'b' ->
                            depth > 0 ? TRUTHS : new String[] {"true", "false", "null", ".b", ".a"};
                    case 'p' -> PATHS;
                    default -> ITEMS;
                };
        String form = forms[random.nextInt(forms.length)];
        StringBuilder text = new StringBuilder();
        List<GeneratedExpression> parts = new ArrayList<>();
        for (int i = 0; i < form.length(); i++) {
            char c = form.charAt(i);
            if (c != '%') {
                text.append(c);
                continue;
            }
            char kind = form.charAt(++i);
            if (kind == '%') {
                text.append("%%");
            } else {
                text.append("%s");
                parts.add(part(kind == 's' ? made : kind, depth - 1, random));
            }
        }
        boolean bare = depth > 0 && (made == 'n' || made == 't');
        return new GeneratedExpression(bare ? "(" + text + ")" : text.toString(), parts);
    }

    String text() {
        return form.formatted(parts.stream().map(GeneratedExpression::text).toArray());
    }

    /** Smaller expressions that may fail for the same reason. */
    Stream<GeneratedExpression> smaller() {
        Stream<GeneratedExpression> inner =
                IntStream.range(0, parts.size())
                        .boxed()
                        .flatMap(i ->
                                parts.get(i)
                                        .smaller()
                                        .map(part -> {
                                            List<GeneratedExpression> changed =
                                                    new ArrayList<>(parts);
                                            changed.set(i, part);
                                            return new GeneratedExpression(form, changed);
                                        }));
        Stream<GeneratedExpression> simple =
                form.length() <= 4
                        ? Stream.empty()
                        : Stream.of(".", "1", "\"a\"", "[1]", "{}")
                                .map(text -> new GeneratedExpression(text, List.of()));
        return Stream.concat(Stream.concat(parts.stream(), simple), inner);
    }

    /** A value that has some of what the expressions ask for. */
    static String input(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> scalar(random);
            case 1 -> list(random, 2);
            default ->
                    "{"
                            + "\"n\":"
                            + number(random)
                            + ",\"t\":"
                            + text(random)
                            + ",\"l\":"
                            + list(random, 2)
                            + ",\"a\":"
                            + value(random, 2)
                            + ",\"b\":"
                            + value(random, 1)
                            + (random.nextBoolean() ? ",\"o\":" + object(random, 2) : "")
                            + "}";
        };
    }

    private static String value(Random random, int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(4)) {
            case 2 -> list(random, depth);
            case 3 -> object(random, depth);
            default -> scalar(random);
        };
    }

    private static String scalar(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> number(random);
            case 1, 2 -> text(random);
            case 3 -> random.nextBoolean() ? "true" : "false";
            default -> "null";
        };
    }

    private static String number(Random random) {
        return switch (random.nextInt(6)) {
            case 0, 1, 2 -> String.valueOf(random.nextInt(12) - 3);
            case 3 -> String.valueOf((random.nextInt(2000) - 1000) / 8.0);
            case 4 -> String.valueOf(random.nextInt());
            default -> "0." + (1 + random.nextInt(9));
        };
    }

    private static String text(Random random) {
        String[] pieces = {"a", "b", "A", " ", "ż", "😁", "1", "\\n", "ab", "x_y", "<", "é", "'"};
        StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.append('"').toString();
    }

    private static String list(Random random, int depth) {
        return joined("[", random.nextInt(4), i -> value(random, depth - 1), "]");
    }

    private static String object(Random random, int depth) {
        String[] names = {"a", "b", "c", "x y", "ż"};
        int from = random.nextInt(names.length);
        return joined(
                "{",
                random.nextInt(4),
                i -> "\"" + names[(from + i) % names.length] + "\":" + value(random, depth - 1),
                "}");
    }

    private static String joined(String before, int count, IntFunction<String> item, String after) {
        List<String> items = IntStream.range(0, count).mapToObj(item).toList();
        return before + String.join(",", items) + after;
    }
}
