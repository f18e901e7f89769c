package dev.gantry.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.orchestrator.definition.compile.DocumentCompiler;
import dev.gantry.orchestrator.definition.compile.Registry;
import dev.gantry.orchestrator.definition.document.SourceReader;
import dev.gantry.orchestrator.definition.expression.Templates;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.Template;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How fast documents are read, checked and compiled on one thread, and expressions evaluated. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class DefinitionBenchmarks {
    private static final String HEAD =
            "document: {dsl: '1.0.3', namespace: billing, name: order, version: '1.0.0'}\n";

    private static final Registry EVERYTHING =
            new Registry() {
                @Override
                public Optional<DefinitionRef> find(
                        DefinitionKind kind,
                        String namespace,
                        String name,
                        @Nullable String version) {
                    return Optional.of(new DefinitionRef(kind, namespace, name, "1.0.0"));
                }

                @Override
                public Collection<String> names(DefinitionKind kind) {
                    return List.of();
                }
            };

    private final byte[] small = (HEAD + "do:\n" + tasks(2)).getBytes(StandardCharsets.UTF_8);
    private final byte[] large = (HEAD + "do:\n" + tasks(50)).getBytes(StandardCharsets.UTF_8);
    private final Template path = template("${ .a.b }");
    private final Template program = template("${ .a.b + 1 }");
    private final JsonNode input =
            new ObjectMapper()
                    .createObjectNode()
                    .set("a", new ObjectMapper().createObjectNode().put("b", 1));

    /** Four tasks a round, of the kinds that people write. */
    private static String tasks(int rounds) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rounds; i++) {
            text.append(
                    """
                      - prepare%1$d:
                          input: {schema: {document: {type: object, required: [id]}}}
                          set: {id: "${ .id }", total: "${ [.items[].price] | add }"}
                      - charge%1$d:
                          call: charge:1.0.0@default
                          with: {order: "${ .id }", amount: "${ .total * 1.2 }"}
                          timeout: {after: PT30S}
                      - decide%1$d:
                          switch:
                            - large: {when: .total > 100, then: tell%1$d}
                            - other: {then: end}
                      - tell%1$d:
                          call: http
                          with: {method: post, endpoint: "https://example.org/orders/{id}"}
                    """
                            .formatted(i));
        }
        return text.toString();
    }

    private static Template template(String text) {
        return Templates.expression(
                text,
                "",
                (pointer, message) -> {
                    throw new IllegalArgumentException(message);
                });
    }

    private static DocumentCompiler.Compiled compile(byte[] document) {
        DocumentCompiler.Compiled compiled =
                DocumentCompiler.compile(SourceReader.read(document), EVERYTHING);
        if (!compiled.problems().isEmpty()) {
            throw new IllegalStateException(compiled.problems().toString());
        }
        return compiled;
    }

    @Benchmark
    public DocumentCompiler.Compiled publish1KB() {
        return compile(small);
    }

    @Benchmark
    public DocumentCompiler.Compiled publish200Tasks() {
        return compile(large);
    }

    @Benchmark
    public JsonNode evaluatePath() throws ExpressionException {
        return path.evaluate(input, Arguments.NONE);
    }

    @Benchmark
    public JsonNode evaluateProgram() throws ExpressionException {
        return program.evaluate(input, Arguments.NONE);
    }
}
