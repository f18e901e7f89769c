package dev.gantry.adapter.lambda;

import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a block says under {@code deploy}: how a definition's source becomes a function. */
final class DeployBlock {
    static final String KEY = "deploy";

    /** What Lambda gives a function. */
    static final int MAX_MEMORY_MIB = 10_240;

    static final int MIN_MEMORY_MIB = 128;

    /** Of a function whose block says none. */
    static final int USUAL_TIMEOUT_SECONDS = 60;

    private static final Set<String> KEYS = Set.of("runtime", "handler", "memoryMiB");
    private static final Pattern HANDLER = Pattern.compile("script\\.[a-zA-Z_][a-zA-Z0-9_]{0,99}");

    /** By the file that the source is. */
    private enum Language {
        PYTHON("script.py", "python3.13", "python3\\.[0-9]{1,2}"),
        JAVASCRIPT("script.js", "nodejs22.x", "nodejs[0-9]{2}\\.x");

        private final String file;
        private final String runtime;
        private final String runtimes;

        Language(String file, String runtime, String runtimes) {
            this.file = file;
            this.runtime = runtime;
            this.runtimes = runtimes;
        }
    }

    private final Workload.Function function;
    private final Map<?, ?> block;
    private final List<WorkloadProblem> problems;

    private DeployBlock(Workload.Function function, List<WorkloadProblem> problems) {
        this.function = function;
        this.problems = problems;
        Object written = function.binding().get(KEY);
        this.block = written instanceof Map<?, ?> map ? map : Map.of();
        if (!(written instanceof Map) && !Boolean.TRUE.equals(written)) {
            wrong("", String.valueOf(written), "true, or an object with some of " + KEYS);
        }
    }

    static boolean isWanted(Workload.Function function) {
        return !Boolean.FALSE.equals(function.binding().getOrDefault(KEY, false));
    }

    /** As far as it can be told; what is wrong is added to the problems. */
    static Deployment.Shape read(Workload.Function function, List<WorkloadProblem> problems) {
        return new DeployBlock(function, problems).shape();
    }

    private Deployment.Shape shape() {
        problems.addAll(
                WorkloadProblem.unknownKeys(
                        block, "/" + KEY, "'deploy' of the lambda block", KEYS));
        Language language = language();
        String runtime = text("runtime", language.runtime);
        if (!runtime.matches(language.runtimes)) {
            wrong("/runtime", runtime, "a runtime for the source, such as " + language.runtime);
        }
        String handler = text("handler", "script.handler");
        if (!HANDLER.matcher(handler).matches()) {
            wrong("/handler", handler, "'script.' and the name of a function in the source");
        }
        Object memory = block.containsKey("memoryMiB") ? block.get("memoryMiB") : MIN_MEMORY_MIB;
        if (memory instanceof Integer mib && mib >= MIN_MEMORY_MIB && mib <= MAX_MEMORY_MIB) {
            return new Deployment.Shape(runtime, handler, mib);
        }
        wrong(
                "/memoryMiB",
                String.valueOf(memory),
                "a number from %d to %d".formatted(MIN_MEMORY_MIB, MAX_MEMORY_MIB));
        return new Deployment.Shape(runtime, handler, MIN_MEMORY_MIB);
    }

    private Language language() {
        Workload.Script source = function.source();
        for (Language language : Language.values()) {
            if (source != null && language.file.equals(source.name())) {
                return language;
            }
        }
        problems.add(
                new WorkloadProblem(
                        "/" + KEY,
                        source == null
                                ? "function %s has no source to deploy".formatted(function.name())
                                : "Lambda runs no source such as %s".formatted(source.name()),
                        "runtime.source with language python or javascript",
                        "add runtime.source, or name a function that is deployed already"));
        return Language.PYTHON;
    }

    private String text(String key, String otherwise) {
        Object value = block.get(key);
        return value == null ? otherwise : value.toString();
    }

    private void wrong(String key, String value, String expected) {
        problems.add(
                new WorkloadProblem(
                        "/" + KEY + key,
                        "'%s' is '%s'".formatted((KEY + key).replace('/', '.'), value),
                        expected,
                        null));
    }
}
