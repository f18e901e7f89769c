package dev.gantry.orchestrator.engine;

import static dev.gantry.orchestrator.engine.PlanBuilder.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.compile.Documents;
import dev.gantry.orchestrator.definition.plan.SecretException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an adapter is told to hide: what it gets of secrets, in the form in which it gets it. */
class HiddenTextsTest {
    private static final JsonNode LOGIN =
            JSON.objectNode().put("username", "ann").put("password", "pw-4711");

    private static Set<String> hidden(String task, Secrets secrets) {
        Play play =
                Play.of(
                        Documents.workflow(
                                """
                                document: {dsl: 1.0.3, namespace: test, name: hide, version: 1.0.0}
                                use: {secrets: [login, token]}
                                do: [{work: %s}]
                                """
                                        .formatted(task)));
        play.state.with(secrets);
        play.start(JSON.objectNode().put("user", "ann").put("city", "Ulm"));
        return play.running("work").hidden();
    }

    private static Set<String> hidden(String task) {
        return hidden(task, name -> name.equals("login") ? LOGIN : JSON.textNode("token-0123:45"));
    }

    private static String http(String with) {
        return "{call: http, with: {method: post, endpoint: \"https://example.com\", %s}}"
                .formatted(with);
    }

    @Test
    void areNoneWhereNoSecretIsAskedFor() {
        assertThat(hidden(http("body: {user: \"${ .user }\"}"))).isEmpty();
    }

    @Test
    void areTheTextsOfAllDeclaredSecrets() {
        assertThat(hidden(http("headers: {X-Key: \"${ $secrets.token }\"}")))
                .containsExactlyInAnyOrder("ann", "pw-4711", "token-0123:45");
    }

    @Test
    void areWhatExpressionsMakeOfThem() {
        assertThat(
                        hidden(
                                http(
                                        "headers: {A: \"${ $secrets.token | split(\\\":\\\")[0] | ascii_upcase }\"},"
                                                + " body: {city: \"${ .city }\", both: \"${ {city, pin: ($secrets.token[6:10] | tonumber)} }\"}")))
                .containsExactlyInAnyOrder("ann", "pw-4711", "token-0123:45", "TOKEN-0123", "123");
    }

    @Test
    void areWhatOnlyTheRealSecretCanBeMadeInto() {
        assertThat(
                        hidden(
                                http(
                                        "body: {n: \"${ $secrets.token | fromjson | .[1] }\", city: Ulm}"),
                                name -> JSON.textNode("[true, \"inner-key\"]")))
                .containsExactlyInAnyOrder("[true, \"inner-key\"]", "inner-key", "Ulm");
    }

    @Test
    void areTheCredentialsAsTheyAreSent() {
        Set<String> hidden =
                hidden(
                        "{call: http, with: {method: get, endpoint: {uri: \"https://example.com\","
                                + " authentication: {basic: {use: login}}}}}");

        assertThat(hidden).contains("pw-4711", "ann:pw-4711", "YW5uOnB3LTQ3MTE=");
    }

    @Test
    void areThoseOfTheInputThatHoldsThem() {
        assertThat(
                        hidden(
                                "{input: {from: \"{t: (\\\"x-\\\" + $secrets.token)}\"}, "
                                        + http("body: \"${ . }\"").substring(1)))
                .contains("x-token-0123:45");
    }

    @Test
    void areOfTheLookUpThatTheRequestIsMadeOf() {
        // Each look-up gives another value, as when it is changed just now.
        Iterator<String> values =
                List.of("first-value", "second-value", "third-value", "fourth-value", "5th-value")
                        .iterator();
        Secrets changing =
                name -> {
                    if (!name.equals("token")) {
                        return LOGIN;
                    }
                    return JSON.textNode(values.next());
                };
        Play play =
                Play.of(
                        Documents.workflow(
                                """
                                document: {dsl: 1.0.3, namespace: test, name: hide, version: 1.0.0}
                                use: {secrets: [token]}
                                do:
                                  - work: {call: http, with: {method: get, endpoint: "https://example.com", headers: {K: "${ $secrets.token }"}}}
                                """));
        play.state.with(changing);
        play.start(JSON.objectNode());

        Command.Ticket ticket = play.running("work");
        String given = ticket.input().path("headers").path("K").asText();
        assertThat(ticket.hidden()).contains(given);
        assertThat(given).endsWith("-value");
    }

    @Test
    void letNoAttemptBeginWhereTheyCannotBeHad() throws SecretException {
        Play play =
                Play.of(
                        Documents.workflow(
                                """
                                document: {dsl: 1.0.3, namespace: test, name: hide, version: 1.0.0}
                                use: {secrets: [token]}
                                do:
                                  - work: {run: {shell: {command: "true", environment: {K: "${ $secrets.token }"}}}}
                                """));
        play.state.with(name -> JSON.textNode("token-0123"));
        play.start(JSON.objectNode());
        ExecutionState again = play.replayed();

        // Nothing to hide by: what comes back of it must not be taken.
        Command.RunStep run = (Command.RunStep) Decider.recover(again).getFirst();
        assertThat(String.valueOf(run.ticket().credentials())).isEqualTo("null");
        assertThat(Arrays.asList(run.ticket().credentials())).doesNotContainNull();
    }
}
