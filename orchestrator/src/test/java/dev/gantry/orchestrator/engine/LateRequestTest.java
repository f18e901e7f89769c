package dev.gantry.orchestrator.engine;

import static dev.gantry.orchestrator.engine.PlanBuilder.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.compile.Documents;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request that asks for a token which there is not yet. */
class LateRequestTest {
    private static final String TOKEN = "head.body-4711.sign";

    private static Play play(String with, String scheme) {
        Play play =
                Play.of(
                        Documents.workflow(
                                """
                                document: {dsl: 1.0.3, namespace: test, name: late, version: 1.0.0}
                                use: {secrets: [key]}
                                do:
                                  - work:
                                      call: http
                                      with:
                                        method: post
                                        endpoint: {uri: 'https://example.com', authentication: {%s: {authority: 'http://a', grant: client_credentials, client: {id: me, secret: s}}}}
                                        %s
                                """
                                        .formatted(scheme, with)));
        play.state.with(_ -> JSON.textNode("key-0123"));
        return play.start(JSON.objectNode().put("city", "Ulm"));
    }

    private static LateRequest late(Play play) {
        return Objects.requireNonNull(play.running("work").late());
    }

    @ParameterizedTest
    @CsvSource({"oauth2", "oidc"})
    void isWorkedOutWithTheToken(String scheme) throws Exception {
        Play play =
                play(
                        "body: {who: '${ $authorization }', city: '${ .city }', at: '${ $workflow.input.city }'}",
                        scheme);

        JsonNode body = late(play).make(TOKEN).request().path("body");

        assertThat(body.path("who"))
                .isEqualTo(JSON.objectNode().put("scheme", "Bearer").put("parameter", TOKEN));
        assertThat(body.path("city").asText()).isEqualTo("Ulm");
        assertThat(body.path("at").asText()).isEqualTo("Ulm");
    }

    @Test
    void leavesAMaskInTheJournalAndInTheInput() {
        Play play =
                play(
                        "headers: {h: '${ $authorization.parameter }'}\n        query: {city: '${ .city }'}",
                        "oauth2");

        Command.Ticket ticket = play.running("work");
        assertThat(ticket.input().path("headers")).isEqualTo(Requests.MASK);
        assertThat(ticket.input().path("query").path("city").asText()).isEqualTo("Ulm");
        assertThat(ticket.input().path("secret").asBoolean()).isTrue();
        assertThat(play.journal.toString()).contains("***").doesNotContain("Bearer");
    }

    @Test
    void isTheSameForWhoTakesTheExecutionUpAgain() throws Exception {
        Play play = play("body: '${ .city + $authorization.parameter }'", "oauth2");
        ExecutionState again = play.replayed();
        again.with(_ -> JSON.textNode("key-0123"));

        Command.RunStep run = (Command.RunStep) Decider.recover(again).getFirst();

        LateRequest late = Objects.requireNonNull(run.ticket().late());
        assertThat(late.make("t").request().path("body").asText()).isEqualTo("Ulmt");
    }

    @Test
    void hidesWhatExpressionsMakeOfTheToken() throws Exception {
        Play play =
                play(
                        "body: {city: '${ .city }', kind: '${ $authorization.scheme }', part: '${ $authorization.parameter | split(\".\")[1] }', both: '${ $secrets.key[4:] + $authorization.parameter[0:4] }'}",
                        "oauth2");

        LateRequest.Made made = late(play).make(TOKEN);

        assertThat(made.request().path("body").path("both").asText()).isEqualTo("0123head");
        assertThat(made.hidden()).containsExactlyInAnyOrder(TOKEN, "body-4711", "0123head");
    }

    @Test
    void hidesWhatOnlyARealTokenCanBeMadeInto() throws Exception {
        Play play =
                play(
                        "body: {sub: '${ $authorization.parameter | @base64d | fromjson | .sub }'}",
                        "oauth2");
        String token = "eyJzdWIiOiJhbm4tNDcxMSJ9"; // {"sub":"ann-4711"}

        LateRequest.Made made = late(play).make(token);

        assertThat(made.request().path("body").path("sub").asText()).isEqualTo("ann-4711");
        assertThat(made.hidden()).contains(token, "ann-4711");
    }

    @Test
    void doesNotShowWhyItCannotBeWorkedOut() {
        LateRequest late = late(play("body: '${ $authorization.parameter + 1 }'", "oauth2"));

        assertThatThrownBy(() -> late.make(TOKEN))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("not shown")
                .hasMessageNotContaining("4711");
    }

    @Test
    void isNoneWhereTheTokenIsNotAskedFor() {
        assertThat(play("body: '${ .city }'", "oauth2").running("work").late()).isNull();
    }
}
