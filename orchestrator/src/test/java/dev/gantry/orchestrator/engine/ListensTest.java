package dev.gantry.orchestrator.engine;

import static dev.gantry.orchestrator.engine.PlanBuilder.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.compile.Documents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Emit and listen, from their documents. */
class ListensTest {
    private long position;

    private static Play play(String tasks) {
        return Play.of(
                Documents.workflow(
                        """
                        document: {dsl: 1.0.3, namespace: test, name: events, version: 1.0.0}
                        do:
                        """
                                + tasks.indent(2)));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private Play send(Play play, String type, String data) {
        return deliver(play, ++position, type, data);
    }

    private static Play deliver(Play play, long position, String type, String data) {
        return play.send(
                new Message.EventArrived(
                        position,
                        json(
                                "{'specversion':'1.0','id':'%d','source':'/test','type':'%s','data':%s}"
                                        .formatted(position, type, data))));
    }

    @Test
    void emitsAnEventThatSaysWhereItComesFrom() {
        Play play =
                play("""
                - tell:
                    emit: {event: {with: {type: order.placed, data: {total: "${ .total }"}}}}
                """)
                        .start(json("{'total': 12}"));

        JsonNode event = play.state.output();
        assertThat(event).isNotNull();
        assertThat(event.path("type").asText()).isEqualTo("order.placed");
        assertThat(event.path("source").asText()).isEqualTo("/test/events/1.0.0");
        assertThat(event.path("specversion").asText()).isEqualTo("1.0");
        assertThat(event.path("time").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(event.path("data")).isEqualTo(json("{'total':12}"));
        assertThat(event.path("id").asText()).startsWith(play.state.id.toString());
    }

    @Test
    void faultsWhenAnEventLacksWhatEveryEventHas() {
        Play play =
                play("- tell: {emit: {event: {with: {type: \"${ .kind }\"}}}}\n").start(json("{}"));

        assertThat(play.state.error()).isNotNull();
        assertThat(play.state.error().code()).isEqualTo("EVENT_INVALID");
        assertThat(play.state.error().detail()).contains("'type' is null");
    }

    @Test
    void takesTheFirstEventThatFits() {
        Play play =
                play("""
                - hear:
                    listen:
                      to: {one: {with: {type: temperature, data: "${ .value > 38 }"}}}
                """)
                        .start();

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
        send(play, "humidity", "{'value': 99}");
        send(play, "temperature", "{'value': 37}");
        send(play, "temperature", "'not a number'");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);

        send(play, "temperature", "{'value': 39}");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(play.state.output()).isEqualTo(json("[{'value': 39}]"));
    }

    @ParameterizedTest
    @CsvSource({
        "data, [{\"n\":1}]",
        "raw, [\"{\\\"n\\\":1}\"]",
    })
    void readsWhatIsAskedFor(String read, String output) throws JsonProcessingException {
        Play play =
                play("""
                - hear: {listen: {to: {any: []}, read: %s}}
                """
                                .formatted(read))
                        .start();
        send(play, "tick", "{'n': 1}");
        assertThat(play.state.output()).isEqualTo(new ObjectMapper().readTree(output));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'application/json'          | eyJhIjoxLjEwfQ==     | {\"a\":1.10}",
                "'application/vnd.x+json'    | WzFd                 | [1]",
                "'application/json'          | ''                   | null",
                "'text/plain'                | aMO8                 | \"hü\"",
                "'text/csv;charset=latin1'   | aPw=                 | \"hü\"",
                "'application/xml'           | PGEvPg==             | \"<a/>\"",
                "'application/octet-stream'  | AP8=                 | \"AP8=\"",
                "                            | eyJhIjoxfQ==         | \"eyJhIjoxfQ==\"",
            })
    void readsDataHoweverTheyWereSent(@Nullable String type, String base64, String read)
            throws JsonProcessingException {
        ObjectNode event = (ObjectNode) json("{'id':'1','source':'/s','type':'t'}");
        event.put("data_base64", base64);
        if (type != null) {
            event.put("datacontenttype", type);
        }
        String kept = event.toString();
        for (String as : List.of("data", "raw", "envelope")) {
            Play play = play("- hear: {listen: {to: {any: []}, read: %s}}\n".formatted(as)).start();
            play.send(new Message.EventArrived(++position, event));
            assertThat(String.valueOf(play.state.output()))
                    .isEqualTo(
                            "[%s]"
                                    .formatted(
                                            switch (as) {
                                                case "data" -> read;
                                                case "raw" -> JSON.textNode(base64).toString();
                                                default -> kept;
                                            }));
        }
    }

    @Test
    void filtersAndCorrelatesByDataHoweverTheyWereSent() {
        Play play =
                play("""
                - hear:
                    listen:
                      to:
                        one:
                          with: {type: paid, data: {order: a.*}}
                          correlate: {order: {from: .data.order, expect: "${ .order }"}}
                """)
                        .start(json("{'order': 'a1'}"));
        for (String order : List.of("b1", "a2", "a1")) {
            assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
            String data = "{\"order\": \"%s\"}".formatted(order);
            String base64 =
                    Base64.getEncoder().encodeToString(data.getBytes(StandardCharsets.UTF_8));
            play.send(
                    new Message.EventArrived(
                            ++position,
                            json(
                                    "{'id':'1','source':'/s','type':'paid','datacontenttype':'application/json','data_base64':'%s'}"
                                            .formatted(base64))));
        }
        assertThat(play.state.output()).isEqualTo(json("[{'order': 'a1'}]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data_base64: 'no base64!' | no text in base64",
                "data_base64: 'YQ==x' | no text in base64",
                "data_base64: \"${ 7 }\" | no text in base64",
                "datacontenttype: application/json, data_base64: YQ== | is no JSON",
                "datacontenttype: text/plain, data_base64: /w== | cannot be read as UTF-8",
            })
    void emitsNoDataThatNobodyCouldRead(String data, String said) {
        Play play =
                play("- tell: {emit: {event: {with: {type: t, %s}}}}\n".formatted(data)).start();
        assertThat(play.state.error()).isNotNull();
        assertThat(play.state.error().code()).isEqualTo("EVENT_INVALID");
        assertThat(play.state.error().detail()).contains("data_base64").contains(said);
    }

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String OTHER = "00-11111111111111111111111111111111-2222222222222222-01";

    private static final String HEARS_AND_TELLS =
            """
            - hear: {listen: {to: {one: {with: {type: t}}}}}
            - tell: {emit: {event: {with: {type: u}}}}
            """;

    private Play hearAndTell(@Nullable String own, String traceparent) {
        Play play = play(HEARS_AND_TELLS).startWithin(own);
        play.send(
                new Message.EventArrived(
                        ++position,
                        json(
                                "{'id':'1','source':'/s','type':'t','traceparent':'%s'}"
                                        .formatted(traceparent))));
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.COMPLETED);
        return play;
    }

    private static String told(Play play) {
        assertThat(play.state.output()).isNotNull();
        return play.state.output().path("traceparent").asText("none");
    }

    @Test
    void goesOnInTheTraceOfTheEventThatWakesIt() {
        Play play = hearAndTell(null, TRACE);

        assertThat(told(play)).isEqualTo(TRACE);
        assertThat(play.state.started().traceparent()).isEqualTo(TRACE);
        assertThat(play.replayed().started().traceparent()).isEqualTo(TRACE);
        assertThat(told(hearAndTell(null, "no trace at all"))).isEqualTo("none");
    }

    @Test
    void staysInItsOwnTrace() {
        assertThat(told(hearAndTell(OTHER, TRACE))).isEqualTo(OTHER);
        Play given =
                play("- tell: {emit: {event: {with: {type: u, traceparent: '%s'}}}}\n"
                                .formatted(TRACE))
                        .startWithin(OTHER);
        assertThat(told(given)).isEqualTo(TRACE);
    }

    @Test
    void readsTheEnvelope() {
        Play play = play("- hear: {listen: {to: {any: []}, read: envelope}}\n").start();
        send(play, "tick", "{'n': 1}");
        assertThat(play.state.output()).isNotNull();
        assertThat(play.state.output().path(0).path("type").asText()).isEqualTo("tick");
    }

    @Test
    void waitsForOneEventOfEachFilter() {
        Play play =
                play("""
                - hear:
                    listen:
                      to:
                        all:
                          - {with: {type: paid}}
                          - {with: {type: packed}}
                """)
                        .start();

        send(play, "packed", "1");
        send(play, "packed", "2");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
        send(play, "paid", "3");
        assertThat(play.state.output()).isEqualTo(json("[1, 3]"));
    }

    @Test
    void takesEventsUntilAnExpressionIsTrue() {
        Play play =
                play("""
                - hear:
                    listen: {to: {any: [], until: "( . | length ) >= 3"}}
                """)
                        .start();

        send(play, "a", "1");
        send(play, "b", "2");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
        send(play, "c", "3");
        assertThat(play.state.output()).isEqualTo(json("[1, 2, 3]"));
    }

    @Test
    void takesEventsUntilAnotherComesWhichIsNotPartOfTheOutput() {
        Play play =
                play("""
                - hear:
                    listen:
                      to:
                        any: [{with: {type: bid}}]
                        until: {one: {with: {type: closed}}}
                """)
                        .start();

        send(play, "bid", "10");
        send(play, "bid", "12");
        send(play, "closed", "99");
        send(play, "bid", "14");
        assertThat(play.state.output()).isEqualTo(json("[10, 12]"));
    }

    @Test
    void takesOnlyEventsWithTheExpectedCorrelation() {
        Play play =
                play("""
                - hear:
                    listen:
                      to:
                        one:
                          with: {type: paid}
                          correlate:
                            order: {from: .data.order, expect: "${ .order }"}
                """)
                        .start(json("{'order': 42}"));

        send(play, "paid", "{'order': 41}");
        send(play, "paid", "{}");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
        assertThat(play.state.listeners())
                .extracting(ExecutionState.Listener::correlation)
                .containsExactly("{order=42}");
        send(play, "paid", "{'order': 42.0}");
        assertThat(play.state.output()).isEqualTo(json("[{'order': 42.0}]"));
    }

    @Test
    void letsTheFirstEventSayWhatTheOthersMustBe() {
        Play play =
                play("""
                - hear:
                    listen:
                      to:
                        all:
                          - with: {type: temperature}
                            correlate: {room: {from: .data.room}}
                          - with: {type: humidity}
                            correlate: {room: {from: .data.room}}
                """)
                        .start();

        send(play, "temperature", "{'room': 'attic'}");
        send(play, "humidity", "{'room': 'cellar'}");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
        send(play, "humidity", "{'room': 'attic'}");
        assertThat(play.state.output()).isEqualTo(json("[{'room': 'attic'}, {'room': 'attic'}]"));
    }

    @Test
    void worksOnEachEventInTurn() {
        Play play =
                play("""
                - hear:
                    listen: {to: {any: [], until: "length == 2"}}
                    foreach:
                      item: order
                      at: i
                      do:
                        - nap: {wait: {seconds: 5}}
                        - note: {set: {n: "${ $order.n }", i: "${ $i }"}}
                      output: {as: "[.n, .i]"}
                      export: {as: "{seen: (($context.seen // 0) + 1)}"}
                """)
                        .start();

        send(play, "order", "{'n': 7}");
        send(play, "order", "{'n': 8}");
        assertThat(play.types()).filteredOn("WaitStarted"::equals).hasSize(1);
        play.pass(Duration.ofSeconds(5));
        assertThat(play.types()).filteredOn("WaitStarted"::equals).hasSize(2);
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
        play.pass(Duration.ofSeconds(5));

        assertThat(play.state.output()).isEqualTo(json("[[7, 0], [8, 1]]"));
        assertThat(play.state.context).isEqualTo(json("{'seen': 2}"));
    }

    @Test
    void takesNoEventTwice() {
        Play play =
                play("""
                - hear: {listen: {to: {one: {with: {type: tick}}}}, output: {as: ".[0]"}}
                - again: {switch: [{more: {when: ". < 3", then: hear}}, {enough: {then: end}}]}
                """)
                        .start();

        deliver(play, 1, "tick", "1");
        deliver(play, 1, "tick", "1");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
        deliver(play, 3, "tick", "2");
        // What came before and was delivered late is another event.
        deliver(play, 2, "tick", "5");
        assertThat(play.state.output()).isEqualTo(JSON.numberNode(5));
    }

    @Test
    void takesEventsWhileItIsSuspendedAndGoesOnAfterwards() {
        Play play = play("- hear: {listen: {to: {one: {with: {type: tick}}}}}\n").start();
        play.send(new Message.Suspend("user:ann", null));
        send(play, "tick", "1");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.SUSPENDED);
        play.send(new Message.Resume("user:ann"));
        assertThat(play.state.output()).isEqualTo(json("[1]"));
    }

