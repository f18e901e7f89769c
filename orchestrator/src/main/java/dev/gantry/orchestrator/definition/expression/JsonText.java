package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;

/** Writes values as jq does: its numbers, and null for what is no number. */
final class JsonText {
    /** Beyond, jq writes whole numbers with an exponent. */
    private static final int PLAIN_ZEROS = 15;

    private final StringBuilder text = new StringBuilder();
    private final int enough;

    private JsonText(int enough) {
        this.enough = enough;
    }

    static String of(JsonNode value) {
        return of(value, Integer.MAX_VALUE);
    }

    /** Stops somewhere after so many characters. */
    static String of(JsonNode value, int enough) {
        JsonText json = new JsonText(enough);
        json.write(value);
        return json.text.toString();
    }

    private void write(JsonNode value) {
        if (text.length() > enough) {
            return;
        }
        Budget.requireLength(text.length());
        if (value.isTextual()) {
            quote(value.textValue());
        } else if (value.isArray()) {
            char before = '[';
            for (JsonNode item : value) {
                text.append(before);
                write(item);
                before = ',';
            }
            text.append(value.isEmpty() ? "[]" : "]");
        } else if (value.isObject()) {
            char before = '{';
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                text.append(before);
                quote(field.getKey());
                text.append(':');
                write(field.getValue());
                before = ',';
            }
            text.append(value.isEmpty() ? "{}" : "}");
        } else {
            text.append(value.isNumber() ? number(value) : value.asText());
        }
    }

    private void quote(String string) {
        text.append('"');
        for (int i = 0; i < string.length() && text.length() <= enough; i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> {
                    if (c < ' ' || c == 0x7F) {
                        text.append("\\u00")
                                .append(c < 16 ? "0" : "")
                                .append(Integer.toHexString(c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    static String number(JsonNode number) {
        if (number.isDouble() || number.isFloat()) {
            double value = number.doubleValue();
            if (Double.isNaN(value)) {
                return "null";
            }
            double largest = Math.copySign(Double.MAX_VALUE, value);
            return ofDouble(Double.isInfinite(value) ? largest : value);
        }
        if (number.isBigDecimal()) {
            BigDecimal value = number.decimalValue();
            boolean plain =
                    value.scale() < 0 && value.precision() - value.scale() <= PLAIN_ZEROS + 2;
            return plain ? value.toPlainString() : value.toString();
        }
        return number.asText();
    }

    /** The shortest digits that mean this number, as jq places its decimal point. */
    private static String ofDouble(double value) {
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (shortest.signum() == 0) {
            return "0";
        }
        String digits = shortest.unscaledValue().abs().toString();
        String sign = shortest.signum() < 0 ? "-" : "";
        int point = digits.length() - shortest.scale();
        if (point <= -4 || point > digits.length() + PLAIN_ZEROS) {
            int exponent = point - 1;
            String tail = digits.length() > 1 ? "." + digits.substring(1) : "";
            return "%s%s%se%s%02d"
                    .formatted(
                            sign,
                            digits.substring(0, 1),
                            tail,
                            exponent < 0 ? "-" : "+",
                            Math.abs(exponent));
        }
        return shortest.toPlainString();
    }
}
