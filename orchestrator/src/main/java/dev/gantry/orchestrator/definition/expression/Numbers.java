package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** jq's mathematics; whole results are whole numbers, as jq shows them. */
final class Numbers {
    private static final double EXACT = 1L << 53;
    private static final int MAX_DIGITS = 1_000;

    private static final double[] LANCZOS = {
        0.9999999999998099,
        676.5203681218851,
        -1259.1392167224028,
        771.3234287776531,
        -176.6150291621406,
        12.507343278686905,
        -0.13857109526572012,
        0.000009984369578019572,
        1.5056327351493116e-7
    };

    private Numbers() {}

    /** By {@code name/arity}. */
    static Map<String, Native> functions() {
        Map<String, Native> all = new TreeMap<>();
        exponential(all);
        rounding(all);
        binary(all, "pow", Math::pow);
        binary(all, "atan2", Math::atan2);
        binary(all, "fmin", Math::min);
        binary(all, "fmax", Math::max);
        binary(all, "fmod", (a, b) -> a % b);
        binary(all, "fdim", (a, b) -> Math.max(a - b, 0));
        binary(all, "drem", Math::IEEEremainder);
        binary(all, "ldexp", (a, b) -> a * Math.pow(2, b));
        binary(all, "scalb", (a, b) -> a * Math.pow(2, b));
        binary(all, "scalbln", (a, b) -> a * Math.pow(2, b));
        binary(all, "copysign", Math::copySign);
        binary(all, "nextafter", Math::nextAfter);
        binary(all, "nexttoward", Math::nextAfter);
        all.put("fma/3", (in, given) -> of(real(given[0]) * real(given[1]) + real(given[2])));
        all.put("frexp/0", (in, given) -> frexp(real(in)));
        all.put("modf/0", (in, given) -> pair(real(in) % 1, real(in) - real(in) % 1));
        return all;
    }

    private static void exponential(Map<String, Native> all) {
        unary(all, "sqrt", Math::sqrt);
        unary(all, "cbrt", Math::cbrt);
        unary(all, "exp", Math::exp);
        unary(all, "exp2", x -> Math.pow(2, x));
        unary(all, "exp10", x -> Math.pow(10, x));
        unary(all, "pow10", x -> Math.pow(10, x));
        unary(all, "expm1", Math::expm1);
        unary(all, "log", Math::log);
        unary(all, "log2", Numbers::log2);
        unary(all, "log10", Math::log10);
        unary(all, "log1p", Math::log1p);
        unary(all, "acosh", x -> Math.log(x + Math.sqrt(x * x - 1)));
        unary(all, "asinh", x -> Math.signum(x) * Math.log(Math.abs(x) + Math.hypot(x, 1)));
        unary(all, "atanh", x -> Math.log((1 + x) / (1 - x)) / 2);
        unary(all, "gamma", Numbers::logGamma);
        unary(all, "lgamma", Numbers::logGamma);
        unary(all, "lgamma_r", Numbers::logGamma);
        unary(all, "tgamma", x -> Math.exp(logGamma(x)));
        unary(all, "logb", x -> x == 0 ? Double.NEGATIVE_INFINITY : Math.getExponent(x));
        unary(all, "significand", x -> x == 0 ? x : x / Math.pow(2, Math.getExponent(x)));
    }

    private static void rounding(Map<String, Native> all) {
        unary(all, "floor", Math::floor);
        unary(all, "ceil", Math::ceil);
        unary(all, "round", x -> Math.copySign(Math.floor(Math.abs(x) + 0.5), x));
        unary(all, "trunc", x -> x < 0 ? Math.ceil(x) : Math.floor(x));
        unary(all, "rint", Math::rint);
        unary(all, "nearbyint", Math::rint);
        unary(all, "fabs", Math::abs);
    }

    private static double log2(double x) {
        double log = Math.log(x) / Math.log(2);
        return Math.pow(2, Math.rint(log)) == x ? Math.rint(log) : log;
    }

