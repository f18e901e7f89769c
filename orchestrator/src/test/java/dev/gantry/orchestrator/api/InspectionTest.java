package dev.gantry.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.security.Permission;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InspectionTest extends ApiTest {
    @Test
    void pagesThroughExecutions() {
        String tenantKey = keys.issue("paging", Permission.values());
        Set<String> started = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            started.add(
                    send(as(tenantKey, request("/v1/executions"))
                                    .header("Content-Type", "application/json")
                                    .POST(json(start("quick", "{}"))))
                            .json()
                            .get("id")
                            .asText());
        }

        Set<String> seen = new HashSet<>();
        String next = "";
        int pages = 0;
        while (next != null) {
            JsonNode page = send(as(tenantKey, request("/v1/executions?limit=2" + next))).json();
            page.get("items").forEach(item -> seen.add(item.get("id").asText()));
            next = page.has("next") ? "&after=" + page.get("next").asText() : null;
            pages++;
        }

        assertThat(pages).isEqualTo(3);
        assertThat(seen).isEqualTo(started);
    }

    @Test
    void handsOnEveryFilter() {
        get(
                "/v1/executions?definition=billing/charge:1.0.0&status=faulted&initiator=user:ann"
                        + "&correlationId=o-1&startedAfter=2026-01-01T00:00:00%2B01:00"
                        + "&startedBefore=2026-02-01T00:00:00Z");

        assertThat(executions.listedWith)
                .isEqualTo(
                        new Executions.Filter(
                                "billing/charge:1.0.0",
                                ExecutionStatus.FAULTED,
                                "user:ann",
                                "o-1",
                                Instant.parse("2025-12-31T23:00:00Z"),
                                Instant.parse("2026-02-01T00:00:00Z")));
    }

    @Test
    void showsHistoryAndSteps() {
        String id = slow();

        JsonNode event = get("/v1/executions/" + id + "/history").json().at("/items/0");
        JsonNode step = get("/v1/executions/" + id + "/steps").json().at("/items/0");

        assertThat(event.get("type").asText()).isEqualTo("ExecutionStarted");
        assertThat(event.at("/data/a").asInt()).isEqualTo(1);
        assertThat(event.has("task")).isFalse();
        assertThat(step.get("workload").asText()).isEqualTo("billing/charge:1.0.0");
        assertThat(step.at("/attempts/0/adapter").asText()).isEqualTo("local-mock");
        // What nobody measured is not there, and never 0.
        assertThat(step.at("/attempts/0/usage"))
                .hasToString(
                        "{\"wallMillis\":4200,\"cpuMillis\":2000,\"memoryLimitBytes\":67108864,\"units\":{\"billedMillis\":4300}}");
    }

    @Test
    void pagesSteps() {
        String steps = "/v1/executions/" + slow() + "/steps";

        JsonNode first = get(steps + "?limit=2").json();
        JsonNode second = get(steps + "?limit=2&after=" + first.get("next").asText()).json();
        JsonNode last = get(steps + "?limit=2&after=" + second.get("next").asText()).json();

        assertThat(first.get("items").findValuesAsText("step")).containsExactly("1", "2");
        assertThat(second.get("items").findValuesAsText("step")).containsExactly("3", "4");
        assertThat(last.get("items").findValuesAsText("step")).containsExactly("5");
        assertThat(last.has("next")).isFalse();
        assertThat(get(steps + "?limit=5").json().has("next")).isFalse();
        assertThat(get(steps + "?after=5").json().get("items")).isEmpty();
        for (String bad : new String[] {"?limit=0", "?limit=x", "?after=-1", "?after=x"}) {
            assertThat(get(steps + bad).status()).as(bad).isEqualTo(400);
        }
    }

    @Test
    void steersExecutions() {
        String id = slow();

        Answer suspended = post("/v1/executions/" + id + ":suspend", "{\"reason\": \"lunch\"}");
        Answer resumed = post("/v1/executions/" + id + ":resume", null);
        Answer retried = post("/v1/executions/" + id + ":retry", null);
        Answer decided =
                post(
                        "/v1/executions/" + id + ":decide",
                        "{\"step\": 1, \"decision\": \"accept\", \"output\": {\"ok\": true},"
                                + " \"reason\": \"seen\"}");
        Answer cancelled = post("/v1/executions/" + id + ":cancel", null);
        Answer again = post("/v1/executions/" + id + ":cancel", null);

        assertThat(suspended.json().get("status").asText()).isEqualTo("suspended");
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(retried.status()).isEqualTo(200);
        assertThat(decided.status()).isEqualTo(200);
        assertThat(cancelled.json().get("status").asText()).isEqualTo("cancelled");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("WRONG_STATUS");
        assertThat(executions.calls)
                .contains(
                        "suspend by user:dev: lunch",
                        "resume by user:dev",
                        "retry by user:dev",
                        "decide Accept[output={\"ok\":true}, reason=seen] by user:dev",
                        "cancel by user:dev: null");
    }

    @Test
    void asksForADecisionThatItKnows() {
        String id = slow();

        assertThat(post("/v1/executions/" + id + ":decide", "{\"decision\": \"fail\"}").detail())
                .isEqualTo(
                        "The body has no 'step'; expected is the number of the step to decide about.");
        assertThat(
                        post(
                                        "/v1/executions/" + id + ":decide",
                                        "{\"step\": 1, \"decision\": \"acept\"}")
                                .detail())
                .isEqualTo(
                        "The body at /decision is 'acept'; expected is one of rerun, accept, fail;"
                                + " did you mean 'accept'?");
        assertThat(
                        post(
                                        "/v1/executions/" + id + ":decide",
                                        "{\"step\": 9, \"decision\": \"rerun\"}")
                                .code())
                .isEqualTo("STEP_NOT_FOUND");
    }

    @Test
    void listsWhatWaitsForADecision() {
        slow();

        JsonNode letter = get("/v1/dead-letters?limit=1").json().at("/items/0");

        assertThat(letter.get("failureCode").asText()).isEqualTo("TIMEOUT");
        assertThat(letter.at("/definition/namespace").asText()).isEqualTo("billing");
    }

    @Test
    void listsWhatIsHeld() {
        slow();

        JsonNode lease = get("/v1/leases?state=release-failed&limit=1").json().at("/items/0");
        Answer unknown = get("/v1/leases?state=release_failed");
        Answer noId = get("/v1/leases?execution=x");

        assertThat(lease.get("adapter").asText()).isEqualTo("docker");
        assertThat(lease.get("state").asText()).isEqualTo("release-failed");
        assertThat(lease.get("reason").asText()).isEqualTo("BACKEND_UNAVAILABLE");
        assertThat(lease.get("initiator").asText()).isEqualTo("user:ann");
        assertThat(lease.at("/definition/namespace").asText()).isEqualTo("billing");
        assertThat(unknown.code()).isEqualTo("PARAMETER_INVALID");
        assertThat(unknown.detail()).contains("did you mean 'release-failed'?");
        assertThat(noId.detail()).contains("the id of an execution");
    }

    @Test
    void showsAdapters() {
        JsonNode all = get("/v1/adapters").json();
        JsonNode mock = get("/v1/adapters/local-mock").json();
        Answer unknown = get("/v1/adapters/dokcer");

        assertThat(all.at("/items/0/kind").asText()).isEqualTo("docker");
        assertThat(all.at("/items/0/status").asText()).isEqualTo("disconnected");
        assertThat(all.at("/items/0/detail").asText()).contains("no daemon");
        assertThat(mock.at("/capabilities/runtimeClasses").toString())
                .isEqualTo("[\"container\",\"faas\"]");
        assertThat(unknown.code()).isEqualTo("ADAPTER_NOT_FOUND");
        assertThat(unknown.detail())
                .isEqualTo("There is no adapter 'dokcer'; did you mean 'docker'?");
    }

    @Test
    void offersFilesForDownloadOnly() {
        String id = slow();

        JsonNode file = get("/v1/executions/" + id + "/steps/1/artifacts").json().at("/items/0");
        Answer content = get(file.get("href").asText());
        Answer unknown = get("/v1/executions/" + id + "/steps/1/artifacts/content?path=x");

        assertThat(content.body()).isEqualTo("a;b");
        assertThat(content.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(content.header("Content-Disposition"))
                .startsWith("attachment;")
                .contains("report.csv");
        assertThat(content.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(unknown.code()).isEqualTo("ARTIFACT_NOT_FOUND");
    }

    @Test
    void rebuildsWhatIsToldPageByPage() {
        JsonNode first = post("/v1/executions:rebuild?limit=7", "{}").json();
        JsonNode last = post("/v1/executions:rebuild?all=true&after=more", "{}").json();

        assertThat(first.path("rebuilt").asInt()).isEqualTo(7);
        assertThat(first.path("next").asText()).isEqualTo("more");
        assertThat(last.path("rebuilt").asInt()).isEqualTo(3);
        assertThat(last.path("failed")).hasSize(1);
        assertThat(last.has("next")).isFalse();
    }

    @Test
    void listsTheNodes() {
        JsonNode all = get("/v1/nodes").json().path("items");

        assertThat(all.findValuesAsText("name")).containsExactly("a", "b");
        assertThat(all.findValuesAsText("status")).containsExactly("alive", "silent");
        assertThat(all.findValuesAsText("self")).containsExactly("true", "false");
        assertThat(all.findValuesAsText("shards")).containsExactly("16", "0");
    }
}
