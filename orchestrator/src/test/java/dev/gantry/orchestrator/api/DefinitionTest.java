package dev.gantry.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.security.Permission;
import org.junit.jupiter.api.Test;

class DefinitionTest extends ApiTest {
    private Answer publish(String document) {
        return publish(DEV_KEY, document);
    }

    private Answer publish(String key, String document) {
        return send(
                as(key, request("/v1/definitions"))
                        .header("Content-Type", "application/yaml")
                        .POST(json(document)));
    }

    @Test
    void publishesOnceAndForAll() {
        Answer first = publish("workflow shop order 1.0.0");
        Answer same = publish("workflow shop order 1.0.0");
        Answer other = publish("workflow shop order 1.0.0 changed");

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Location")).isEqualTo("/v1/definitions/shop/order/1.0.0");
        assertThat(first.json().get("kind").asText()).isEqualTo("workflow");
        assertThat(first.json().get("publishedBy").asText()).isEqualTo("user:dev");
        assertThat(first.json().get("digest").asText()).startsWith("sha256:");
        assertThat(same.status()).isEqualTo(200);
        assertThat(same.json()).isEqualTo(first.json());
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.code()).isEqualTo("DEFINITION_CONFLICT");
        assertThat(other.detail())
                .startsWith("workflow shop/order:1.0.0 has been published with other content")
                .endsWith("publish under a new one.");
    }

    @Test
    void saysEverythingThatIsWrong() {
        Answer published = publish("nonsense");
        Answer validated =
                send(
                        as(DEV_KEY, request("/v1/definitions:validate"))
                                .header("Content-Type", "application/json")
                                .POST(json("nonsense")));

        assertThat(published.status()).isEqualTo(422);
        assertThat(published.code()).isEqualTo("DEFINITION_INVALID");
        assertThat(published.detail())
                .isEqualTo(
                        "The document has 1 problem; nothing was published. The first: unknown"
                                + " property 'x'");
        assertThat(validated.status()).isEqualTo(200);
        assertThat(validated.json().get("valid").asBoolean()).isFalse();
        for (JsonNode problem :
                new JsonNode[] {
                    published.json().at("/errors/0"), validated.json().at("/problems/0")
                }) {
            assertThat(problem.get("code").asText()).isEqualTo("unknown-property");
            assertThat(problem.get("pointer").asText()).isEqualTo("/do/0/x");
            assertThat(problem.get("line").asInt()).isEqualTo(3);
            assertThat(problem.get("suggestion").asText()).isEqualTo("'y'");
        }
    }

    @Test
    void explainsAndDraws() {
        publish("workflow shop drawn 1.0.0");
        String path = "/v1/definitions/shop/drawn/latest/";

        Answer explained = get(path + "explain");
        Answer drawn = get(path + "graph");
        Answer json =
                send(as(DEV_KEY, request(path + "graph")).header("Accept", "application/json"));

        assertThat(explained.header("Content-Type")).startsWith("text/markdown");
        assertThat(drawn.header("Content-Type")).startsWith("text/vnd.mermaid");
        assertThat(drawn.body()).startsWith("flowchart TD");
        assertThat(json.json().get("nodes").get(0).get("id").asText()).isEqualTo("start");
        assertThat(get("/v1/definitions/shop/none/1.0.0/graph").code())
                .isEqualTo("DEFINITION_NOT_FOUND");
        assertThat(get("/v1/executions/00000000-0000-7000-8000-000000000000/graph").code())
                .isEqualTo("EXECUTION_NOT_FOUND");
    }

    @Test
    void validatesWithoutPublishing() {
        Answer answer =
                send(
                        as(DEV_KEY, request("/v1/definitions:validate"))
                                .header("Content-Type", "text/yaml")
                                .POST(json("function shop pack 1.0.0")));

        assertThat(answer.json().get("valid").asBoolean()).isTrue();
        assertThat(answer.json().at("/definition/name").asText()).isEqualTo("pack");
        assertThat(get("/v1/definitions/shop/pack/1.0.0").code()).isEqualTo("DEFINITION_NOT_FOUND");
    }

    @Test
    void givesADocumentBackAsItWasWritten() {
        publish("workflow text exact 1.0.0 # ä");

        Answer yaml =
                send(
                        as(DEV_KEY, request("/v1/definitions/text/exact/1.0.0"))
                                .header("Accept", "application/yaml"));

        assertThat(yaml.body()).isEqualTo("workflow text exact 1.0.0 # ä");
        assertThat(yaml.header("Content-Type")).isEqualTo("application/yaml");
        assertThat(get("/v1/definitions/text/exact/1.0.0").json().get("source").asText())
                .isEqualTo(yaml.body());
    }

    @Test
    void knowsVersionsAndTheLatestThatIsEnabled() {
        publish("workflow versions many 1.0.0");
        publish("workflow versions many 2.0.0");

        Answer disabled = post("/v1/definitions/versions/many/2.0.0:disable", null);
        JsonNode versions = get("/v1/definitions/versions/many").json().get("items");
        Answer latest = get("/v1/definitions/versions/many/latest");
        Answer enabled = post("/v1/definitions/versions/many/2.0.0:enable", null);

        assertThat(disabled.json().get("enabled").asBoolean()).isFalse();
        assertThat(versions).hasSize(2);
        assertThat(versions.at("/0/version").asText()).isEqualTo("2.0.0");
        assertThat(versions.at("/0").has("source")).isFalse();
        assertThat(latest.json().get("version").asText()).isEqualTo("1.0.0");
        assertThat(enabled.json().get("enabled").asBoolean()).isTrue();
        assertThat(get("/v1/definitions/versions/many/latest").json().get("version").asText())
                .isEqualTo("2.0.0");
    }

    @Test
    void asksWhichKindWhereANameIsOfBoth() {
        publish("workflow both same 1.0.0");
        publish("function both same 1.0.0");

        Answer unclear = get("/v1/definitions/both/same/1.0.0");

        assertThat(unclear.status()).isEqualTo(400);
        assertThat(unclear.detail())
                .isEqualTo(
                        "There is a workflow and a function for definition both/same:1.0.0; say"
                                + " which with ?kind=workflow or ?kind=function.");
        assertThat(get("/v1/definitions/both/same/1.0.0?kind=function").json().get("kind").asText())
                .isEqualTo("function");
    }

    @Test
    void takesAVersionAway() {
        publish("workflow gone soon 1.0.0");

        Answer deleted = send(as(DEV_KEY, request("/v1/definitions/gone/soon/1.0.0").DELETE()));

        assertThat(deleted.status()).isEqualTo(204);
        assertThat(get("/v1/definitions/gone/soon/1.0.0").status()).isEqualTo(404);
        assertThat(get("/v1/definitions/gone/soon").status()).isEqualTo(404);
    }

    @Test
    void tellsWhoDidWhatEvenToWhatIsGone() {
        String author = keys.issue("default", Permission.AUTHOR, Permission.READ);
        publish("workflow trace one 1.0.0");
        send(as(author, request("/v1/definitions/trace/one/1.0.0:disable")).POST(json("")));
        send(as(author, request("/v1/definitions/trace/one/1.0.0")).DELETE());

        Answer history = get("/v1/definitions/trace/one/history");
        Answer page = get("/v1/definitions/trace/one/history?kind=workflow&limit=2");
        JsonNode rest =
                get("/v1/definitions/trace/one/history?after=" + page.json().get("next").asText())
                        .json();

        assertThat(history.status()).isEqualTo(200);
        assertThat(history.json().at("/items/0/action").asText()).isEqualTo("deleted");
        assertThat(history.json().at("/items/0/by").asText()).isEqualTo("client:test");
        assertThat(history.json().at("/items/1/action").asText()).isEqualTo("disabled");
        assertThat(history.json().at("/items/2/action").asText()).isEqualTo("published");
        assertThat(history.json().at("/items/2/version").asText()).isEqualTo("1.0.0");
        assertThat(page.json().get("items")).hasSize(2);
        assertThat(rest.at("/items/0/action").asText()).isEqualTo("published");
        assertThat(rest.has("next")).isFalse();
    }

    @Test
    void refusesToTellOfWhatNeverWas() {
        String other = keys.issue("other", Permission.values());
        publish("workflow trace two 1.0.0");

        assertThat(get("/v1/definitions/trace/none/history").code())
                .isEqualTo("DEFINITION_NOT_FOUND");
        assertThat(send(as(other, request("/v1/definitions/trace/two/history"))).status())
                .isEqualTo(404);
        assertThat(get("/v1/definitions/trace/two/history?after=x").code())
                .isEqualTo("CURSOR_INVALID");
    }

    @Test
    void pagesThroughNames() {
        String key = keys.issue("names", Permission.values());
        for (int i = 0; i < 3; i++) {
            publish(key, "workflow a n" + i + " 1.0.0");
        }

        JsonNode first = send(as(key, request("/v1/definitions?limit=2"))).json();
        JsonNode second =
                send(as(
                                key,
                                request(
                                        "/v1/definitions?limit=2&after="
                                                + first.get("next").asText())))
                        .json();

        assertThat(first.get("items")).hasSize(2);
        assertThat(second.at("/items/0/name").asText()).isEqualTo("n2");
        assertThat(second.has("next")).isFalse();
    }

    @Test
    void asksForADocument() {
        Answer none =
                send(
                        as(DEV_KEY, request("/v1/definitions"))
                                .header("Content-Type", "application/yaml")
                                .POST(json("")));
        Answer other =
                send(
                        as(DEV_KEY, request("/v1/definitions"))
                                .header("Content-Type", "application/xml")
                                .POST(json("<a/>")));
        Answer large = publish("x".repeat(1024 * 1024 + 1));

        assertThat(none.code()).isEqualTo("BODY_INVALID");
        assertThat(other.status()).isEqualTo(415);
        assertThat(other.header("Accept")).contains("application/yaml");
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.detail()).contains("1048576");
    }
}
