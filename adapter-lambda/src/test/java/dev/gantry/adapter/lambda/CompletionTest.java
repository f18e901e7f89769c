package dev.gantry.adapter.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.gantry.adapter.lambda.Completion.Kind;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two forms in which Lambda tells of events, and what is neither. */
class CompletionTest {
    private static String record(String condition, int runs, String response) {
        return """
        {"version": "1.0", "requestContext": {"requestId": "r1", "condition": "%s", "approximateInvokeCount": %d},
         "requestPayload": {"_gantry": {"token": "i/g-1#1"}, "n": 1}, %s}
        """
                .formatted(condition, runs, response);
    }

    private static Completion completion(String body) throws JsonProcessingException {
        return Objects.requireNonNull(Completion.of(body, Map.of()));
    }

    @Test
    void readsARecordOfADestination() throws Exception {
        Completion completion =
                completion(
                        record(
                                "Success",
                                1,
                                "\"responseContext\": {\"statusCode\": 200}, \"responsePayload\": {\"n\": 1}"));

        assertThat(completion.token()).isEqualTo("i/g-1#1");
        assertThat(completion.requestId()).isEqualTo("r1");
        assertThat(completion.kind()).isEqualTo(Kind.SUCCEEDED);
        Outcome.Succeeded outcome = (Outcome.Succeeded) completion.outcome(1_000, null);
        assertThat(new String(outcome.output(), UTF_8)).isEqualTo("{\"n\":1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RetriesExhausted | 1 | \"responseContext\": {\"functionError\": \"Unhandled\"}, \"responsePayload\": {\"errorType\": \"MyError\"} | ENDED",
                "RetriesExhausted | 1 | \"responseContext\": {\"functionError\": \"Unhandled\"}, \"responsePayload\": {\"errorType\": \"Sandbox.Timedout\"} | MAY_HAVE_COMMITTED",
                "RetriesExhausted | 1 | \"responsePayload\": null | MAY_HAVE_COMMITTED",
                "EventAgeExceeded | 0 | \"responsePayload\": null | NEVER_STARTED",
                "EventAgeExceeded | 1 | \"responsePayload\": null | MAY_HAVE_COMMITTED",
                "SomethingNew | 0 | \"responsePayload\": null | MAY_HAVE_COMMITTED"
            })
    void saysHowFarAnEventCame(String condition, int runs, String response, Progress progress)
            throws Exception {
        Outcome outcome = completion(record(condition, runs, response)).outcome(1_000, null);

        assertThat(((Outcome.Failed) outcome).failure().progress()).isEqualTo(progress);
    }

    @Test
    void readsAMessageOfADeadLetterQueue() throws Exception {
        Completion completion =
                Objects.requireNonNull(
                        Completion.of(
                                "{\"_gantry\": {\"token\": \"i/g-1#1\"}, \"n\": 1}",
                                Map.of(
                                        "RequestID",
                                        "r2",
                                        "ErrorCode",
                                        "200",
                                        "ErrorMessage",
                                        "no")));

        assertThat(completion.requestId()).isEqualTo("r2");
        Outcome.Failed failed = (Outcome.Failed) completion.outcome(1_000, null);
        assertThat(failed.failure().progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        assertThat(failed.failure().message()).contains("no");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}",
                "[]",
                "1",
                "{\"requestContext\": 1}",
                "{\"_gantry\": {\"token\": 1}}",
                "{\"_gantry\": {\"GANTRY_STEP\": \"1\"}}"
            })
    void takesNothingElseForOne(String body) throws Exception {
        assertThat(Completion.of(body, Map.of("RequestID", "r"))).isNull();
    }

    @Test
    void tellsWhereTheAttemptHasItsRecord() throws Exception {
        String event =
                """
                {"_gantry": {"token": "i/g0-3#2", "GANTRY_TENANT": "acme", "GANTRY_EXECUTION_ID": "018f",
                             "GANTRY_STEP": "3", "GANTRY_ATTEMPT": "2"}}
                """;
        Completion completion =
                Objects.requireNonNull(Completion.of(event, Map.of("RequestID", "r")));

        assertThat(completion.record()).isEqualTo("lambda/acme/018f/g0-3/3.2");
        assertThat(
                        Objects.requireNonNull(
                                        Completion.of(
                                                event.replace("acme", "../acme"),
                                                Map.of("RequestID", "r")))
                                .record())
                .isNull();
    }

    @Test
    void saysThatAMessageIsNotJson() {
        assertThatThrownBy(() -> Completion.of("{", Map.of()))
                .isInstanceOf(JsonProcessingException.class);
    }
}
