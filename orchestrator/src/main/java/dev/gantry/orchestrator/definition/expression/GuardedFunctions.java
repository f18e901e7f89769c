package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.problem.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;
import org.jspecify.annotations.Nullable;

/** jq's built-ins, each behind the {@link Budget}; the impure ones are left out. */
final class GuardedFunctions {
    private static final Set<String> IMPURE =
            Set.of(
                    "now",
                    "env",
                    "input",
                    "inputs",
                    "debug",
                    "stderr",
                    "input_filename",
                    "input_line_number",
                    "halt",
                    "halt_error",
                    "get_search_list",
                    "localtime",
                    "mktime",
                    "gmtime");
    private static final Pattern WORD =
            Pattern.compile(
                    "\"(?:[^\"\\\\]|\\\\.)*\"|#[^\\n]*|[0-9][0-9.]*(?:[eE][+-]?[0-9]+)?|[.$@]?[A-Za-z_][A-Za-z0-9_]*(?:\\s*:(?!:))?");

    static final Scope SCOPE = scope();

    private GuardedFunctions() {}

    private static Scope scope() {
        Scope scope = Scope.newEmptyScope();
        Map<String, Function> all =
                new TreeMap<>(
                        BuiltinFunctionLoader.getInstance().listFunctions(Versions.JQ_1_6, scope));
        all.put("_match_impl/3", new RegexMatch());
        all.forEach((signature, function) -> {
            String name = signature.substring(0, signature.lastIndexOf('/'));
            int arity = Integer.parseInt(signature.substring(signature.lastIndexOf('/') + 1));
            if (!IMPURE.contains(name)) {
                scope.addFunction(name, arity, new Guarded(function));
            }
        });
        return scope;
    }

    /** The first impure built-in that the program names, or null. */
    static @Nullable String impureName(String program) {
        if (program.contains("$ENV") || program.contains("$__prog_args")) {
            return "$ENV";
        }
        Matcher words = WORD.matcher(program);
        while (words.find()) {
            String word = words.group();
            if (IMPURE.contains(word) && !program.contains("def " + word)) {
                return word;
            }
        }
        return null;
    }

    /** jq finds an unknown function only when it is called; authors want to know before. */
    static void requireKnown(String program) throws ExpressionException {
        if (program.contains("def ")
                || program.contains("import ")
                || program.contains("include ")) {
            return;
        }
        Matcher words = WORD.matcher(program);
        while (words.find()) {
            String word = words.group();
            if (Character.isLetter(word.charAt(0))
                    && !word.endsWith(":")
                    && !KEYWORDS.contains(word)
                    && !isKey(program, words.start())
                    && !isKnown(word)) {
                throw new ExpressionException(
                        "function '%s' is unknown%s".formatted(word, hint(word)));
            }
        }
    }

    /** A bare word in braces is an object's key: {@code {name, size}}. */
    private static boolean isKey(String program, int at) {
        int before = at - 1;
        while (before >= 0 && Character.isWhitespace(program.charAt(before))) {
            before--;
        }
        if (before < 0) {
            return false;
        }
        char previous = program.charAt(before);
        boolean listed = previous == ',' && program.lastIndexOf('{', before) >= 0;
        return previous == '{' || previous == '.' || listed;
    }

    private static final Set<String> KEYWORDS =
            Set.of(
                    "and", "or", "not", "if", "then", "elif", "else", "end", "as", "reduce",
                    "foreach", "try", "catch", "label", "break", "true", "false", "null", "def",
                    "import", "include");

    private static boolean isKnown(String name) {
        for (int arity = 0; arity < 8; arity++) {
            if (SCOPE.getFunction(name, arity) != null) {
                return true;
            }
        }
        return false;
    }

    private static String hint(String word) {
        return Nearest.hint(
                word,
                SCOPE.getLocalFunctions().keySet().stream()
                        .map(signature -> signature.substring(0, signature.lastIndexOf('/')))
                        .filter(name -> !name.startsWith("_"))
                        .toList());
    }

    private record Guarded(Function function) implements Function {
        @Override
        public void apply(
                Scope scope,
                List<Expression> arguments,
                JsonNode in,
                @Nullable Path path,
                PathOutput output,
                Version version)
                throws JsonQueryException {
            Budget.spend();
            function.apply(
                    scope,
                    arguments,
                    in,
                    path,
                    (value, where) -> {
                        Budget.spend();
                        output.emit(value, where);
                    },
                    version);
        }
    }
}
