package dev.gantry.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BlockTest {
    private static Block block(String key, Object value) {
        return Block.of(Map.of(key, value), "the kit block", Set.of(key));
    }

    private static void assertWrong(Block block, String pointer, String message, String expected) {
        assertThat(block.problems())
                .extracting(
                        WorkloadProblem::pointer,
                        WorkloadProblem::message,
                        WorkloadProblem::expected)
                .containsExactly(tuple(pointer, message, expected));
    }

    @Test
    void readsTextsOfAllScalars() {
        assertThat(block("a", 65534).text("a")).isEqualTo("65534");
        assertThat(block("a", true).texts("a")).containsExactly("true");
        assertThat(block("a", List.of("x", 1)).texts("a")).containsExactly("x", "1");
        assertThat(block("a", Map.of("B", 2, "A", "x")).named("a"))
                .containsExactly(Map.entry("A", "x"), Map.entry("B", "2"));
        assertThat(block("a", "x").text("b")).isNull();
        assertThat(block("a", "x").texts("b")).isEmpty();
        assertThat(block("a", "x").named("b")).isEmpty();
    }

    @Test
    void tellsWhereATextIsSomethingElse() {
        Block text = block("a", List.of());
        assertThat(text.text("a")).isNull();
        assertThat(text.text("a")).isNull();
        assertWrong(text, "/a", "'a' is a list", "text");

        Block texts = block("a", List.of("x", Map.of()));
        texts.texts("a");
        assertWrong(texts, "/a/1", "'a' is an object", "text");

        Block list = block("a", Map.of());
        list.texts("a");
        assertWrong(list, "/a", "'a' is an object", "a list of texts");

        Block named = block("a", Map.of("b/c", List.of()));
        named.named("a");
        assertWrong(named, "/a/b~1c", "'b/c' is a list", "text");

        Block names = block("a", "x");
        names.named("a");
        assertWrong(names, "/a", "'a' is 'x'", "names and texts");
    }

    @Test
    void readsWords() {
        Map<String, Integer> words = Map.of("always", 1, "never", 2);
        assertThat(block("a", "never").oneOf("a", words)).isEqualTo(2);

        Block misspelt = block("a", "allways");
        assertThat(misspelt.oneOf("a", words)).isNull();
        assertThat(misspelt.problems())
                .extracting(WorkloadProblem::expected, WorkloadProblem::suggestion)
                .containsExactly(tuple("one of [always, never]", "did you mean 'always'?"));
    }

    @Test
    void readsFlagsAndNumbers() {
        assertThat(block("a", true).flag("a")).isTrue();
        Block flag = block("a", "yes");
        assertThat(flag.flag("a")).isNull();
        assertWrong(flag, "/a", "'a' is 'yes'", "true or false");

        assertThat(block("a", 5).number("a", 1, 5)).isEqualTo(5);
        for (Object value : List.of(6, 0, 1.5, "x")) {
            Block number = block("a", value);
            assertThat(number.number("a", 1, 5)).isNull();
            assertWrong(number, "/a", "'a' is '%s'".formatted(value), "a number from 1 to 5");
        }
    }

    @Test
    void readsQuantities() {
        assertThat(block("a", "256Mi").bytes("a")).isEqualTo(256L << 20);
        assertThat(block("a", 1024).bytes("a")).isEqualTo(1024);
        assertThat(block("a", "500m").cpuMillis("a")).isEqualTo(500);
        assertThat(block("a", 0.5).cpuMillis("a")).isEqualTo(500);
        for (String value : List.of("-1", "1Xi", "Mi", "99999999999999999999Gi")) {
            Block bytes = block("a", value);
            assertThat(bytes.bytes("a")).isNull();
            assertWrong(
                    bytes, "/a", "'a' is '%s'".formatted(value), "a number of bytes such as 256Mi");
        }
    }

    @Test
    void readsBlocksWithin() {
        Block outer = block("a", Map.of("key", "x", "odd", 1));
        Block inner = Objects.requireNonNull(outer.block("a", Set.of("key", "effect")));
        assertThat(inner.text("key")).isEqualTo("x");
        assertThat(outer.problems()).extracting(WorkloadProblem::pointer).containsExactly("/a/odd");

        Block list = block("a", List.of(Map.of("key", "x"), "y", Map.of("key", List.of())));
        assertThat(list.blocks("a", Set.of("key")).stream().map(it -> it.text("key")))
                .containsExactly("x", null);
        assertThat(list.problems())
                .extracting(WorkloadProblem::pointer)
                .containsExactlyInAnyOrder("/a/1", "/a/2/key");

        Block wrong = block("a", 1);
        assertThat(wrong.block("a", Set.of())).isNull();
        assertWrong(wrong, "/a", "'a' is '1'", "an object");
        Block noList = block("a", 1);
        assertThat(noList.blocks("a", Set.of())).isEmpty();
        assertWrong(noList, "/a", "'a' is '1'", "a list of objects");
    }

    private static List<WorkloadProblem> problems(Map<String, Object> binding) {
        Workload.Function function = new Workload.Function("test/step", "1.0.0", binding);
        Block block = Block.of(binding, "the kit block", Binding.KEYS);
        Binding.process(function, block, "kit");
        return block.problems();
    }

    @Test
    void readsAFunctionsProcess() {
        Map<String, Object> binding =
                Map.of(
                        "image", "tool:1",
                        "command", "/app",
                        "arguments", List.of("-x", 1),
                        "environment", Map.of("LEVEL", "info"),
                        "pullPolicy", "always");
        Workload.Function function = new Workload.Function("test/step", "1.0.0", binding);

        Workload.Process process =
                Binding.process(function, Block.of(binding, "the kit block", Binding.KEYS), "kit");

        assertThat(problems(binding)).isEmpty();
        assertThat(process)
                .isEqualTo(
                        new Workload.Process(
                                "test/step",
                                "tool:1",
                                List.of("/app"),
                                List.of("-x", "1"),
                                Map.of("LEVEL", "info"),
                                null,
                                Workload.PullPolicy.ALWAYS,
                                Workload.Result.FUNCTION,
                                Workload.Retention.REMOVE));
    }

    @Test
    void missesTheImage() {
        assertThat(problems(Map.of()))
                .extracting(WorkloadProblem::pointer, WorkloadProblem::suggestion)
                .containsExactly(tuple("", "add runtime.kit.image"));
        assertThat(problems(Map.of("image", "")))
                .extracting(WorkloadProblem::pointer)
                .containsExactly("/image");
        // One mistake is one problem.
        assertThat(problems(Map.of("imgae", "x")))
                .extracting(WorkloadProblem::pointer)
                .containsExactly("/imgae");
    }

    @Test
    void knowsItsKeys() {
        assertThat(new TreeSet<>(Binding.KEYS))
                .containsExactly("arguments", "command", "environment", "image", "pullPolicy");
    }
}
