package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a map into what it stands for; what is wrong with it is noted, and reading goes on. */
final class PartReader extends DelegatingDeserializer {
    private static final long serialVersionUID = 1L;

    private final String what;

    /**
     * @param what for messages: the thing that has the keys
     */
    PartReader(JsonDeserializer<?> delegate, String what) {
        super(delegate);
        this.what = what;
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> delegate) {
        return new PartReader(delegate, what);
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context)
            throws IOException {
        boolean isMap = parser.currentToken() == JsonToken.START_OBJECT;
        ValueInstantiator maker = ((ValueInstantiator.Gettable) _delegatee).getValueInstantiator();
        if (!isMap && !(parser.currentToken().isScalarValue() && maker.canCreateFromString())) {
            note(context, TextReader.shown(parser));
            parser.skipChildren();
            return null;
        }
        List<Mistake> mistakes = Mistake.in(context);
        JsonStreamContext outside = parser.getParsingContext().getParent();
        int before = mistakes.size();
        return TextReader.read(
                parser,
                context,
                () -> {
                    try {
                        return isMap
                                ? super.deserialize(new Keys(parser, mistakes), context)
                                : maker.createFromString(context, parser.getText());
                    } catch (ValueInstantiationException e) {
                        while (isMap && !isIn(outside, parser)) {
                            parser.nextToken();
                        }
                        if (mistakes.size() > before) {
                            // It follows from what was told already.
                            return null;
                        }
                        if (e.getCause() instanceof IllegalArgumentException wrong) {
                            throw wrong;
                        }
                        throw e;
                    }
                });
    }

    @Override
    public @Nullable Object getNullValue(DeserializationContext context) {
        // It is asked for what could not be read, too.
        if (context.getParser().currentToken() == JsonToken.VALUE_NULL) {
            note(context, "nothing");
        }
        return null;
    }

    private void note(DeserializationContext context, String found) {
        Mistake.in(context)
                .add(
                        new Mistake(
                                Place.of(context.getParser()),
                                "%s is %s, a map expected".formatted(what, found)));
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
        return null;
    }

    @SuppressWarnings("ReferenceEquality") // a context is its map, while that is read
    private static boolean isIn(JsonStreamContext map, JsonParser parser) {
        return parser.getParsingContext() == map;
    }

    /** Lets the known keys of one map through. */
    private final class Keys extends JsonParserDelegate {
        private final JsonStreamContext map;
        private final List<Mistake> mistakes;
        private final Set<String> known = new TreeSet<>();
        private final Set<String> seen = new HashSet<>();

        Keys(JsonParser parser, List<Mistake> mistakes) {
            super(parser);
            this.map = parser.getParsingContext();
            this.mistakes = mistakes;
            _delegatee.getKnownPropertyNames().forEach(name -> known.add(name.toString()));
        }

        @Override
        public @Nullable JsonToken nextToken() throws IOException {
            JsonToken token = delegate.nextToken();
            while (token == JsonToken.FIELD_NAME
                    && isIn(map, delegate)
                    && isWrong(delegate.currentName())) {
                delegate.nextToken();
                delegate.skipChildren();
                token = delegate.nextToken();
            }
            return token;
        }

        private boolean isWrong(String key) {
            Place place = Place.of(delegate);
            if (!known.contains(key)) {
                mistakes.add(Mistake.unknown(place, key, what, known));
            } else if (!seen.add(key)) {
                mistakes.add(new Mistake(place, "'%s' is there twice".formatted(key)));
            } else {
                return false;
            }
            return true;
        }
    }
}
