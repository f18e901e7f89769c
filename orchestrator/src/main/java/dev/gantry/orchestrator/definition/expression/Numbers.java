package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** jq's mathematics; whole results are whole numbers, as jq shows them. */
final class Numbers {
    private static final double EXACT = 1L << 53;

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
    static Map<String, Function> functions() {
        Map<String, Function> all = new TreeMap<>();
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
        all.put(
                "fma/3",
                new PureFunction((in, given) ->
                        of(real(given.get(0)) * real(given.get(1)) + real(given.get(2)))));
        all.put("frexp/0", new PureFunction((in, given) -> frexp(real(in))));
        all.put(
                "modf/0",
                new PureFunction((in, given) -> pair(real(in) % 1, real(in) - real(in) % 1)));
        return all;
    }

    private static void exponential(Map<String, Function> all) {
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

    private static void rounding(Map<String, Function> all) {
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

    private static void unary(Map<String, Function> all, String name, DoubleUnaryOperator f) {
        all.put(name + "/0", new PureFunction((in, given) -> of(f.applyAsDouble(real(in)))));
    }

    private static void binary(Map<String, Function> all, String name, DoubleBinaryOperator f) {
        all.put(
                name + "/2",
                new PureFunction((in, given) ->
                        of(f.applyAsDouble(real(given.get(0)), real(given.get(1))))));
    }

    static double real(JsonNode value) throws JsonQueryException {
        if (!value.isNumber()) {
            throw new JsonQueryException("%s number required".formatted(value));
        }
        return value.doubleValue();
    }

    static JsonNode of(double value) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (Math.rint(value) == value && Math.abs(value) <= EXACT) {
            return Math.abs(value) <= Integer.MAX_VALUE
                    ? json.numberNode((int) value)
                    : json.numberNode((long) value);
        }
        return json.numberNode(value);
    }

    private static ArrayNode pair(double first, double second) {
        return JsonNodeFactory.instance.arrayNode().addAll(List.of(of(first), of(second)));
    }
}
