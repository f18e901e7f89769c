package dev.gantry.acceptance.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.acceptance.Server;
import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the official kit has no words for: services, functions, events, and what happens later. */
public final class GantrySteps {
    private final World world = World.get();

    @Given("a function with definition:")
    public void function(String document) throws IOException, InterruptedException {
        world.publish(document);
    }

    /** Of all kinds in turn; the innermost sets data. */
    @Given("a workflow of {int} tasks within each other")
    public void nested(int tasks) throws IOException, InterruptedException {
        String[][] kinds = {
            {"{do: [{t: ", "}]}"},
            {"{try: [{t: ", "}], catch: {}}"},
            {"{for: {in: '[1]'}, do: [{t: ", "}]}"},
            {"{fork: {compete: true, branches: [{t: ", "}]}}"},
        };
        StringBuilder task = new StringBuilder("{set: {deepest: true}}");
        for (int i = 1; i < tasks; i++) {
            String[] kind = kinds[i % kinds.length];
            task.insert(0, kind[0]).append(kind[1]);
        }
        world.scenario.definition =
                world.publish(
                        "document: {dsl: '1.0.3', namespace: gantry, name: nested, version: '1.0.0'}\ndo: [{t: %s}]\n"
                                .formatted(task));
    }

    @Given("a service that answers {word} {word} with {int}:")
    public void service(String method, String path, int status, String body) {
        world.services.answers(method, path, status, body, 0);
    }

    @Given("a service that fails {int} times before it answers {word} {word} with {int}:")
    public void service(int failures, String method, String path, int status, String body) {
        world.services.answers(method, path, status, body, failures);
    }

    @Given("a secret {word}:")
    public void secret(String name, String value) throws IOException {
        world.server.secret(name, value);
    }

    @When("the tokens are revoked")
    public void revoke() {
        world.services.revokeTokens();
    }

    @Then("{word} {word} should have received {word} {string}")
    public void received(String method, String path, String header, String value) {
        assertThat(world.services.received.getOrDefault(method + " " + path, Map.of()))
                .containsEntry(header, value);
    }

    /** One line each: the type without its prefix and version, and the task. */
    @Then("the lifecycle events should be:")
    public void lifecycle(String expected) throws IOException, InterruptedException {
        List<String> told = new ArrayList<>();
        JsonNode page = world.server.get(path() + "/lifecycle?limit=200");
        page.path("items")
                .forEach(event -> {
                    assertThat(event.path("specversion").asText()).isEqualTo("1.0");
                    String type = event.path("type").asText();
                    String shown =
                            type.substring(
                                    "io.serverlessworkflow.".length(),
                                    type.length() - ".v1".length());
                    told.add((shown + " " + event.path("data").path("task").asText()).strip());
                });
        assertThat(told).containsExactlyElementsOf(expected.lines().map(String::strip).toList());
    }

    @Then("{string} should stand nowhere in the journal")
    public void notJournaled(String text) throws IOException, InterruptedException {
        String history = world.server.get(path() + "/history?limit=200").toString();
        assertThat(history).doesNotContain(text);
        assertThat(world.server.get(path()).toString()).doesNotContain(text);
    }

    @When("the definition is refused because of {word} at {word}:")
    public void refused(String code, String pointer, String document)
            throws IOException, InterruptedException {
        assertThat(world.problems(document)).contains(code + " " + pointer);
    }

