package dev.gantry.orchestrator.definition.compile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.gantry.orchestrator.definition.document.SourceReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas for editors say what the compiler says. */
class EditorSchemaTest {
    private static final long SEED = Long.getLong("gantry.seed", 20261121L);
    private static final int ROUNDS = 200;
    private static final Schema WORKFLOW = schema("workflow");
    private static final Schema FUNCTION = schema("function");

    private static JsonNode json(String name) throws IOException {
        try (InputStream file =
                EditorSchemaTest.class.getResourceAsStream(
                        "/static/schemas/v1/" + name + ".json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(file));
        }
    }

    private static Schema schema(String name) {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(json(name));
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }

    private static List<Error> errors(JsonNode document) {
        return (document.has("function") ? FUNCTION : WORKFLOW).validate(document);
    }

    @Test
    void takeEveryDocumentThatTheCompilerTakes() {
        GeneratedDocuments documents = new GeneratedDocuments(new Random(SEED));
        for (int round = 0; round < ROUNDS; round++) {
            for (JsonNode document : List.of(documents.workflow(), documents.function())) {
                assertThat(errors(document)).as("seed %d: %s", SEED, document).isEmpty();
            }
        }
    }

    @Test
    void takeTheExamples() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("../examples"))) {
            List<Path> documents =
                    files.filter(f -> f.toString().matches(".*/(workflows|functions)/.*\\.yaml"))
                            .toList();
            assertThat(documents).hasSizeGreaterThan(15);
            for (Path file : documents) {
                JsonNode document = SourceReader.read(Files.readAllBytes(file)).root();
                assertThat(errors(document)).as(file.toString()).isEmpty();
            }
        }
    }

    /** What either list of keywords has more than the other shows here. */
    @ParameterizedTest
    @EnumSource(names = {"MISSPELT_KEY", "EXTRA_KEY", "MISSING", "WRONG_WORD", "BAD_VERSION"})
    void refuseWhatTheCompilerRefuses(Breakage breakage) {
        Random random = new Random(SEED);
        GeneratedDocuments documents = new GeneratedDocuments(random);
        List<String> missed = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ObjectNode document =
                    random.nextBoolean() ? documents.workflow() : documents.function();
            Schema schema = document.has("function") ? FUNCTION : WORKFLOW;
            Breakage.Broken broken = breakage.in(document, random);
            if (broken != null
                    && !isOpenInSchema(broken)
                    && schema.validate(broken.document()).isEmpty()) {
                missed.add(broken.pointer());
            }
        }
        assertThat(missed).as("seed %d", SEED).isEmpty();
    }

    /** Adapters' blocks and other metadata have any name; methods are upper or lower case. */
    private static boolean isOpenInSchema(Breakage.Broken broken) {
        return broken.pointer()
                .matches(
                        ".*/metadata/g[antryq]*|/runtime/s[ourceq]*|/runtime/q?source|.*/metadata/qgantry|.*/method|.*/language|/runtime/[adptersq]+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"workflow", "function"})
    void explainEveryProperty(String name) throws IOException {
        JsonNode root = json(name);
        List<String> silent = new ArrayList<>();
        look(root, root, "", silent);
        assertThat(silent).isEmpty();
    }

    private static void look(JsonNode root, JsonNode node, String at, List<String> silent) {
        node.path("properties")
                .properties()
                .forEach(property -> {
                    JsonNode value = property.getValue();
                    JsonNode target =
                            value.has("$ref")
                                    ? root.at(value.get("$ref").textValue().substring(1))
                                    : value;
                    if (!target.has("description") && !at.endsWith("/if")) {
                        silent.add(at + "/" + property.getKey());
                    }
                });
        node.properties()
                .forEach(property -> {
                    if (!property.getKey().equals("if") && !property.getKey().equals("then")) {
                        look(root, property.getValue(), at + "/" + property.getKey(), silent);
                    }
                });
        node.elements()
                .forEachRemaining(item -> {
                    if (node.isArray()) {
                        look(root, item, at + "/-", silent);
                    }
                });
    }

    @Test
    void stayFastForDeeplyNestedDocuments() {
        StringBuilder text =
                new StringBuilder(
                        "document: {dsl: '1.0.3', namespace: a, name: b, version: 1.0.0}\ndo: ");
        text.append("[{a: {do: ".repeat(20)).append("[{a: {set: {x: 1}}}]");
        text.append("}}]".repeat(20));
        JsonNode document = SourceReader.read(text.toString().getBytes(UTF_8)).root();
        assertThat(document.isObject()).isTrue();

        long begin = System.nanoTime();
        assertThat(errors(document)).isEmpty();
        assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
    }
}
