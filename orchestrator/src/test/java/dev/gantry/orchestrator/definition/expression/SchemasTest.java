package dev.gantry.orchestrator.definition.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasTest {
    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text);
    }

    private static List<String> findings(String schema, String value) throws Exception {
        return Schemas.compile(json(schema)).validate(json(value)).stream()
                .map(dev.gantry.orchestrator.definition.plan.Schema.Finding::toString)
                .toList();
    }

    @Test
    void saysWhatIsWrongWithAValueAndWhere() throws Exception {
        String schema =
                "{\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"#/$defs/n\"}}, \"$defs\": {\"n\": {\"type\": \"integer\"}}}";

        assertThat(findings(schema, "{\"a\": 1}")).isEmpty();
        assertThat(findings(schema, "{\"a\": \"x\"}"))
                .containsExactly("/a: string found, integer expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$ref\": \"https://example.org/other\"}",
                "{\"$ref\": \"file:///etc/passwd\"}",
                "{\"$ref\": \"#/nowhere\"}",
                "{\"$schema\": \"https://example.org/dialect\"}",
                "{\"type\": \"nonsense\"}",
                "{\"pattern\": \"(\"}"
            })
    void refusesWhatCannotBeUsed(String schema) throws Exception {
        JsonNode document = json(schema);

        assertThatThrownBy(() -> Schemas.compile(document)).isInstanceOf(Schemas.Invalid.class);
    }

    @Test
    void stopsPatternsAndReferencesWithoutEnd() throws Exception {
        String slow = "\"" + "a".repeat(300) + "\"";
        long begin = System.nanoTime();

        assertThat(
                        findings(
                                "{\"items\": {\"pattern\": \"^(.*)(.*)(.*)(.*)(.*)(.*)z$\"}}",
                                "[" + slow + ", " + slow + ", " + slow + "]"))
                .hasSize(1)
                .first()
                .asString()
                .contains("longer than");

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
        assertThat(findings("{\"$ref\": \"#\"}", "1")).hasSize(1);
    }
}
