package dev.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionsTest {
    private static final String ITEM =
            """
            {"kind": "%s", "namespace": "shop", "name": "%s", "version": "1.0.0", "digest": "sha256:1",
             "enabled": %s, "publishedBy": "user:ann", "publishedAt": "2026-11-20T08:00:00Z"}
            """;
    private static final String ORDER = ITEM.formatted("workflow", "order", true);
    private static final String PACK = ITEM.formatted("function", "pack", false);

    @TempDir Path folder;
    private FakeGantry server;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        server = new FakeGantry();
        cli = Cli.of(folder, server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void listsTheLatestWithFiltersOverPages() {
        server.on(
                "GET /v1/definitions",
                exchange -> {
                    boolean second = exchange.getRequestURI().getQuery().contains("after=");
                    FakeGantry.answer(
                            exchange,
                            200,
                            second
                                    ? "{\"items\": [" + PACK + "]}"
                                    : "{\"items\": [" + ORDER + "], \"next\": \"shop/order\"}");
                });

        assertThat(cli.run("definitions", "--kind", "Workflow", "--namespace", "shop")).isZero();
        assertThat(server.requests)
                .containsExactly(
                        "GET /v1/definitions?kind=workflow&namespace=shop&limit=100",
                        "GET /v1/definitions?kind=workflow&namespace=shop&limit=100&after=shop%2Forder");
        assertThat(cli.out().lines())
                .hasSize(3)
                .first()
                .asString()
                .isEqualTo("KIND      DEFINITION        STATUS    PUBLISHED            BY");
        assertThat(cli.out())
                .contains("workflow  shop/order:1.0.0  enabled   2026")
                .contains("function  shop/pack:1.0.0   disabled  2026")
                .endsWith("  user:ann\n");

        assertThat(cli.run("definitions", "list", "--limit", "1")).isZero();
        assertThat(cli.out().lines()).hasSize(2);
        assertThat(cli.err()).contains("there are more");
        assertThat(cli.run("definitions", "-o", "json")).isZero();
        assertThat(cli.json().at("/items/1/name").asText()).isEqualTo("pack");
    }

    @Test
    void listsTheVersionsOfOne() {
        server.on("GET /v1/definitions/shop/order", 200, "{\"items\": [" + ORDER + "]}");

        assertThat(cli.run("definitions", "shop/order")).isZero();
        assertThat(cli.out()).contains("shop/order:1.0.0  enabled");
        assertThat(cli.run("definitions", "list", "shop/order", "--kind", "workflow")).isZero();
        assertThat(server.requests.getLast())
                .isEqualTo("GET /v1/definitions/shop/order?kind=workflow");
        assertThat(cli.run("definitions", "shop/order:1.0.0")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("'definitions get' shows");
        assertThat(cli.run("definitions", "gte")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("'gte' names no definition");
    }

    @Test
    void showsADocumentAsItWasPublished() {
        String document = "# mine\r\ndocument: {dsl: '1.0.3'}  # 😁";
        server.on(
                "GET /v1/definitions/shop/order/latest",
                exchange -> FakeGantry.send(exchange, 200, "application/yaml", document));
        server.on("GET /v1/definitions/shop/order/1.0.0", 200, ORDER);

        assertThat(cli.run("definitions", "get", "shop/order")).isZero();
        assertThat(cli.out()).isEqualTo(document);
        assertThat(server.headers)
                .containsEntry("GET /v1/definitions/shop/order/latest Accept", "application/yaml");
        assertThat(cli.run("definitions", "get", "shop/order:1.0.0", "-o", "json")).isZero();
        assertThat(cli.json().path("publishedBy").asText()).isEqualTo("user:ann");
    }

    @Test
    void switchesOnAndOffAndDeletes() {
        server.on("POST /v1/definitions/shop/pack/1.0.0:disable", 200, PACK);
        server.on("POST /v1/definitions/shop/order/1.0.0:enable", 200, ORDER);
        server.on("DELETE /v1/definitions/shop/order/1.0.0", 204, "");

        assertThat(cli.run("definitions", "disable", "shop/pack:1.0.0", "--kind", "function"))
                .isZero();
        assertThat(cli.out()).isEqualTo("shop/pack:1.0.0  disabled\n");
        assertThat(server.requests.getLast())
                .isEqualTo("POST /v1/definitions/shop/pack/1.0.0:disable?kind=function");
        assertThat(cli.run("definitions", "enable", "shop/order:1.0.0")).isZero();
        assertThat(cli.out()).isEqualTo("shop/order:1.0.0  enabled\n");
        assertThat(cli.run("definitions", "delete", "shop/order:1.0.0")).isZero();
        assertThat(cli.out()).isEqualTo("shop/order:1.0.0  deleted\n");
        assertThat(cli.run("definitions", "delete", "shop/order:1.0.0", "-o", "json")).isZero();
        assertThat(cli.json().path("deleted").asText()).isEqualTo("shop/order:1.0.0");
    }

    @Test
    void listsWhoChangedWhat() {
        server.on(
                "GET /v1/definitions/shop/order/history",
                200,
                """
                {"items": [{"at": "2026-11-20T08:00:00Z", "by": "user:ann", "action": "disabled", "kind":
                 "workflow", "namespace": "shop", "name": "order", "version": "1.0.0"}]}
                """);

        assertThat(cli.run("definitions", "history", "shop/order", "--kind", "workflow")).isZero();
        assertThat(server.requests)
                .containsExactly("GET /v1/definitions/shop/order/history?kind=workflow&limit=200");
        assertThat(cli.out())
                .contains("AT                   WHAT      KIND      DEFINITION        BY")
                .contains("  disabled  workflow  shop/order:1.0.0  user:ann\n");
        assertThat(cli.run("definitions", "history", "shop/order", "-o", "json")).isZero();
        assertThat(cli.json().at("/items/0/action").asText()).isEqualTo("disabled");
        assertThat(cli.run("definitions", "history", "shop/order:1.0.0")).isEqualTo(Exit.INVALID);
    }

    @Test
    void changesNoVersionThatIsNotNamed() {
        for (String verb : new String[] {"enable", "disable", "delete"}) {
            assertThat(cli.run("definitions", verb, "shop/order")).isEqualTo(Exit.INVALID);
            assertThat(cli.err()).contains("'shop/order' names no version");
        }
        assertThat(server.requests).isEmpty();
    }
}
