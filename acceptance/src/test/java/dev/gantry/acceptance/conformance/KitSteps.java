package dev.gantry.acceptance.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cucumber.java.Before;
import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The steps of the official kit, as its README describes them. */
public final class KitSteps {
    private static final Pattern QUOTED = Pattern.compile("'([^']*)'");

    private final World world = World.get();

    @Before
    public void forget() {
        world.services.forget();
        world.scenario = new World.Scenario();
    }

    private JsonNode execution() {
        return world.scenario.execution;
    }

    static JsonNode yaml(String text) throws JsonProcessingException {
        return World.YAML.readTree(text);
    }

    @Given("a workflow with definition:")
    public void define(String document) throws IOException, InterruptedException {
        world.scenario.definition = world.publish(document);
    }

    @Given("given the workflow input is:")
    public void input(String text) throws IOException {
        world.scenario.input = yaml(text);
    }

    @When("the workflow is executed")
    public void execute() throws IOException, InterruptedException {
        world.scenario.execution = world.start("wait=20");
    }

    private void assertStatus(String status) {
        assertThat(execution().path("status").asText()).as("%s", execution()).isEqualTo(status);
    }

    @Then("the workflow should complete")
    public void completes() {
        assertStatus("completed");
    }

    @Then("the workflow should complete with output:")
    public void completesWith(String expected) throws IOException {
        completes();
        assertSame(execution().path("output"), yaml(expected), "the output");
    }

    @Then("the workflow should cancel")
    public void cancels() {
        assertStatus("cancelled");
    }

    @Then("the workflow should fault")
    public void faults() {
        assertStatus("faulted");
    }

    @Then("the workflow should fault with error:")
    public void faultsWith(String expected) throws IOException {
        faults();
        for (var property : yaml(expected).properties()) {
            assertSame(
                    execution().path("error").path(property.getKey()),
                    property.getValue(),
                    "the error's " + property.getKey());
        }
    }

    @Then("^the workflow output should have properties (.*)$")
    public void hasProperties(String names) {
        Matcher matcher = QUOTED.matcher(names);
        while (matcher.find()) {
            assertThat(output(matcher.group(1)).isMissingNode())
                    .as("property %s of %s", matcher.group(1), execution().path("output"))
                    .isFalse();
        }
    }

    @Then("the workflow output should have a {string} property with value:")
    public void hasProperty(String name, String expected) throws IOException {
        assertSame(output(name), yaml(expected), name);
    }

    @Then("the workflow output should have a {string} property containing {int} items")
    public void hasItems(String name, int count) {
        assertThat(output(name)).as(name).hasSize(count);
    }

    /** Names of nested properties are separated by dots. */
    private JsonNode output(String path) {
        JsonNode at = execution().path("output");
        for (String name : path.split("\\.", -1)) {
            at = at.path(name);
        }
        return at;
    }

    @Then("^(\\S+) should run first$")
    public void runsFirst(String task) throws IOException, InterruptedException {
        assertThat(entered()).as("tasks in the order of entry").first().isEqualTo(task);
    }

    @Then("^(\\S+) should run last$")
    public void runsLast(String task) throws IOException, InterruptedException {
        assertThat(entered()).as("tasks in the order of entry").last().isEqualTo(task);
    }

    @Then("^(\\S+) should run after (\\S+)$")
    public void runsAfter(String task, String earlier) throws IOException, InterruptedException {
        assertThat(entered()).as("tasks in the order of entry").containsSubsequence(earlier, task);
    }

    @Then("^(\\S+) should run before (\\S+)$")
    public void runsBefore(String task, String later) throws IOException, InterruptedException {
        runsAfter(later, task);
    }

    @Then("^(?!the workflow)(\\S+) should not run$")
    public void doesNotRun(String task) throws IOException, InterruptedException {
        assertThat(entered()).doesNotContain(task);
    }

    private List<String> entered() throws IOException, InterruptedException {
        List<String> tasks = new ArrayList<>();
        String next =
                "/v1/executions/%s/history?limit=200".formatted(execution().path("id").asText());
        for (JsonNode event : world.server.get(next).path("items")) {
            if (event.path("type").asText().equals("TaskEntered")) {
                String pointer = event.path("task").asText();
                tasks.add(pointer.substring(pointer.lastIndexOf('/') + 1));
            }
        }
        return tasks;
    }

    /** Numbers by their value: YAML's 1 is 1.0. */
    static void assertSame(JsonNode actual, JsonNode expected, String what) {
        assertThat(normal(actual)).as(what).isEqualTo(normal(expected));
    }

    private static JsonNode normal(JsonNode node) {
        if (node.isNumber()) {
            return JsonNodeFactory.instance.numberNode(node.decimalValue().stripTrailingZeros());
        }
        if (node.isArray()) {
            var list = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> list.add(normal(item)));
            return list;
        }
        if (node.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            node.properties()
                    .forEach(field -> object.set(field.getKey(), normal(field.getValue())));
            return object;
        }
        return node;
    }
}
