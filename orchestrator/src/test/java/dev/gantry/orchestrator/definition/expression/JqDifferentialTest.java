package dev.gantry.orchestrator.definition.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.gantry.orchestrator.definition.expression.ReferenceJq.Answer;
import dev.gantry.orchestrator.definition.expression.ReferenceJq.Case;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares with jq 1.7 itself: results exactly, with numbers as doubles, and failures as failures.
 * {@code tools/make-jq-venv} makes the Python that it takes; {@code -Dgantry.jq.seed} and {@code
 * -Dgantry.jq.count} make other expressions, or more.
 */
class JqDifferentialTest {
    private static final Logger log = LoggerFactory.getLogger(JqDifferentialTest.class);
    private static final long SEED = Long.getLong("gantry.jq.seed", 20_261_130);
    private static final int COUNT = Integer.getInteger("gantry.jq.count", 4_000);
    private static final double EXACT = 1L << 53;
    private static final int SHOWN = 20;
    private static final int MOST_ROUNDS = 60;

    private @Nullable ReferenceJq jq;

    @BeforeEach
    void findJq() {
        jq = ReferenceJq.find().orElse(null);
        if (jq == null && "true".equals(System.getenv("GANTRY_REQUIRE_JQ"))) {
            fail("GANTRY_REQUIRE_JQ is set, and GANTRY_JQ_PYTHON names no Python");
        }
        Assumptions.assumeTrue(
                jq != null,
                "left out: GANTRY_JQ_PYTHON names no Python with jq, which tools/make-jq-venv makes");
    }

    private ReferenceJq jq() {
        return Objects.requireNonNull(jq);
    }

    @Test
    void comparesWithTheVersionThatIsPromised() throws Exception {
        assertThat(jq().version()).startsWith("1.7");
    }

    @Test
    void givesWhatJqGivesForWrittenExpressions() throws Exception {
        List<Case> cases = new ArrayList<>();
        try (InputStream text = JqDifferentialTest.class.getResourceAsStream("jq_cases.txt")) {
            String all =
                    new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
            all.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("# "))
                    .forEach(line -> {
                        String[] parts = line.split(" ~ ", 2);
                        cases.add(new Case(parts[0], parts.length == 2 ? parts[1] : "null"));
                    });
        }

        Comparison comparison = compare(cases);

