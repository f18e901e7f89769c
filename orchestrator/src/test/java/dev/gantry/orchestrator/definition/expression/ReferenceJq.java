package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** jq itself, in a Python process that evaluates many programs at once. */
final class ReferenceJq {
    /** A program and what it is evaluated on, as JSON. */
    record Case(String program, String input) {}

    /**
     * What came of a case.
     *
     * @param values all results; null if it failed or was lost
     * @param lost why there is nothing to compare with: jq crashed or did not end
     */
    record Answer(@Nullable ArrayNode values, @Nullable String lost) {}

    private final String python;

    private ReferenceJq(String python) {
        this.python = python;
    }

    /** By the system property {@code gantry.jq.python}, or {@code GANTRY_JQ_PYTHON}. */
    static Optional<ReferenceJq> find() {
        String python = System.getProperty("gantry.jq.python", System.getenv("GANTRY_JQ_PYTHON"));
        return Optional.ofNullable(python).filter(path -> !path.isBlank()).map(ReferenceJq::new);
    }

    String version() throws IOException, InterruptedException {
        return Evaluations.json(run("").getFirst()).path("version").textValue();
    }

    List<Answer> evaluate(List<Case> cases) throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (Case one : cases) {
            ObjectNode line = JsonNodeFactory.instance.objectNode();
            line.put("program", one.program()).put("input", one.input());
            lines.append(line).append('\n');
        }
        List<String> answers = run(lines.toString());
        return answers.subList(1, answers.size()).stream().map(ReferenceJq::answer).toList();
    }

    private static Answer answer(String line) {
        JsonNode answer = Evaluations.json(line);
        if (!answer.has("values")) {
            return new Answer(null, answer.path("lost").textValue());
        }
        ArrayNode values = JsonNodeFactory.instance.arrayNode();
        for (JsonNode value : answer.get("values")) {
            values.add(
                    switch (value.textValue()) {
                        case "Infinity" -> JsonNodeFactory.instance.numberNode(Double.MAX_VALUE);
                        case "-Infinity" -> JsonNodeFactory.instance.numberNode(-Double.MAX_VALUE);
                        case "NaN" -> JsonNodeFactory.instance.nullNode();
                        case String text -> Evaluations.json(text);
                    });
        }
        return new Answer(values, null);
    }

    private List<String> run(String input) throws IOException, InterruptedException {
        Path script = Files.createTempFile("jq_reference", ".py");
        Path cases = Files.createTempFile("jq_cases", ".jsonl");
        try (InputStream source =
                Objects.requireNonNull(ReferenceJq.class.getResourceAsStream("jq_reference.py"))) {
            Files.write(script, source.readAllBytes());
            Files.writeString(cases, input);
            Process process =
                    new ProcessBuilder(python, script.toString())
                            .redirectInput(cases.toFile())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException("%s ended with %d".formatted(python, process.exitValue()));
            }
            return output.lines().toList();
        } finally {
            Files.delete(script);
            Files.delete(cases);
        }
    }
}