    private static double logGamma(double x) {
        if (x < 0.5) {
            return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
        }
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (x - 1 + i);
        }
        double t = x + 6.5;
        return Math.log(2 * Math.PI) / 2 + (x - 0.5) * Math.log(t) - t + Math.log(sum);
    }

    private static JsonNode frexp(double x) {
        if (x == 0 || Double.isNaN(x) || Double.isInfinite(x)) {
            return pair(x, 0);
        }
        int exponent = Math.getExponent(x) + 1;
        return pair(x / Math.pow(2, exponent), exponent);
    }

    private static void unary(Map<String, Native> all, String name, DoubleUnaryOperator f) {
        all.put(name + "/0", (in, given) -> of(f.applyAsDouble(real(in))));
    }

    private static void binary(Map<String, Native> all, String name, DoubleBinaryOperator f) {
        all.put(name + "/2", (in, given) -> of(f.applyAsDouble(real(given[0]), real(given[1]))));
    }

    static JsonNode required(JsonNode value) {
        real(value);
        return value;
    }

    static double real(JsonNode value) {
        if (!value.isNumber()) {
            throw new JqError("%s is given where a number is expected".formatted(Shown.of(value)));
        }
        return value.doubleValue();
    }

    static JsonNode of(double value) {
        if (Math.rint(value) == value && Math.abs(value) <= EXACT) {
            return of((long) value);
        }
        if (!Double.isFinite(value)) {
            Budget.noteUnusualNumber();
        }
        return JsonNodeFactory.instance.numberNode(value);
    }

    static JsonNode of(long value) {
        // Never one that is shared, as paths tell values by which they are.
        return value == (int) value ? new IntNode((int) value) : new LongNode(value);
    }

    /** Whether it is a whole number of 64 bits, and known as such. */
    static boolean isLong(JsonNode number) {
        return number.isInt() || number.isLong() || number.isShort();
    }

    /** Whether its digits are what was written, rather than what a calculation came to. */
    static boolean isExact(JsonNode number) {
        return !number.isDouble() && !number.isFloat();
    }

    static JsonNode negative(JsonNode number) {
        if (!number.isNumber()) {
            throw new JqError("%s cannot be negated".formatted(Shown.of(number)));
        }
        return isLong(number) && number.longValue() != Long.MIN_VALUE
                ? of(-number.longValue())
                : number.isBigInteger()
                        ? JsonNodeFactory.instance.numberNode(number.bigIntegerValue().negate())
                        : number.isBigDecimal()
                                ? DecimalNode.valueOf(number.decimalValue().negate())
                                : of(-number.doubleValue());
    }

    /** A number as it is written in a program or a text: any length, and all digits kept. */
    static JsonNode written(String text) {
        if (text.length() > MAX_DIGITS) {
            return of(Double.parseDouble(text));
        }
        if (text.chars().allMatch(Character::isDigit)) {
            BigInteger whole = new BigInteger(text);
            return whole.bitLength() < Long.SIZE
                    ? of(whole.longValue())
                    : JsonNodeFactory.instance.numberNode(whole);
        }
        JsonNode real = of(Double.parseDouble(text));
        boolean same =
                JsonText.number(real).equals(text) || text.contains("e") || text.contains("E");
        return same ? real : DecimalNode.valueOf(new BigDecimal(text));
    }

    /**
     * JSON has no infinity and nothing that is no number: jq gives the largest number, and null.
     */
    static JsonNode withoutUnusual(JsonNode value) {
        if (value.isDouble() || value.isFloat()) {
            double number = value.doubleValue();
            return Double.isNaN(number)
                    ? NullNode.getInstance()
                    : Double.isInfinite(number)
                            ? DoubleNode.valueOf(Math.copySign(Double.MAX_VALUE, number))
                            : value;
        }
        if (value.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode(value.size());
            value.forEach(item -> array.add(withoutUnusual(item)));
            return array;
        }
        if (value.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            value.properties()
                    .forEach(field -> object.set(field.getKey(), withoutUnusual(field.getValue())));
            return object;
        }
        return value;
    }

    private static ArrayNode pair(double first, double second) {
        return JsonNodeFactory.instance.arrayNode().addAll(List.of(of(first), of(second)));
    }
}
