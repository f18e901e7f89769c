package dev.gantry.orchestrator.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.gantry.orchestrator.architecture.Docs.Limit;
import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Limits that nobody can set are in {@code docs/}, with the value that the code has. */
class DocumentedLimitsTest {
    private static final String ROOT = "dev.gantry.orchestrator.";
    private static final Pattern LIMIT =
            Pattern.compile("(MAX|MOST|LONGEST|LARGEST|DEEPEST)(_.*)?");
    private static final Set<String> TYPES =
            Set.of("int", "long", Duration.class.getName(), DataSize.class.getName());
    private static final Map<String, Long> UNITS =
            Map.of("", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
    private static final Map<String, Duration> TIMES =
            Map.of(
                    "ms", Duration.ofMillis(1),
                    "s", Duration.ofSeconds(1),
                    "seconds", Duration.ofSeconds(1),
                    "minutes", Duration.ofMinutes(1),
                    "hours", Duration.ofHours(1),
                    "day", Duration.ofDays(1),
                    "days", Duration.ofDays(1));

    /** Limits that nobody meets: sizes of caches, pauses, and what messages leave out. */
    private static final Set<String> INTERNAL =
            Set.of(
                    "api.LogStream.LONGEST_PAUSE",
                    "definition.DefinitionService.MAX_PLANS",
                    "definition.compile.Check.MAX_SHOWN",
                    "definition.compile.GrpcTasks.MOST_PORTS",
                    "execution.Lane.LONGEST_IDLE",
                    "execution.RegistryCatalog.MOST",
                    "execution.SecretFiles.MOST_KNOWN",
                    "execution.StepEnding.LONGEST_PAUSE",
                    "journal.JdbiEventRows.LONGEST_CORRELATION",
                    "mask.Forms.LONGEST_PART",
                    "mask.Mask.DEEPEST_CAUSE",
                    "mask.Masks.MOST",
                    "mask.Masks.MOST_NODES",
                    "mask.Scan.LONGEST_BREAK",
                    "problem.Nearest.MAX_KNOWN",
                    "runner.ObservedAdapter.MOST_CONTEXTS",
                    "runner.call.AnswerReader.MOST_DROPPED",
                    "runner.call.Recent.MOST",
                    "runner.call.SystemNames.MOST_WAITING",
                    "runner.call.Tokens.LONGEST_MARGIN",
                    "runner.call.Tokens.MOST",
                    "security.BearerKeys.MOST");

    @Test
    void listsEveryLimit() {
        TreeSet<String> missing = new TreeSet<>(limits().keySet());
        Docs.limits().forEach(limit -> missing.remove(limit.constant()));
        missing.removeAll(INTERNAL);

        assertThat(missing)
                .as(
                        "limits that no page of docs/ states with its constant behind the number, as in"
                                + " '64 KiB <!-- package.Class.CONSTANT -->'; what nobody can meet is"
                                + " named in this test")
                .isEmpty();
        assertThat(limits().keySet()).as("limits that are named here").containsAll(INTERNAL);
    }

    @Test
    void statesTheValuesOfTheCode() {
        Map<String, Object> constants = constants();

        assertThat(Docs.limits()).isNotEmpty();
        for (Limit limit : Docs.limits()) {
            assertThat(constants).as(limit.page()).containsKey(limit.constant());
            assertThat(value(limit.value(), limit.constant()))
                    .as("%s in %s", limit.constant(), limit.page())
                    .isEqualTo(constants.get(limit.constant()));
        }
    }

    private static Map<String, Object> limits() {
        Map<String, Object> limits = constants();
        limits.keySet()
                .removeIf(name ->
                        !LIMIT.matcher(name.substring(name.lastIndexOf('.') + 1)).matches());
        return limits;
    }

    private static Map<String, Object> constants() {
        Map<String, Object> constants = new TreeMap<>();
        new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages(ROOT + "..")
                        .stream()
                        .flatMap(type -> type.getFields().stream())
                        .filter(DocumentedLimitsTest::isConstant)
                        .forEach(field ->
                                constants.put(
                                        field.getFullName()
                                                .substring(ROOT.length())
                                                .replace('$', '.'),
                                        value(field)));
        return constants;
    }

    private static boolean isConstant(JavaField field) {
        return field.getModifiers().containsAll(Set.of(JavaModifier.STATIC, JavaModifier.FINAL))
                && TYPES.contains(field.getRawType().getName())
                && !field.getName().equals("serialVersionUID");
    }

    private static Object value(JavaField field) {
        try {
            Field reflected = field.reflect();
            reflected.setAccessible(true);
            Object value = reflected.get(null);
            return switch (value) {
                case DataSize size -> size.toBytes();
                case Long nanos when field.getName().endsWith("_NANOS") -> Duration.ofNanos(nanos);
                case Number number -> number.longValue();
                default -> value;
            };
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object value(String text, String constant) {
        String number = text.replaceAll("[ A-Za-z]+$", "").replace(",", "");
        String unit = text.substring(text.indexOf(' ') + 1).replaceAll("[\\d,.]", "");
        Duration time = TIMES.get(unit);
        if (time != null) {
            return time.multipliedBy(Long.parseLong(number));
        }
        assertThat(UNITS).as("units of %s", constant).containsKey(unit);
        return new BigDecimal(number).longValueExact() * UNITS.getOrDefault(unit, 0L);
    }
}
