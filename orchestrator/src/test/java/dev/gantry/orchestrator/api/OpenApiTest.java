package dev.gantry.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenApiTest extends ApiTest {
    @Test
    void describesEveryEndpoint() {
        JsonNode api = send(request("/v3/api-docs")).json();

        assertThat(api.get("openapi").asText()).startsWith("3.1");
        assertThat(api.at("/components/securitySchemes/key/scheme").asText()).isEqualTo("bearer");
        assertThat(api.at("/components/schemas/Problem/properties/code").isMissingNode()).isFalse();
        for (Map.Entry<String, JsonNode> path : api.get("paths").properties()) {
            assertThat(path.getKey()).startsWith("/v1/");
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String name = operation.getKey() + " " + path.getKey();
                JsonNode said = operation.getValue();
                assertThat(said.path("summary").asText()).as(name).isNotEmpty();
                assertThat(said.path("description").asText())
                        .as(name)
                        .contains("Needs the permission");
                for (String status : new String[] {"400", "401", "403", "503"}) {
                    assertThat(
                                    said.at(
                                                    "/responses/"
                                                            + status
                                                            + "/content/application~1problem+json/schema/allOf/0/$ref")
                                            .asText())
                            .as(name + " " + status)
                            .isNotEmpty();
                }
                assertThat(said.path("parameters").toString()).as(name).doesNotContain("caller");
            }
        }
    }

    @Test
    void listsTheProblemsOfEachEndpoint() {
        JsonNode api = send(request("/v3/api-docs")).json();

        assertThat(codes(api, "/v1/definitions/{namespace}/{name}", "get", 404))
                .containsExactly("DEFINITION_NOT_FOUND");
        assertThat(codes(api, "/v1/adapters/{kind}", "get", 404))
                .containsExactly("ADAPTER_NOT_FOUND");
        assertThat(codes(api, "/v1/executions/{id}:resume", "post", 409))
                .containsExactly("WRONG_STATUS");
        assertThat(codes(api, "/v1/executions/{id}:retry", "post", 409))
                .containsExactly("WRONG_STATUS");
        assertThat(codes(api, "/v1/executions", "post", 422))
                .containsExactly("INPUT_INVALID", "IDEMPOTENCY_KEY_REUSED");
        assertThat(codes(api, "/v1/executions", "get", 404)).isEmpty();
    }

    private static List<String> codes(JsonNode api, String path, String method, int status) {
        List<String> codes = new ArrayList<>();
        api.path("paths")
                .path(path)
                .path(method)
                .path("responses")
                .path(Integer.toString(status))
                .at("/content/application~1problem+json/schema/allOf/1/properties/code/enum")
                .forEach(code -> codes.add(code.asText()));
        return codes;
    }

    @Test
    void showsJsonValuesAsWhatTheyAre() {
        JsonNode schemas = send(request("/v3/api-docs")).json().at("/components/schemas");

        assertThat(schemas.at("/Execution/properties/input/description").asText())
                .isEqualTo("any JSON value");
        assertThat(schemas.has("JsonNode")).isFalse();
        assertThat(schemas.at("/Start/properties/definition").toString())
                .contains("StartDefinition");
    }
}