        comparison.print("written expressions");
        assertThat(comparison.different()).map(Difference::toString).isEmpty();
    }

    @Test
    void givesWhatJqGivesForGeneratedExpressions() throws Exception {
        Random random = new Random(SEED);
        List<Case> cases = new ArrayList<>();
        Map<Case, GeneratedExpression> programs = new HashMap<>();
        for (int i = 0; i < COUNT; i++) {
            GeneratedExpression program = GeneratedExpression.program(random);
            Case made = new Case(program.text(), GeneratedExpression.input(random));
            cases.add(made);
            programs.put(made, program);
        }

        Comparison comparison = compare(cases);

        comparison.print("generated expressions of seed " + SEED);
        List<String> smallest = new ArrayList<>();
        for (Difference found : comparison.different().stream().limit(SHOWN).toList()) {
            GeneratedExpression program = Objects.requireNonNull(programs.get(found.of()));
            smallest.add(smallest(program, found).toString());
        }
        assertThat(smallest).as("seed %d", SEED).isEmpty();
        assertThat(comparison.succeeded()).as("expressions with results").isGreaterThan(COUNT / 2);
        assertThat(comparison.lost())
                .as("expressions that jq did not survive")
                .isLessThan(COUNT / 50);
    }

    /** A case with both results. */
    private record Difference(Case of, String ours, String theirs) {
        @Override
        public String toString() {
            return "%n  %s%n  on    %s%n  jq    %s%n  ours  %s"
                    .formatted(of.program(), of.input(), theirs, ours);
        }
    }

    private record Comparison(
            int compared,
            int succeeded,
            int lost,
            Map<String, Integer> known,
            List<Difference> different) {
        void print(String what) {
            log.info(
                    "{} {} compared with jq: {} with results, {} lost by jq, {} different; known: {}",
                    compared,
                    what,
                    succeeded,
                    lost,
                    different.size(),
                    known);
        }
    }

    private Comparison compare(List<Case> cases) throws Exception {
        List<Answer> answers = jq().evaluate(cases);
        assertThat(answers).hasSameSizeAs(cases);
        int succeeded = 0;
        int lost = 0;
        Map<String, Integer> known = new TreeMap<>();
        List<Difference> different = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            Case one = cases.get(i);
            Answer answer = answers.get(i);
            if (answer.lost() != null) {
                lost++;
                continue;
            }
            String ours = Evaluations.results(one.program(), one.input());
            succeeded += answer.values() == null ? 0 : 1;
            if (isSame(ours, answer.values())) {
                continue;
            }
            String reason = known(one, ours, answer.values());
            if (reason != null) {
                known.merge(reason, 1, Integer::sum);
            } else {
                String theirs = answer.values() == null ? "fails" : answer.values().toString();
                different.add(new Difference(one, ours, theirs));
            }
        }
        return new Comparison(cases.size(), succeeded, lost, known, different);
    }

    private static boolean isSame(String ours, @Nullable JsonNode theirs) {
        return ours.startsWith("!")
                ? theirs == null
                : theirs != null && Evaluations.same(Evaluations.json(ours), theirs);
    }

    private static final Pattern PLACES = Pattern.compile("\\b(r?index|indices)\\b");
    private static final Pattern ENTRIES = Pattern.compile("\\b(from|with)_entries\\b");

    /** What differs on purpose, as docs/definitions.md lists it; null if this does not. */
    private static @Nullable String known(Case of, String ours, @Nullable JsonNode theirs) {
        boolean failed = ours.startsWith("!");
        if (theirs == null) {
            if (ENTRIES.matcher(of.program()).find()) {
                return "keys of entries that are no texts";
            }
            return null;
        }
        JsonNode values = failed ? NullNode.getInstance() : Evaluations.json(ours);
        String all = of.program() + of.input();
        if (PLACES.matcher(of.program()).find() && all.chars().anyMatch(c -> c > 127)) {
            return "places in bytes";
        }
        if (withoutSigns(values.toString()).equals(withoutSigns(theirs.toString()))) {
            return "negative zero";
        }
        return isNear(values, theirs) ? "exact whole numbers" : null;
    }

    private static String withoutSigns(String text) {
        return text.replaceAll("-0(\\.0)?(?![.\\d])", "0");
    }

    private static boolean isNear(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber() && Math.abs(a.doubleValue()) > EXACT) {
            return Math.abs(a.doubleValue() - b.doubleValue()) <= Math.ulp(b.doubleValue()) * 8;
        }
        if (a.isArray() && b.isArray() && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                if (!isNear(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return Evaluations.same(a, b);
    }

    private Difference smallest(GeneratedExpression program, Difference found) throws Exception {
        GeneratedExpression at = program;
        Difference smallest = found;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Map<String, GeneratedExpression> smaller = new TreeMap<>();
            at.smaller().forEach(one -> smaller.put(one.text(), one));
            List<Case> cases =
                    smaller.keySet().stream()
                            .filter(text -> text.length() < found.of().program().length())
                            .map(text -> new Case(text, found.of().input()))
                            .toList();
            Difference better =
                    compare(cases).different().stream()
                            .min(
                                    java.util.Comparator.comparingInt(
                                            one -> one.of().program().length()))
                            .orElse(null);
            if (better == null
                    || better.of().program().length() >= smallest.of().program().length()) {
                return smallest;
            }
            smallest = better;
            at = Objects.requireNonNull(smaller.get(better.of().program()));
        }
        return smallest;
    }
}
