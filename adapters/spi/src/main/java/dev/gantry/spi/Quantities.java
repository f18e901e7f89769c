package dev.gantry.spi;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resource quantities as Kubernetes writes them: {@code 500m} of a CPU, {@code 256Mi} of memory.
 */
public final class Quantities {
    private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([a-zA-Z]*)");
    private static final Map<String, Long> BYTES =
            Map.of(
                    "",
                    1L,
                    "k",
                    1_000L,
                    "M",
                    1_000_000L,
                    "G",
                    1_000_000_000L,
                    "Ki",
                    1L << 10,
                    "Mi",
                    1L << 20,
                    "Gi",
                    1L << 30,
                    "Ti",
                    1L << 40);

    private Quantities() {}

    public static int cpuMillis(String text) {
        Matcher matcher = matcher(text);
        return switch (matcher.group(2)) {
            case "" -> new BigDecimal(matcher.group(1)).movePointRight(3).intValueExact();
            case "m" -> new BigDecimal(matcher.group(1)).intValueExact();
            default -> throw wrong(text, "500m or 0.5");
        };
    }

    public static long bytes(String text) {
        Matcher matcher = matcher(text);
        Long factor = BYTES.get(matcher.group(2));
        if (factor == null) {
            throw wrong(text, "a number with " + BYTES.keySet());
        }
        return new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(factor))
                .setScale(0, RoundingMode.DOWN)
                .longValueExact();
    }

    private static Matcher matcher(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        if (!matcher.matches()) {
            throw wrong(text, "a number with a unit");
        }
        return matcher;
    }

    private static IllegalArgumentException wrong(String text, String expected) {
        return new IllegalArgumentException("quantity '%s': %s expected".formatted(text, expected));
    }
}
