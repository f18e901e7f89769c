package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.regex.RegularExpression;
import dev.gantry.orchestrator.definition.plan.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Compiles JSON Schemas of the 2020-12 draft. Nothing is fetched, and patterns that backtrack
 * without end are stopped like those of expressions.
 */
public final class Schemas {
    private static final int MAX_FINDINGS = 20;
    private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef");
    private static final SchemaRegistryConfig CONFIG =
            SchemaRegistryConfig.builder().regularExpressionFactory(Schemas::pattern).build();
    private static final com.networknt.schema.Schema META =
            registry().getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()));

    private Schemas() {}

    /** The schema cannot be used; the pointer says where in it. */
    public static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;
        private final String pointer;

        Invalid(String pointer, String message) {
            super(message);
            this.pointer = pointer;
        }

        public String pointer() {
            return pointer;
        }
    }

    private static SchemaRegistry registry() {
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemaRegistryConfig(CONFIG));
    }

    private static RegularExpression pattern(String text) {
        Pattern pattern = Pattern.compile(text);
        return value -> pattern.matcher(new WatchedText(value)).find();
    }

    public static Schema compile(JsonNode document) throws Invalid {
        requireSelfContained(document, "");
        try {
            List<Error> wrong = META.validate(document);
            if (!wrong.isEmpty()) {
                Error first = wrong.getFirst();
                throw new Invalid(
                        first.getInstanceLocation().toString(), String.valueOf(first.getMessage()));
            }
            com.networknt.schema.Schema schema = registry().getSchema(document);
            schema.initializeValidators();
            return value -> Budget.within(() -> findings(schema, value));
        } catch (RuntimeException e) {
            throw new Invalid("", String.valueOf(e.getMessage()));
        } catch (StackOverflowError e) {
            throw new Invalid("", "it refers to itself without end");
        }
    }

    private static List<Schema.Finding> findings(
            com.networknt.schema.Schema schema, JsonNode value) {
        List<Schema.Finding> findings = new ArrayList<>();
        try {
            for (Error error : schema.validate(value)) {
                findings.add(
                        new Schema.Finding(
                                error.getInstanceLocation().toString(),
                                String.valueOf(error.getMessage())));
                if (findings.size() == MAX_FINDINGS) {
                    break;
                }
            }
        } catch (WatchedText.TooSlow | Budget.Exhausted e) {
            findings.add(new Schema.Finding("", "the value cannot be checked: " + e.getMessage()));
        } catch (StackOverflowError e) {
            findings.add(
                    new Schema.Finding(
                            "", "the value cannot be checked: the schema recurses without end"));
        }
        return findings;
    }

    private static void requireSelfContained(JsonNode node, String pointer) throws Invalid {
        for (var property : node.properties()) {
            String at = pointer + "/" + property.getKey().replace("~", "~0").replace("/", "~1");
            JsonNode value = property.getValue();
            if (REFERENCES.contains(property.getKey())
                    && value.isTextual()
                    && !value.textValue().startsWith("#")) {
                throw new Invalid(
                        at,
                        "it refers to another document, '%s'; only '#/…' is possible"
                                .formatted(value.textValue()));
            }
            requireSelfContained(value, at);
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                requireSelfContained(node.get(i), pointer + "/" + i);
            }
        }
    }
}
