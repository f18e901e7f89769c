package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads any JSON value, null included. */
final class TreeReader<T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1L;

    private final transient Function<JsonNode, T> reader;

    TreeReader(Class<T> type, Function<JsonNode, T> reader) {
        super(type);
        this.reader = reader;
    }

    @Override
    public @Nullable T deserialize(JsonParser parser, DeserializationContext context)
            throws IOException {
        return TextReader.read(parser, context, () -> reader.apply(context.readTree(parser)));
    }

    @Override
    public T getNullValue(DeserializationContext context) {
        return reader.apply(NullNode.getInstance());
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
        return null;
    }
}
