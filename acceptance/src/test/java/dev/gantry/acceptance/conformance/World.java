package dev.gantry.acceptance.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gantry.acceptance.Server;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The server and the services of all scenarios. */
final class World {
    static final ObjectMapper YAML = new YAMLMapper();
    private static final Pattern NAME = Pattern.compile("(\\bname: *[A-Za-z0-9-]+)");
    private static @Nullable World current;

    final Server server;
    final Services services;

    /** Made anew for each. */
    Scenario scenario = new Scenario();

    static final class Scenario {
        JsonNode definition = JsonNodeFactory.instance.missingNode();
        JsonNode input = JsonNodeFactory.instance.objectNode();
        JsonNode execution = JsonNodeFactory.instance.missingNode();
    }

    World(Server server, Services services) {
        this.server = server;
        this.services = services;
    }

    static void set(@Nullable World world) {
        current = world;
    }

    static World get() {
        return Objects.requireNonNull(current, "no scenario runs outside of ConformanceTest");
    }

    /**
     * Publishes a document whose hosts are the local services. Two scenarios may use one name for
     * different documents, and a version never changes: then it goes by another name.
     */
    JsonNode publish(String document) throws IOException, InterruptedException {
        String local = services.local(document);
        HttpResponse<String> answer = post(local);
        for (int n = 2; answer.statusCode() == 409; n++) {
            answer = post(NAME.matcher(local).replaceFirst("$1-" + n));
        }
        JsonNode published = Server.JSON.readTree(answer.body());
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError("the definition is refused: " + published);
        }
        return published;
    }

    /** Code and pointer of every problem that a document has. */
    List<String> problems(String document) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(services.local(document));
        List<String> problems = new ArrayList<>();
        Server.JSON
                .readTree(answer.body())
                .path("errors")
                .forEach(problem ->
                        problems.add(
                                problem.path("code").asText()
                                        + " "
                                        + problem.path("pointer").asText()));
        return problems;
    }

    private HttpResponse<String> post(String document) throws IOException, InterruptedException {
        return server.call("POST", "/v1/definitions", document, "Content-Type", "application/yaml");
    }

    /**
     * @param prefer such as {@code wait=20}
     */
    JsonNode start(String prefer) throws IOException, InterruptedException {
        HttpResponse<String> answer = askToStart(prefer);
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError("the start is refused: " + answer.body());
        }
        return Server.JSON.readTree(answer.body());
    }

    HttpResponse<String> askToStart(String prefer) throws IOException, InterruptedException {
        JsonNode definition = scenario.definition;
        var request = Server.JSON.createObjectNode();
        request.putObject("definition")
                .put("namespace", definition.path("namespace").asText())
                .put("name", definition.path("name").asText())
                .put("version", definition.path("version").asText());
        request.set("input", scenario.input);
        return server.call(
                "POST",
                "/v1/executions",
                request.toString(),
                "Content-Type",
                "application/json",
                "Prefer",
                prefer);
    }
}
