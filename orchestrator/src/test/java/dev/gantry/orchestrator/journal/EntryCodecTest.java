package dev.gantry.orchestrator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.StepResult;
import dev.gantry.orchestrator.id.Extent;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from the journal is what was written. */
class EntryCodecTest {
    private final EntryCodec codec = new EntryCodec();
    private final Map<String, byte[]> blobs = new TreeMap<>();

    private static JsonNode json(String text) throws IOException {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] write(List<Event> events) {
        return codec.write(
                events, (digest, json) -> blobs.put(HexFormat.of().formatHex(digest), json));
    }

    private List<Event> read(byte[] bytes) {
        return codec.readEvents(
                bytes,
                digest -> Objects.requireNonNull(blobs.get(HexFormat.of().formatHex(digest))));
    }

    private JsonNode roundTrip(JsonNode value) {
        Event read = read(write(List.of(new Event.EventEmitted(1, value)))).getFirst();
        return ((Event.EventEmitted) read).event();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.10",
                "0.1",
                "100.000",
                "12345678901234567890.123456789",
                "9007199254740993",
                "9007199254740993.5",
                "123456789012345678901234567890",
                "1E+400",
                "{\"a\":[1.50,null,true,\"x\"]}",
            })
    void keepsEveryDigit(String text) throws IOException {
        assertThat(roundTrip(json(text)).toString()).isEqualTo(json(text).toString());
        assertThat(json(text).toString()).isEqualTo(text);
    }

    @Test
    void refusesNumbersThatWouldTakeMemoryWithoutBound() {
        assertThatThrownBy(() -> json("[1E1000000000]"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exponent above 1000");
    }

    @Test
    void movesLargeValuesOutAndBringsThemBack() throws IOException {
        JsonNode large = JsonNodeFactory.instance.textNode("x".repeat(40_000));
        byte[] entry = write(List.of(new Event.EventEmitted(1, large)));

        assertThat(entry).hasSizeLessThan(300);
        assertThat(blobs).hasSize(1);
        assertThat(((Event.EventEmitted) read(entry).getFirst()).event()).isEqualTo(large);
        assertThat(roundTrip(json("[%s]".formatted("1,".repeat(20_000) + "1.10"))).get(20_000))
                .hasToString("1.10");
    }

    /** With room for what requests, events and lists have around them. */
    @Test
    void keepsTheDeepestData() throws IOException {
        int levels = Extent.MAX_DEPTH + 10;
        JsonNode deep = json("[".repeat(levels) + "]".repeat(levels));
        JsonNode looksLikeAReference = json("{\"$blob\":%s}".formatted(deep));
        JsonNode large = json("[%s,\"%s\"]".formatted(deep, "x".repeat(40_000)));

        for (JsonNode value : List.of(deep, looksLikeAReference, large)) {
            assertThat(roundTrip(value)).isEqualTo(value);
            StepResult result = new StepResult.Succeeded(value, null);
            assertThat(read(write(List.of(new Event.StepEnded(1, 1, result, true)))))
                    .containsExactly(new Event.StepEnded(1, 1, result, true));
        }
    }

    @Test
    void doesNotTakeDataForAReference() throws IOException {
        JsonNode looksLikeOne = json("{\"$blob\":\"AAAA\",\"other\":[{\"$blob\":null}]}");
        assertThat(roundTrip(looksLikeOne)).isEqualTo(looksLikeOne);
        assertThat(roundTrip(json("{\"$blob\":null,\"value\":1}")))
                .isEqualTo(json("{\"$blob\":null,\"value\":1}"));
        assertThat(blobs).isEmpty();
    }

    @Test
    void tellsNullFromNothing() {
        List<Event> events =
                read(
                        write(
                                List.of(
                                        new Event.ExecutionCompleted(null),
                                        new Event.ExecutionCompleted(
                                                JsonNodeFactory.instance.nullNode()))));
        assertThat(((Event.ExecutionCompleted) events.getFirst()).output()).isNull();
        assertThat(((Event.ExecutionCompleted) events.getLast()).output())
                .isEqualTo(JsonNodeFactory.instance.nullNode());
    }

    /** Entries as earlier versions wrote them: what was added since has a default. */
    @Test
    void readsWhatEarlierVersionsWrote() {
        List<Event> events =
                read(
                        """
                        [{"type":"ExecutionStarted","tenant":"acme","definition":{"kind":"WORKFLOW",
                          "namespace":"shop","name":"order","version":"1.0.0"},"input":{},
                          "correlationId":"c","initiator":"user:ann",
                          "deadline":"2026-01-01T00:00:00Z","parentFrame":0},
                         {"type":"TaskFaulted","frame":1,"mayHaveCommitted":false,
                          "error":{"type":"https://e.org/x","status":500,"instance":"/do/0/x"}},
                         {"type":"StepScheduled","frame":1,"attempt":1,"adapter":"docker"}]
                        """
                                .getBytes(StandardCharsets.UTF_8));

        assertThat(((Event.ExecutionStarted) events.getFirst()).chain()).isZero();
        assertThat(((Event.TaskFaulted) events.get(1)).error().mayPass()).isTrue();
        assertThat(new String(write(events), StandardCharsets.UTF_8))
                .doesNotContain("chain")
                .doesNotContain("final");
    }

    @Test
    void readsUsagesThatEarlierVersionsWrote() {
        List<Event> events =
                read(
                        """
                        [{"type":"StepEnded","frame":1,"attempt":1,"released":true,"result":
                          {"type":"Succeeded","output":{},
                           "usage":{"wallMillis":5,"cpuMillis":null,"peakMemoryBytes":null}}},
                         {"type":"StepEnded","frame":1,"attempt":1,"released":true,"result":
                          {"type":"Cancelled"}}]
                        """
                                .getBytes(StandardCharsets.UTF_8));

        assertThat(((Event.StepEnded) events.getFirst()).result().usage())
                .isEqualTo(Outcome.Usage.wall(5L));
        assertThat(((Event.StepEnded) events.getLast()).result().usage()).isNull();
    }

    @Test
    void writesWhereControlGoesAsANumber() {
        for (Map.Entry<Integer, Directive> number :
                Map.of(
                                -1, Directive.EXIT,
                                -2, Directive.END,
                                -3, Directive.CONTINUE,
                                7, new Directive.GoTo(7))
                        .entrySet()) {
            List<Event> events =
                    read(
                            """
                            [{"type":"TaskCompleted","frame":1,"next":%d}]
                            """
                                    .formatted(number.getKey())
                                    .getBytes(StandardCharsets.UTF_8));

            assertThat(((Event.TaskCompleted) events.getFirst()).next())
                    .isEqualTo(number.getValue());
            assertThat(new String(write(events), StandardCharsets.UTF_8))
                    .contains("\"next\":" + number.getKey());
        }
    }

    /** Who failed stood in the code's beginning. */
    @Test
    void readsFailuresThatEarlierVersionsWrote() {
        String entry =
                """
                [{"type":"StepEnded","frame":1,"attempt":1,"released":true,"result":{"type":"Failed",
                  "failure":{"code":"%s","message":"no","actor":"AUTHOR","retryable":false,
                   "progress":"ENDED"}}}]
                """;

        assertThat(failure(entry.formatted("HTTP_404")))
                .isEqualTo(failure("HTTP_404", Failure.By.SERVICE, 404));
        assertThat(failure(entry.formatted("HTTP_INVALID_ANSWER")))
                .isEqualTo(failure("HTTP_INVALID_ANSWER", Failure.By.SERVICE, null));
        assertThat(failure(entry.formatted("GRPC_NOT_FOUND")))
                .isEqualTo(failure("GRPC_NOT_FOUND", Failure.By.SERVICE, null));
        assertThat(failure(entry.formatted("EXIT_NONZERO")))
                .isEqualTo(failure("EXIT_NONZERO", Failure.By.STEP, null));
    }

    @Test
    void keepsWhoFailed() {
        for (Failure failure :
                List.of(
                        failure("HTTP_404", Failure.By.SERVICE, 404),
                        failure("HTTP_404", Failure.By.STEP, null))) {
            Event.StepEnded event =
                    new Event.StepEnded(1, 1, new StepResult.Failed(failure, null, null), true);

            assertThat(read(write(List.of(event)))).containsExactly(event);
        }
    }

    private Failure failure(String entry) {
        Event.StepEnded ended =
                (Event.StepEnded) read(entry.getBytes(StandardCharsets.UTF_8)).getFirst();
        return ((StepResult.Failed) ended.result()).failure();
    }

    private static Failure failure(String code, Failure.By by, @Nullable Integer status) {
        return new Failure(
                code, "no", Failure.Actor.AUTHOR, false, Failure.Progress.ENDED, by, status);
    }

    @Test
    void keepsUsages() {
        Outcome.Usage usage =
                new Outcome.Usage(
                        5L, 4L, 3L, null, 2L, Map.of("billedMillis", 1L, "coldStarts", 0L));
        for (StepResult result :
                List.of(
                        new StepResult.Succeeded(JsonNodeFactory.instance.nullNode(), usage),
                        new StepResult.Cancelled(usage),
                        new StepResult.Cancelled())) {
            Event.StepEnded event = new Event.StepEnded(1, 1, result, true);

            assertThat(read(write(List.of(event)))).containsExactly(event);
        }
        assertThat(
                        new String(
                                write(
                                        List.of(
                                                new Event.StepEnded(
                                                        1,
                                                        1,
                                                        new StepResult.Cancelled(
                                                                Outcome.Usage.wall(5L)),
                                                        true))),
                                StandardCharsets.UTF_8))
                .contains("{\"type\":\"Cancelled\",\"usage\":{\"wallMillis\":5}}");
    }
}
