package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.problem.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The functions that every program may call, and why it may not call some that jq has. */
final class Builtins {
    private static final Set<String> IMPURE =
            Set.of(
                    "now",
                    "env",
                    "input",
                    "inputs",
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

    static final Builtins ALL = new Builtins();

    private final Map<String, Function<List<Node>, Node>> forms = new TreeMap<>(Forms.all());
    private final Map<String, Native> natives = new TreeMap<>();
    private final Map<String, Calls.Definition> definitions = new TreeMap<>();

    private Builtins() {
        natives.putAll(Numbers.functions());
        natives.putAll(Dates.functions());
        natives.putAll(Collections.functions());
        natives.putAll(Texts.functions());
        natives.put("builtins/0", (in, given) -> listed());
        Names names = new Names();
        try (InputStream text =
                Objects.requireNonNull(Builtins.class.getResourceAsStream("builtins.jq"))) {
            String program = new String(text.readAllBytes(), StandardCharsets.UTF_8);
            for (Calls.Definition definition : new Parser(program, names, this).definitions()) {
                definitions.put(
                        signature(definition.name, definition.parameters.size()), definition);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExpressionException e) {
            throw new IllegalStateException("builtins.jq", e);
        }
    }

    private static String signature(String name, int arity) {
        return name + "/" + arity;
    }

    /** Null if there is no such function. */
    @Nullable Node call(String name, List<Node> arguments) {
        String signature = signature(name, arguments.size());
        Function<List<Node>, Node> form = forms.get(signature);
        if (form != null) {
            return form.apply(arguments);
        }
        Native function = natives.get(signature);
        if (function != null) {
            return new Calls.NativeCall(function, arguments);
        }
        Calls.Definition definition = definitions.get(signature);
        return definition == null ? null : new Calls.Call(definition, arguments);
    }

    private Stream<String> signatures() {
        return Stream.of(forms, natives, definitions)
                .flatMap(map -> map.keySet().stream())
                .filter(signature -> !signature.startsWith("_"));
    }

    private ArrayNode listed() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        signatures().forEach(list::add);
        return list;
    }

    static boolean isImpureVariable(String name) {
        return IMPURE_VARIABLES.contains(name);
    }

    static String unavailable(String name) {
        return "'%s' is not available: expressions depend on their input alone".formatted(name);
    }

    String unknown(String name, int arity) {
        if (IMPURE.contains(name)) {
            return unavailable(name);
        }
        Set<String> names =
                signatures()
                        .map(signature -> signature.substring(0, signature.indexOf('/')))
                        .collect(Collectors.toSet());
        Set<Integer> arities = new TreeSet<>();
        signatures()
                .filter(signature -> signature.startsWith(name + "/"))
                .forEach(signature ->
                        arities.add(Integer.valueOf(signature.substring(name.length() + 1))));
        if (arities.isEmpty()) {
            return "function '%s' is unknown%s".formatted(name, Nearest.hint(name, names))
                    + (name.equals("undefined") || name.equals("None") ? "; write 'null'" : "");
        }
        String takes =
                arities.stream()
                        .map(count -> count == 0 ? "no" : String.valueOf(count))
                        .collect(Collectors.joining(" or "));
        return "function '%s' takes %s %s, separated by ';', and not %d"
                .formatted(name, takes, takes.equals("1") ? "argument" : "arguments", arity);
    }
}
