package dev.gantry.orchestrator.definition.expression;

import java.util.Map;

/** What authors write who know other languages better, and how jq has it. */
final class Slips {
    private static final Map<String, String> MARKS =
            Map.of(
                    "&&", "'&&' is not of jq; write 'and'",
                    "&", "'&' is not of jq; write 'and'",
                    "!", "'!' is not of jq; write 'not' behind the value, as in '.done | not'",
                    "'", "a text stands in double quotes, not in single ones",
                    "`", "a text stands in double quotes, not in backticks",
                    "\\", "a backslash means something within a text only");

    private static final Map<String, String> WORDS =
            Map.of(
                    "=", "'=' sets a value; write '==' to compare, once between two values",
                    "|", "'||' is not of jq; write 'or'",
                    "elseif", "it is 'elif' in jq",
                    "as", "'as' is followed by a variable, as in '. as $x | …'",
                    "in", "write 'in(…)' or 'IN(…)'",
                    "is", "write '=='");

    private Slips() {}

    static String ofCharacter(String program, int at) {
        for (int length = 2; length > 0; length--) {
            String known =
                    at + length <= program.length()
                            ? MARKS.get(program.substring(at, at + length))
                            : null;
            if (known != null) {
                return known;
            }
        }
        String c = program.substring(at, program.offsetByCodePoints(at, 1));
        if ("“”„‟«»".contains(c)) {
            return "a text stands in plain double quotes, not in '%s'".formatted(c);
        }
        if ("‘’‚".contains(c)) {
            return "a text stands in double quotes, not in '%s'".formatted(c);
        }
        return ".[\"%s\"] is how a member with such a name is written; '%s' alone means nothing"
                .formatted(c, c);
    }

    /** A hint for a word or symbol that cannot stand where it does, or nothing. */
    static String ofWord(String word) {
        String known = WORDS.get(word);
        return known == null ? "" : "; " + known;
    }
}
