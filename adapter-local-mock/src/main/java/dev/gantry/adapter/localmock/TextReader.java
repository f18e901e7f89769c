package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a single value; what is wrong with it is noted, and reading goes on. */
final class TextReader<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1L;

    private final transient Function<String, T> reader;

    TextReader(Class<T> type, Function<String, T> reader) {
        super(type);
        this.reader = reader;
    }

    @Override
    public @Nullable T deserialize(JsonParser parser, DeserializationContext context)
            throws IOException {
        return read(
                parser,
                context,
                () -> {
                    if (!parser.currentToken().isScalarValue()) {
                        String found = shown(parser);
                        parser.skipChildren();
                        throw new IllegalArgumentException(found + ", a single value expected");
                    }
                    return reader.apply(parser.getText());
                });
    }

    @Override
    public @Nullable T getNullValue(DeserializationContext context) {
        JsonParser parser = context.getParser();
        // It is asked for what could not be read, too.
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            Mistake.in(context)
                    .add(
                            new Mistake(
                                    Place.of(parser),
                                    name(parser) + ": nothing, a single value expected"));
        }
        return null;
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
        return null;
    }

    interface Reading<T> {
        @Nullable T read() throws IOException;
    }

    /** An {@link IllegalArgumentException} becomes a mistake of what begins here. */
    static <T> @Nullable T read(
            JsonParser parser, DeserializationContext context, Reading<T> reading)
            throws IOException {
        Place place = Place.of(parser);
        String name = name(parser);
        try {
            return reading.read();
        } catch (IllegalArgumentException e) {
            Mistake.in(context).add(new Mistake(place, name + ": " + e.getMessage()));
            return null;
        }
    }

    /** The key that the value has, or the list that it is in. */
    private static String name(JsonParser parser) {
        JsonStreamContext at = parser.getParsingContext();
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            at = at.getParent();
        }
        while (at.inArray()) {
            at = at.getParent();
        }
        return String.valueOf(at.getCurrentName());
    }

    /** For messages: {@code a map}, {@code a list}, {@code '20 apples'}. */
    static String shown(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "a map";
            case START_ARRAY -> "a list";
            case VALUE_NULL -> "nothing";
            default -> "'" + parser.getText() + "'";
        };
    }
}
