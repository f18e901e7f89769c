package dev.gantry.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.security.Permission;
import dev.gantry.orchestrator.security.Requires;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

class AccessTest extends ApiTest {
    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping endpoints;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/executions",
                "/v1/adapters",
                "/v1/nothing",
                "/nothing",
                "/",
                "/error",
                "/actuator",
                "/actuator/metrics",
                "/actuator/prometheus",
                "/actuator/info",
                "/actuator/health/db"
            })
    void letsNobodyInWithoutAKey(String path) {
        Answer answer = send(request(path));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("KEY_MISSING");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"gantry\"");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health",
                "/actuator/health/liveness",
                "/actuator/health/readiness",
                "/schemas/v1/workflow.json",
                "/schemas/v1/function.json",
                "/v3/api-docs",
                "/swagger-ui/index.html"
            })
    void showsHealthAndDescriptionToEverybody(String path) {
        assertThat(send(request(path)).status()).isEqualTo(200);
    }

    @Test
    void tellsDetailsOfHealthToThePlatformOnly() {
        String tenant = keys.issue("default", allButPlatform());

        assertThat(send(request("/actuator/health")).body())
                .contains("\"db\":{\"status\":\"UP\"}")
                .doesNotContain("details");
        assertThat(send(as(tenant, request("/actuator/health"))).body()).doesNotContain("details");
        assertThat(get("/actuator/health").body()).contains("db").contains("details");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer unknown-key-0123456789",
                "Bearer ",
                "Bearer x",
                "Bearer ü",
                "Basic dXNlcjpwYXNzd29yZA=="
            })
    void refusesWhatIsNoKey(String header) {
        Answer answer = send(request("/v1/executions").header("Authorization", header));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("KEY_INVALID");
        assertThat(answer.header("WWW-Authenticate")).contains("invalid_token");
    }

    @Test
    void refusesABadKeyOnOpenPagesToo() {
        assertThat(send(as("unknown-key-0123456789", request("/actuator/health"))).status())
                .isEqualTo(401);
    }

    @Test
    void refusesRevokedAndExpiredKeysAndThoseOfDisabledTenants() throws Exception {
        String revoked = keys.issue("default", Permission.READ);
        String expired = keys.issue("default", Permission.READ);
        String disabled = keys.issue("closed", Permission.READ);
        keys.set(revoked, "revoked_at = now()");
        keys.set(expired, "expires_at = now() - interval '1 second'");
        keys.disableTenant("closed");

        for (String key : new String[] {revoked, expired, disabled}) {
            assertThat(send(as(key, request("/v1/executions"))).status()).isEqualTo(401);
        }
    }

    @Test
    void forgetsARevokedKeySoon() throws Exception {
        String key = keys.issue("default", Permission.READ);
        assertThat(send(as(key, request("/v1/executions"))).status()).isEqualTo(200);

        keys.set(key, "revoked_at = now()");

        Thread.sleep(5_500);
        assertThat(send(as(key, request("/v1/executions"))).status()).isEqualTo(401);
    }

    @Test
    void asksForThePermissionOfTheEndpoint() {
        String reader = keys.issue("default", Permission.READ);

        Answer start =
                send(
                        as(reader, request("/v1/executions"))
                                .POST(json(start("quick", "{}")))
                                .header("Content-Type", "application/json"));
        Answer metrics = send(as(reader, request("/actuator/prometheus")));

        assertThat(start.status()).isEqualTo(403);
        assertThat(start.code()).isEqualTo("PERMISSION_MISSING");
        assertThat(start.detail())
                .isEqualTo(
                        "client:test may not do this: the permission 'execute' is needed, the key"
                                + " has [read].");
        assertThat(metrics.status()).isEqualTo(403);
        assertThat(metrics.code()).isEqualTo("PERMISSION_MISSING");
        assertThat(send(as(reader, request("/v1/executions"))).status()).isEqualTo(200);
    }

    private static Permission[] allButPlatform() {
        return EnumSet.complementOf(EnumSet.of(Permission.PLATFORM)).toArray(Permission[]::new);
    }

    /** Metrics are of all tenants together, and some name them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/metrics",
                "/actuator/metrics/jvm.info",
                "/actuator/prometheus",
                "/actuator/info",
                "/actuator/health/db",
                "/actuator/env",
                "/actuator/threaddump"
            })
    void showsTheInstallationToThePlatformOnly(String path) {
        Answer refused = send(as(keys.issue("acme", allButPlatform()), request(path)));

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.detail()).isEqualTo("The key lacks the permission 'platform'.");
        assertThat(get("/actuator/metrics").status()).isEqualTo(200);
        // Nobody sees these.
        assertThat(get("/actuator/env").status()).isEqualTo(404);
        assertThat(get("/actuator/threaddump").status()).isEqualTo(404);
    }

    @Test
    void showsTheLoadOfAllTenantsToThePlatformOnly() {
        JsonNode all = get("/v1/adapters").json().at("/items/0");
        String tenant = keys.issue("acme", allButPlatform());
        JsonNode some = send(as(tenant, request("/v1/adapters"))).json().at("/items/0");
        JsonNode one =
                send(as(tenant, request("/v1/adapters/" + some.get("kind").asText()))).json();

        assertThat(all.has("inFlight") && all.has("queued") && all.has("detail")).isTrue();
        assertThat(some.has("status")).isTrue();
        assertThat(some.has("inFlight") || some.has("queued") || some.has("detail")).isFalse();
        assertThat(one).isEqualTo(some);
    }

    @Test
    void showsNothingOfAnotherTenant() {
        String other = keys.issue("other", Permission.values());
        String id = slow();

        assertThat(send(as(other, request("/v1/executions/" + id))).code())
                .isEqualTo("EXECUTION_NOT_FOUND");
        assertThat(send(as(other, request("/v1/executions"))).json().get("items")).isEmpty();
    }

    @Test
    void everyEndpointNamesItsPermission() {
        for (Map.Entry<RequestMappingInfo, HandlerMethod> endpoint :
                endpoints.getHandlerMethods().entrySet()) {
            HandlerMethod method = endpoint.getValue();
            boolean ours = method.getBeanType().getName().startsWith("dev.gantry.");
            if (ours && method.getBeanType() != EdgeErrors.class) {
                assertThat(method.getMethodAnnotation(Requires.class))
                        .as(endpoint.getKey().toString())
                        .isNotNull();
            }
        }
    }
}