    @Test
    void stopsListeningAtItsTimeout() {
        Play play =
                play("""
                - hear:
                    listen: {to: {one: {with: {type: tick}}}}
                    timeout: {after: {days: 40}}
                """)
                        .start();

        play.pass(Duration.ofDays(29));
        assertThat(play.state.listeners()).hasSize(1);
        play.pass(Duration.ofDays(11));
        assertThat(play.state.error()).isNotNull();
        assertThat(play.state.error().status()).isEqualTo(408);
        assertThat(play.state.listeners()).isEmpty();
    }

    @Test
    void matchesRegularExpressionsAndNestedData() {
        Play play =
                play("""
                - hear:
                    listen:
                      to:
                        one:
                          with: {type: 'order\\..*', data: {customer: {tier: gold}}}
                """)
                        .start();

        assertThat(play.state.listeners())
                .extracting(ExecutionState.Listener::type)
                .isEqualTo(java.util.Collections.singletonList(null));
        send(play, "orders", "{'customer': {'tier': 'gold'}}");
        send(play, "order.placed", "{'customer': {'tier': 'silver'}}");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
        send(play, "order.placed", "{'customer': {'tier': 'gold', 'name': 'Ann'}}");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    void saysWhatIsWrongWithAnEventDocument() {
        assertThat(
                        Documents.problems(
                                """
                                document: {dsl: 1.0.3, namespace: test, name: events, version: 1.0.0}
                                do:
                                  - tell: {emit: {event: {with: {Source: x}}}}
                                  - hear: {listen: {to: {one: {with: {type: a}}, any: []}, reed: data}}
                                  - more: {listen: {to: {all: [{with: {}}]}}}
                                """))
                .containsExactlyInAnyOrder(
                        "missing-property /do/0/tell/emit/event/with",
                        "invalid-attribute /do/0/tell/emit/event/with/Source",
                        "unknown-property /do/1/hear/listen/reed",
                        "invalid-strategy /do/1/hear/listen/to",
                        "missing-property /do/2/more/listen/to/all/0/with");
    }
}