    @Then("its start is refused with {int} {word} at {string}")
    public void refused(int status, String code, String pointer)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = world.askToStart("wait=20");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode problem = Server.JSON.readTree(answer.body());
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.at("/errors/0/pointer").asText("nowhere")).isEqualTo(pointer);
    }

    @When("the workflow is started")
    public void start() throws IOException, InterruptedException {
        world.scenario.execution = world.start("respond-async");
    }

    /** Source and id are made up where they are not given. */
    @When("an event is sent:")
    public void send(String text) throws IOException, InterruptedException {
        ObjectNode event = Server.JSON.createObjectNode();
        event.put("specversion", "1.0").put("source", "/scenario");
        event.put("id", UUID.randomUUID().toString());
        KitSteps.yaml(text)
                .properties()
                .forEach(attribute -> event.set(attribute.getKey(), attribute.getValue()));
        HttpResponse<String> answer =
                world.server.call(
                        "POST",
                        "/v1/events",
                        event.toString(),
                        "Content-Type",
                        "application/cloudevents+json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    @When("the workflow is {word}ed by an operator")
    public void steer(String verb) throws IOException, InterruptedException {
        String action = verb.equals("cancell") ? "cancel" : verb.equals("resum") ? "resume" : verb;
        HttpResponse<String> answer =
                world.server.call(
                        "POST", path() + ":" + action, "{}", "Content-Type", "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    }

    private String path() {
        return "/v1/executions/" + world.scenario.execution.path("id").asText();
    }

    @When("the workflow has ended")
    public void end() throws IOException, InterruptedException {
        await("completed|faulted|cancelled");
    }

    @Then("the workflow should be {word}")
    public void is(String status) throws IOException, InterruptedException {
        await(status);
    }

    @When("the workflow waits at {word}")
    public void waitsAt(String pointer) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        List<String> waiting = List.of();
        while (!waiting.contains(pointer) && System.nanoTime() < end) {
            Thread.sleep(20);
            world.scenario.execution = world.server.get(path());
            waiting = new ArrayList<>();
            for (JsonNode task : world.scenario.execution.path("currentTasks")) {
                if (task.path("status").asText().equals("waiting")) {
                    waiting.add(task.path("pointer").asText());
                }
            }
        }
        assertThat(waiting).contains(pointer);
    }

    /** In any order. */
    @Then("{int} executions of {word} should have completed, each once with:")
    public void started(int count, String name, String outputs)
            throws IOException, InterruptedException {
        String list = "/v1/executions?definition=gantry/" + name;
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        JsonNode found = world.server.get(list).path("items");
        while (completed(found) < count && System.nanoTime() < end) {
            Thread.sleep(50);
            found = world.server.get(list).path("items");
        }
        // One too many would come a moment later.
        Thread.sleep(300);
        List<String> given = new ArrayList<>();
        for (JsonNode execution : world.server.get(list).path("items")) {
            given.add(
                    world.server
                            .get("/v1/executions/" + execution.path("id").asText())
                            .path("output")
                            .toString());
        }
        List<String> expected = new ArrayList<>();
        KitSteps.yaml(outputs).forEach(output -> expected.add(output.toString()));
        assertThat(given).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static long completed(JsonNode executions) {
        long completed = 0;
        for (JsonNode execution : executions) {
            completed += execution.path("status").asText().equals("completed") ? 1 : 0;
        }
        return completed;
    }

    @Then("a process of the workflow should complete with {string}")
    public void detached(String text) throws IOException, InterruptedException {
        String correlation = world.scenario.execution.path("correlationId").asText();
        for (JsonNode found :
                world.server.get("/v1/executions?correlationId=" + correlation).path("items")) {
            if (found.path("definition").path("version").asText().contains("+process.")) {
                world.scenario.execution = found;
                await("completed");
                assertThat(world.scenario.execution.path("output").toString()).contains(text);
                return;
            }
        }
        throw new AssertionError("there is no process of execution " + correlation);
    }

    private void await(String status) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        JsonNode execution = world.server.get(path());
        while (!execution.path("status").asText().matches(status) && System.nanoTime() < end) {
            Thread.sleep(20);
            execution = world.server.get(path());
        }
        world.scenario.execution = execution;
        assertThat(execution.path("status").asText()).as("%s", execution).matches(status);
    }

    @Then("{word} {word} should have been called {int} times")
    public void called(String method, String path, int times) {
        assertThat(world.services.calls.getOrDefault(method + " " + path, 0)).isEqualTo(times);
    }

    @Then("the workflow should have taken at least {int} ms")
    public void took(int millis) {
        JsonNode execution = world.scenario.execution;
        Duration duration =
                Duration.between(
                        java.time.Instant.parse(execution.path("startedAt").asText()),
                        java.time.Instant.parse(execution.path("endedAt").asText()));
        assertThat(duration).isGreaterThanOrEqualTo(Duration.ofMillis(millis));
    }
}
