package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LocalMock} does with which attempt: rules, of which the first that matches counts.
 * If none does, the {@code local-mock} block of the function's document counts, and without one the
 * step succeeds at once with its input as the result. Immutable.
 */
@JsonClassDescription("the script")
public final class MockScript {
    private static final int BINDINGS_KEPT = 10_000;

    private final List<MockRule> rules;
    private final long seed;
    private final @Nullable Outage outage;
    private final ConcurrentMap<Map<String, Object>, Answer> bindings = new ConcurrentHashMap<>();

    MockScript(List<MockRule> rules, long seed, @Nullable Outage outage) {
        this.rules = List.copyOf(rules);
        this.seed = seed;
        this.outage = outage;
    }

    @JsonCreator
    static MockScript read(
            @JsonProperty("seed") @Nullable Seed seed,
            @JsonProperty("health") @Nullable Outage outage,
            @JsonProperty("rules") @Nullable List<@Nullable MockRule> rules) {
        return new MockScript(Answer.present(rules), seed == null ? 0 : seed.value, outage);
    }

    record Seed(long value) {
        static Seed parse(String text) {
            if (!text.matches("-?\\d{1,18}")) {
                throw new IllegalArgumentException("'%s' is not a whole number".formatted(text));
            }
            return new Seed(Long.parseLong(text));
        }
    }

    /**
     * Reads a script in YAML or JSON.
     *
     * @throws ScriptException with everything that is wrong with it
     */
    public static MockScript parse(String yaml) {
        return ScriptReader.read("script", yaml);
    }

    /**
     * @throws UncheckedIOException when the file cannot be read
     * @throws ScriptException with everything that is wrong with it
     */
    public static MockScript read(Path file) {
        try {
            return ScriptReader.read(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("script '%s' cannot be read".formatted(file), e);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects rules in the order in which they are tried. */
    public static final class Builder {
        private final List<MockRule> rules = new ArrayList<>();
        private long seed;
        private @Nullable Outage outage;

        private Builder() {}

        /** What ranges and chances are drawn from: the same seed, the same behaviour. */
        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        public Builder rule(Consumer<MockRule.Builder> definition) {
            MockRule.Builder rule = new MockRule.Builder();
            definition.accept(rule);
            rules.add(rule.build());
            return this;
        }

        /**
         * The mock behaves as if its backend could not be reached.
         *
         * @param after when that begins, counted from the adapter's creation
         * @param length how long it lasts
         */
        public Builder disconnected(String reason, Duration after, Duration length) {
            outage = new Outage(reason, after, length);
            return this;
        }

        public MockScript build() {
            return new MockScript(rules, seed, outage);
        }
    }

    /** The same script with another seed. */
    public MockScript withSeed(long newSeed) {
        return new MockScript(rules, newSeed, outage);
    }

    long seed() {
        return seed;
    }

    @Nullable Outage outage() {
        return outage;
    }

    String summary() {
        return "rules: %d, seed: %d".formatted(rules.size(), seed);
    }

    /**
     * @throws ScriptException when the function's document has a wrong block for the mock
     */
    Answer answer(Attempt attempt) {
        for (int i = 0; i < rules.size(); i++) {
            MockRule rule = rules.get(i);
            if (rule.match().accepts(attempt, seed, i)) {
                return rule.answer();
            }
        }
        return attempt.workload() instanceof Workload.Function function
                        && !function.binding().isEmpty()
                ? answer(function.binding())
                : Answer.DEFAULT;
    }

    private Answer answer(Map<String, Object> binding) {
        Answer known = bindings.get(binding);
        if (known != null) {
            return known;
        }
        Answer answer = ScriptReader.binding(binding);
        if (bindings.size() < BINDINGS_KEPT) {
            bindings.put(binding, answer);
        }
        return answer;
    }
}
