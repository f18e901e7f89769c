package dev.gantry.orchestrator.definition.expression;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.internal.misc.Pair;
import net.thisptr.jackson.jq.internal.operators.BinaryOperator;
import net.thisptr.jackson.jq.internal.tree.ArrayConstruction;
import net.thisptr.jackson.jq.internal.tree.FormattingFilter;
import net.thisptr.jackson.jq.internal.tree.FunctionCall;
import net.thisptr.jackson.jq.internal.tree.FunctionDefinition;
import net.thisptr.jackson.jq.internal.tree.ImportStatement;
import net.thisptr.jackson.jq.internal.tree.ObjectConstruction;
import net.thisptr.jackson.jq.internal.tree.StringInterpolation;
import net.thisptr.jackson.jq.internal.tree.VariableAccess;
import net.thisptr.jackson.jq.internal.tree.VariableKeyFieldConstruction;
import net.thisptr.jackson.jq.internal.tree.binaryop.BinaryOperatorExpression;
import net.thisptr.jackson.jq.internal.tree.matcher.matchers.ObjectMatcher;
import net.thisptr.jackson.jq.internal.tree.matcher.matchers.ValueMatcher;
import org.jspecify.annotations.Nullable;

/**
 * Walks a parsed program: notes what it names, and puts a watch before every node. The library
 * offers no way in, so the nodes' fields are read and set by reflection, once, before first use.
 */
final class ProgramTree {
    private static final String NODES = "net.thisptr.jackson.jq.internal.";

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> variables = new LinkedHashSet<>();
    private final Set<String> bound = new LinkedHashSet<>();
    private final Set<String> calls = new LinkedHashSet<>();
    private final Set<String> definitions = new LinkedHashSet<>();
    private boolean imports;

    /** The variables that it mentions and does not bind itself, without the dollar signs. */
    Set<String> variables() {
        Set<String> free = new LinkedHashSet<>(variables);
        free.removeAll(bound);
        return free;
    }

    /** What it calls, as {@code name/arity}. */
    Set<String> calls() {
        return calls;
    }

    /** The functions that it defines, and their parameters, as {@code name/arity}. */
    Set<String> definitions() {
        return definitions;
    }

    boolean hasImports() {
        return imports;
    }

    Expression watch(Expression node) {
        visit(node);
        return node instanceof Watched ? node : new Watched(node, builds(node));
    }

    private static boolean builds(Expression node) {
        return node instanceof ArrayConstruction
                || node instanceof ObjectConstruction
                || node instanceof StringInterpolation
                || node instanceof BinaryOperatorExpression;
    }

    /** Everything below the node, which stays as it is itself. */
    void visit(Object node) {
        if (!seen.add(node)) {
            return;
        }
        note(node);
        Class<?> type = node.getClass();
        while (type != null && type.getName().startsWith(NODES)) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    replace(node, field);
                }
            }
            type = type.getSuperclass();
        }
    }

    private void note(Object node) {
        switch (node) {
            case FunctionCall call ->
                    calls.add(read(call, "name") + "/" + ((List<?>) read(call, "args")).size());
            case FormattingFilter filter -> calls.add("@" + read(filter, "name") + "/0");
            case VariableAccess variable -> variables.add(read(variable, "name").toString());
            case VariableKeyFieldConstruction field ->
                    variables.add(read(field, "name").toString());
            case ValueMatcher binding -> bound.add(read(binding, "name").toString());
            case ObjectMatcher.FieldMatcher binding when (boolean) read(binding, "dollar") ->
                    bound.add(read(binding, "name").toString().replace("\"", ""));
            case ImportStatement _ -> imports = true;
            case FunctionDefinition definition -> {
                List<?> parameters = (List<?>) read(definition, "args");
                definitions.add(read(definition, "fname") + "/" + parameters.size());
                for (Object parameter : parameters) {
                    bound.add(parameter.toString().replace("$", ""));
                    definitions.add(parameter.toString().replace("$", "") + "/0");
                }
            }
            default -> {}
        }
    }

    private static Object read(Object node, String name) {
        try {
            Field field = node.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(node);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the jq library has changed: " + node.getClass(), e);
        }
    }

    private void replace(Object node, Field field) {
        try {
            field.setAccessible(true);
            Object value = field.get(node);
            Object watched = watched(value);
            if (field.getType().isInstance(watched)) {
                field.set(node, watched);
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the jq library has changed: " + node.getClass(), e);
        }
    }

    private @Nullable Object watched(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Watched watched -> watched;
            case Expression node -> watch(node);
            case Watched.Operator operator -> operator;
            case BinaryOperator operator -> new Watched.Operator(operator);
            case Pair<?, ?> pair -> Pair.of(watched(pair._1), watched(pair._2));
            case List<?> list -> {
                List<@Nullable Object> all = new ArrayList<>();
                list.forEach(item -> all.add(watched(item)));
                yield all;
            }
            default -> {
                if (value.getClass().getName().startsWith(NODES)) {
                    visit(value);
                }
                yield value;
            }
        };
    }
}
