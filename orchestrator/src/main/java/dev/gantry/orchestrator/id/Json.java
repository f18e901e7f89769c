package dev.gantry.orchestrator.id;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tenants' JSON, read and written so that every number comes out as it went in: 1.10 is not 1.1,
 * and 9007199254740993.5 is no double.
 */
public final class Json {
    /** Beyond it a number of a few characters would take memory or time without bound. */
    public static final int LARGEST_EXPONENT = 1_000;

    public static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .nodeFactory(new ExactFactory())
                    .build();

    private Json() {}

    /**
     * @throws IOException if it is no JSON, or a number's exponent is above the largest; says where
     */
    public static JsonNode read(byte[] json) throws IOException {
        try {
            return MAPPER.readTree(json);
        } catch (ExponentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Which limit of the parser a text is beyond, without the names of classes. */
    public static String limit(StreamConstraintsException e) {
        return e.getOriginalMessage().replaceAll(", from `[^`]*`\\)", ")");
    }

    /** Whether the number is one that can be worked with in a moment. */
    public static boolean isModest(BigDecimal number) {
        return Math.abs((long) number.precision() - number.scale() - 1L) <= LARGEST_EXPONENT;
    }

    /**
     * A text that is the same for values that mean the same: members in order, numbers by their
     * value.
     */
    public static String canonical(JsonNode value) {
        StringBuilder text = new StringBuilder();
        canonical(value, text);
        return text.toString();
    }

    private static void canonical(JsonNode value, StringBuilder text) {
        if (value.isObject()) {
            text.append('{');
            value.propertyStream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(member -> {
                        text.append(TextNode.valueOf(member.getKey())).append(':');
                        canonical(member.getValue(), text);
                        text.append(',');
                    });
            text.append('}');
        } else if (value.isArray()) {
            text.append('[');
            for (JsonNode element : value) {
                canonical(element, text);
                text.append(',');
            }
            text.append(']');
        } else if (value.isNumber()) {
            text.append(value.decimalValue().stripTrailingZeros());
        } else {
            text.append(value);
        }
    }

    /** Whether the text of a value has more characters than this; looks no further than needed. */
    public static boolean isLonger(JsonNode value, long most) {
        return left(value, most) < 0;
    }

    private static long left(JsonNode value, long most) {
        long left = most - 2;
        if (value.isTextual()) {
            return left - value.textValue().length();
        }
        if (value.isBigDecimal() || value.isBigInteger()) {
            return left - value.decimalValue().precision();
        }
        var fields = value.properties().iterator();
        while (left >= 0 && fields.hasNext()) {
            var field = fields.next();
            left = left(field.getValue(), left - field.getKey().length() - 3);
        }
        for (int i = 0; left >= 0 && value.isArray() && i < value.size(); i++) {
            left = left(value.get(i), left - 1);
        }
        return left;
    }

    private static final class ExactFactory extends JsonNodeFactory {
        private static final long serialVersionUID = 1L;

        ExactFactory() {
            super(true);
        }

        @Override
        public ValueNode numberNode(@Nullable BigDecimal number) {
            if (number != null && !isModest(number)) {
                throw new ExponentException();
            }
            return super.numberNode(number);
        }
    }

    private static final class ExponentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ExponentException() {
            super("a number has an exponent above " + LARGEST_EXPONENT, null, false, false);
        }
    }
}
