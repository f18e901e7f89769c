package dev.gantry.orchestrator.definition.expression;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is named where in a program: {@code $variables}, {@code functions/1}, {@code *labels}. */
final class Names {
    private final Map<String, Object> free = new LinkedHashMap<>();
    private @Nullable Scope inner;

    private record Scope(@Nullable Scope outer, String name, Object named) {}

    @Nullable Object find(String name) {
        for (Scope scope = inner; scope != null; scope = scope.outer()) {
            if (scope.name().equals(name)) {
                return scope.named();
            }
        }
        return null;
    }

    void add(String name, Object named) {
        inner = new Scope(inner, name, named);
    }

    /** Where names can be left again. */
    @Nullable Object mark() {
        return inner;
    }

    void leaveTo(@Nullable Object mark) {
        inner = (Scope) mark;
    }

    /** A variable that the program does not bind itself. */
    Object free(String variable) {
        return free.computeIfAbsent(variable, name -> new Object());
    }

    Map<String, Object> free() {
        return free;
    }

    Set<String> freeNames() {
        return Set.copyOf(free.keySet());
    }
}
