package dev.gantry.orchestrator.definition.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.id.Json;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers as JSON and YAML write them, with all their digits. */
final class Numbers {
    /** The longest number that is read. */
    static final int MAX_CHARACTERS = 1_000;

    private Numbers() {}

    /** A number that is not kept: says why. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    /**
     * @param text {@code 17}, {@code 0o17}, {@code 0x1F}, {@code 1.5e3}
     */
    static JsonNode read(String text) throws Unusable {
        if (text.length() > MAX_CHARACTERS) {
            throw new Unusable("the number has %d characters".formatted(text.length()));
        }
        if (text.startsWith("0o")) {
            return whole(new BigInteger(text.substring(2), 8));
        }
        if (text.startsWith("0x")) {
            return whole(new BigInteger(text.substring(2), 16));
        }
        if (text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '-' || c == '+')) {
            return whole(new BigInteger(text));
        }
        BigDecimal value;
        try {
            value = new BigDecimal(text);
        } catch (NumberFormatException e) {
            // Its exponent has more digits than can be counted with.
            throw new Unusable("the number is out of range");
        }
        if (!Json.isModest(value)) {
            throw new Unusable("the number is out of range");
        }
        return DecimalNode.valueOf(value);
    }

    static String expected() {
        return "at most %d characters, and an exponent from -%d to %2$d"
                .formatted(MAX_CHARACTERS, Json.LARGEST_EXPONENT);
    }

    private static JsonNode whole(BigInteger value) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (value.bitLength() < 32) {
            return json.numberNode(value.intValue());
        }
        return value.bitLength() < 64 ? json.numberNode(value.longValue()) : json.numberNode(value);
    }
}
