package dev.gantry.orchestrator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.id.Json;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Lets Jackson 3, which Spring speaks, read and write the trees of Jackson 2, which jq and JSON
 * Schema speak: token by token, without text in between. Numbers stay exactly what was written.
 */
final class JsonNodeModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    JsonNodeModule() {
        super("gantry-json-node");
        addSerializer(JsonNode.class, new Writer());
        addDeserializer(JsonNode.class, new Reader());
    }

    private static final class Writer extends StdSerializer<JsonNode> {
        Writer() {
            super(JsonNode.class);
        }

        @Override
        public void serialize(JsonNode node, JsonGenerator out, SerializationContext context) {
            write(node, out);
        }

        private static void write(JsonNode node, JsonGenerator out) {
            switch (node.getNodeType()) {
                case OBJECT -> {
                    out.writeStartObject();
                    for (Map.Entry<String, JsonNode> member : node.properties()) {
                        out.writeName(member.getKey());
                        write(member.getValue(), out);
                    }
                    out.writeEndObject();
                }
                case ARRAY -> {
                    out.writeStartArray();
                    for (JsonNode element : node) {
                        write(element, out);
                    }
                    out.writeEndArray();
                }
                case STRING -> out.writeString(node.textValue());
                case BOOLEAN -> out.writeBoolean(node.booleanValue());
                case NUMBER -> writeNumber((NumericNode) node, out);
                case NULL, MISSING -> out.writeNull();
                case BINARY, POJO ->
                        throw new IllegalStateException(
                                "%s is not JSON".formatted(node.getNodeType()));
            }
        }

        private static void writeNumber(NumericNode node, JsonGenerator out) {
            switch (node.numberType()) {
                case INT -> out.writeNumber(node.intValue());
                case LONG -> out.writeNumber(node.longValue());
                case BIG_INTEGER -> out.writeNumber(node.bigIntegerValue());
                case FLOAT, DOUBLE -> out.writeNumber(node.doubleValue());
                case BIG_DECIMAL -> out.writeNumber(node.decimalValue());
            }
        }
    }

    private static final class Reader extends StdDeserializer<JsonNode> {
        private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

        Reader() {
            super(JsonNode.class);
        }

        @Override
        public JsonNode deserialize(JsonParser in, DeserializationContext context) {
            return read(in, context);
        }

        private JsonNode read(JsonParser in, DeserializationContext context) {
            return switch (in.currentToken()) {
                case START_OBJECT -> readObject(in, context);
                case START_ARRAY -> {
                    ArrayNode array = NODES.arrayNode();
                    while (in.nextToken() != JsonToken.END_ARRAY) {
                        array.add(read(in, context));
                    }
                    yield array;
                }
                case VALUE_STRING -> NODES.textNode(in.getString());
                case VALUE_NUMBER_INT -> readInteger(in);
                case VALUE_NUMBER_FLOAT -> readDecimal(in, context);
                case VALUE_TRUE -> NODES.booleanNode(true);
                case VALUE_FALSE -> NODES.booleanNode(false);
                case VALUE_NULL -> NODES.nullNode();
                default -> (JsonNode) context.handleUnexpectedToken(JsonNode.class, in);
            };
        }

        private ObjectNode readObject(JsonParser in, DeserializationContext context) {
            ObjectNode object = NODES.objectNode();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                in.nextToken();
                object.set(name, read(in, context));
            }
            return object;
        }

        private static JsonNode readInteger(JsonParser in) {
            return switch (in.getNumberType()) {
                case INT -> NODES.numberNode(in.getIntValue());
                case LONG -> NODES.numberNode(in.getLongValue());
                default -> NODES.numberNode(in.getBigIntegerValue());
            };
        }

        /** As a decimal: a double would round. */
        private JsonNode readDecimal(JsonParser in, DeserializationContext context) {
            BigDecimal value = in.getDecimalValue();
            if (!Json.isModest(value)) {
                context.reportInputMismatch(
                        this,
                        "the number %s has an exponent beyond %d",
                        in.getString(),
                        Json.LARGEST_EXPONENT);
            }
            return DecimalNode.valueOf(value);
        }

        /** An explicit null is a value; what is left out is Java's null. */
        @Override
        public JsonNode getNullValue(DeserializationContext context) {
            return NODES.nullNode();
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return null;
        }
    }
}
