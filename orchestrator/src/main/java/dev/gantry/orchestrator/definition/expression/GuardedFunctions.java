package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.problem.Nearest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.JsonQueryFunction;
import net.thisptr.jackson.jq.internal.javacc.ExpressionParser;
import net.thisptr.jackson.jq.path.Path;
import org.jspecify.annotations.Nullable;

/**
 * jq's built-ins behind the {@link Budget}, without those that depend on more than their input, and
 * with those of newer versions that authors expect.
 */
final class GuardedFunctions {
    static final Version VERSION = Versions.JQ_1_6;

    private static final Set<String> IMPURE =
            Set.of(
                    "now",
                    "env",
                    "input",
                    "inputs",
                    "debug_scope",
                    "stderr",
                    "input_filename",
                    "input_line_number",
                    "halt",
                    "halt_error",
                    "get_search_list",
                    "modulemeta",
                    "localtime",
                    "strflocaltime");
    private static final Set<String> IMPURE_VARIABLES = Set.of("ENV", "__loc__", "__prog_args");

    /** Their result is a part of what they are given. */
    private static final Set<String> PASSING =
            Set.of("getpath", "min_by", "max_by", "empty", "error", "path", "paths", "range");

    /** They look for one value within the other by trying every place. */
    private static final Set<String> SEARCHING =
            Set.of("contains/1", "indices/1", "index/1", "rindex/1", "split/1");

    /** They make a value of every character. */
    private static final Set<String> SPELLING = Set.of("explode/0", "split/1");

    static final Scope SCOPE = scope();

    private GuardedFunctions() {}

    private static Scope scope() {
        Scope scope = Scope.newEmptyScope();
        Map<String, Function> all =
                new TreeMap<>(BuiltinFunctionLoader.getInstance().listFunctions(VERSION, scope));
        all.put("_match_impl/3", new RegexMatch());
        all.put("_sub_impl/3", new RegexReplace());
        all.put("join/1", new Join());
        NewerBuiltins.into(all);
        NewerBuiltins.WRITTEN.forEach((head, body) -> add(all, head, body, scope));
        ProgramTree trees = new ProgramTree();
        all.forEach((signature, function) -> {
            String name = signature.substring(0, signature.lastIndexOf('/'));
            int arity = Integer.parseInt(signature.substring(signature.lastIndexOf('/') + 1));
            if (!IMPURE.contains(name)) {
                if (function instanceof JsonQueryFunction) {
                    trees.visit(function);
                }
                scope.addFunction(name, arity, new Guarded(signature, function));
            }
        });
        return scope;
    }

    private static void add(Map<String, Function> all, String head, String body, Scope scope) {
        String name = head.substring(0, head.indexOf('/'));
        String written = head.substring(head.indexOf('/') + 1);
        List<String> parameters = written.isEmpty() ? List.of() : List.of(written.split(",", -1));
        try {
            all.put(
                    name + "/" + parameters.size(),
                    new JsonQueryFunction(
                            name, parameters, ExpressionParser.compile(body, VERSION), scope));
        } catch (JsonQueryException e) {
            throw new IllegalStateException("built-in " + head, e);
        }
    }

    /** jq finds what it cannot call only when it does; authors want to know before. */
    static void requireAllowed(ProgramTree program) throws ExpressionException {
        if (program.hasImports()) {
            throw new ExpressionException("there are no modules to import here");
        }
        for (String variable : program.variables()) {
            if (IMPURE_VARIABLES.contains(variable)) {
                throw unavailable("$" + variable);
            }
        }
        for (String call : program.calls()) {
            String name = call.substring(0, call.lastIndexOf('/'));
            int arity = Integer.parseInt(call.substring(call.lastIndexOf('/') + 1));
            if (program.definitions().contains(call) || SCOPE.getFunction(name, arity) != null) {
                continue;
            }
            if (IMPURE.contains(name)) {
                throw unavailable(name);
            }
            throw new ExpressionException(unknown(name, arity));
        }
    }

    private static ExpressionException unavailable(String name) {
        return new ExpressionException(
                "'%s' is not available: expressions depend on their input alone".formatted(name));
    }

    private static String unknown(String name, int arity) {
        Set<String> names = new HashSet<>();
        Set<Integer> arities = new HashSet<>();
        for (String signature : SCOPE.getLocalFunctions().keySet()) {
            String known = signature.substring(0, signature.lastIndexOf('/'));
            if (!known.startsWith("_")) {
                names.add(known);
            }
            if (known.equals(name)) {
                arities.add(Integer.valueOf(signature.substring(signature.lastIndexOf('/') + 1)));
            }
        }
        return arities.isEmpty()
                ? "function '%s' is unknown%s".formatted(name, Nearest.hint(name, names))
                : "function '%s' takes %s arguments, separated by ';', and not %d"
                        .formatted(name, arities.stream().sorted().toList(), arity);
    }

    private record Guarded(String signature, Function function) implements Function {
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
            requireReasonable(scope, arguments, in);
            boolean builds =
                    !(function instanceof JsonQueryFunction)
                            && !PASSING.contains(signature.substring(0, signature.indexOf('/')));
            function.apply(
                    scope,
                    arguments,
                    in,
                    path,
                    (value, where) -> {
                        Budget.spendOn(value);
                        if (builds) {
                            Budget.requireModest(value);
                        }
                        output.emit(value, where);
                    },
                    version);
        }

        private void requireReasonable(Scope scope, List<Expression> arguments, JsonNode in)
                throws JsonQueryException {
            if (SPELLING.contains(signature) && in.isTextual()) {
                Budget.requireLength(in.textValue().length() * 4.0);
                Budget.spend(in.textValue().length());
            }
            if (SEARCHING.contains(signature)) {
                arguments.getFirst().apply(scope, in, value -> Budget.requireProduct(in, value));
            }
            if (signature.equals("setpath/2")) {
                arguments.getFirst().apply(scope, in, steps -> steps.forEach(Budget::requireIndex));
            }
        }
    }
}
