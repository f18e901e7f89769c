package dev.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyTest {
    static final String CHARGE =
            """
            function: charge
            namespace: shop
            version: 1.0.0
            runtime: {class: faas}
            """;

    static final String PACK =
            """
            document: {dsl: '1.0.3'}
              namespace: shop
              name: pack
              version: 1.0.0
            do: []
            """;

    static final String ORDER =
            """
            document: {dsl: '1.0.3'}
              namespace: shop
              name: order
              version: 1.0.0
            do:
              - charge: {call: shop/charge:1.0.0@default}
              - pack: {run: {workflow: {namespace: shop, name: pack, version: 1.0.0}}}
            """
                    .replace(
                            "{call: shop/charge:1.0.0@default}",
                            "\n      call: shop/charge:1.0.0@default");

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

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void publishesWhatIsUsedFirst() throws IOException {
        write("defs/a-order.yaml", ORDER);
        write("defs/b-pack.yml", PACK);
        write("defs/c-charge.yaml", CHARGE);

        int code = cli.run("apply", "defs");

        assertThat(code).isZero();
        assertThat(server.definitions.order)
                .containsExactly(
                        "function shop/charge:1.0.0",
                        "workflow shop/pack:1.0.0",
                        "workflow shop/order:1.0.0");
        assertThat(cli.out().lines())
                .containsExactly(
                        "created  function  shop/charge:1.0.0  defs/c-charge.yaml",
                        "created  workflow  shop/pack:1.0.0    defs/b-pack.yml",
                        "created  workflow  shop/order:1.0.0   defs/a-order.yaml");
    }

    @Test
    void changesNothingTheSecondTime() throws IOException {
        write("all.yaml", CHARGE + "---\n" + PACK + "---\n" + ORDER);
        cli.run("apply", "all.yaml");

        int code = cli.run("apply", "all.yaml");

        assertThat(code).isZero();
        assertThat(cli.out().lines())
                .containsExactly(
                        "unchanged  function  shop/charge:1.0.0  all.yaml",
                        "unchanged  workflow  shop/pack:1.0.0    all.yaml:6",
                        "unchanged  workflow  shop/order:1.0.0   all.yaml:12");
    }

    @Test
    void refusesOtherContentUnderTheSameVersionAndPublishesTheRest() throws IOException {
        write("charge.yaml", CHARGE);
        cli.run("apply", "charge.yaml");
        write("charge.yaml", CHARGE + "# changed\n");
        write("pack.yaml", PACK);

        int code = cli.run("apply", "charge.yaml", "pack.yaml");

        assertThat(code).isEqualTo(Exit.REFUSED);
        assertThat(cli.out())
                .contains("conflict  function  shop/charge:1.0.0  charge.yaml")
                .contains("created   workflow  shop/pack:1.0.0    pack.yaml");
        assertThat(cli.err()).contains("function shop/charge:1.0.0 is there with other content.");
    }

    @Test
    void showsWhereADocumentIsWrong() throws IOException {
        write("call.yaml", CHARGE + "---\n" + PACK + "  - x: {with: {methd: get}}\n");

        int code = cli.run("apply", "call.yaml");

        assertThat(code).isEqualTo(Exit.INVALID);
        assertThat(server.definitions.order).containsExactly("function shop/charge:1.0.0");
        assertThat(cli.err())
                .contains("call.yaml:11:16: error: unknown property 'methd'")
                .contains("   11 |   - x: {with: {methd: get}}\n      |                ^^^^^\n");
    }

    @Test
    void namesWhatStaysMissing() throws IOException {
        write("order.yaml", ORDER);
        write("pack.yaml", PACK);

        int code = cli.run("apply", "order.yaml", "pack.yaml");

        assertThat(code).isEqualTo(Exit.INVALID);
        assertThat(cli.out())
                .contains("created  workflow  shop/pack:1.0.0")
                .contains("invalid  workflow  shop/order:1.0.0");
        assertThat(cli.err()).contains("order.yaml:7:13: error: function is not registered");
    }

    @Test
    void takesOnlyDefinitionsOfAFolder() throws IOException {
        write("defs/charge.yaml", CHARGE);
        write("defs/inputs/order.json", "{\"items\": []}");
        write("defs/mock/local-mock.yaml", "seed: 1\nrules: []\n");
        write("defs/.hidden/charge.yaml", CHARGE);
        write("defs/README.md", "# Definitions\n");

        int code = cli.run("apply", "defs");

        assertThat(code).isZero();
        assertThat(cli.out().lines()).hasSize(1);
    }

    @Test
    void readsTheStandardInput() {
        int code = cli.input(CHARGE).run("apply", "-");

        assertThat(code).isZero();
        assertThat(cli.out()).contains("created  function  shop/charge:1.0.0  standard input");
    }

    @Test
    void tellsProgramsTheSame() throws IOException {
        write("charge.yaml", CHARGE);
        write("order.yaml", ORDER);

        int code = cli.run("apply", "charge.yaml", "order.yaml", "-o", "json");

        assertThat(code).isEqualTo(Exit.INVALID);
        assertThat(cli.json().at("/0/result").asText()).isEqualTo("created");
        assertThat(cli.json().at("/0/name").asText()).isEqualTo("charge");
        assertThat(cli.json().at("/1/result").asText()).isEqualTo("invalid");
        assertThat(cli.json().at("/1/problems/0/code").asText()).isEqualTo("unknown-workflow");
    }

    @Test
    void refusesWhatIsNotThere() throws IOException {
        Files.createDirectories(folder.resolve("empty"));

        assertThat(cli.run("apply", "nothing.yaml")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("there is no file or folder 'nothing.yaml'");
        assertThat(cli.run("apply", "empty")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("there is no workflow or function in empty");
    }

    @Test
    void validatesWithoutPublishing() throws IOException {
        write("charge.yaml", CHARGE);
        write("call.yaml", PACK + "  - x: {with: {methd: get}}\n");

        int code = cli.run("validate", "charge.yaml", "call.yaml");

        assertThat(code).isEqualTo(Exit.INVALID);
        assertThat(server.definitions.published).isEmpty();
        assertThat(cli.out())
                .isEqualTo(
                        """
                        charge.yaml: valid  function shop/charge:1.0.0
                        call.yaml:6:16: error: unknown property 'methd' in call http 'with' [unknown-property]
                            6 |   - x: {with: {methd: get}}
                              |                ^^^^^
                             = expected: method, endpoint, headers
                             = hint: did you mean 'method'?

                        call.yaml: 1 problem  workflow shop/pack:1.0.0
                        """);
    }

    @Test
    void showsWarningsAndGoesOn() throws IOException {
        write("pack.yaml", PACK);
        String warning =
                """
                "warnings": [{"code": "text-like-expression", "pointer": "/do/0", "line": 5, "column": 1,
                 "message": "'${ .a' is text", "suggestion": "close it with '}'"}]
                """;
        server.on(
                "POST /v1/definitions:validate",
                200,
                "{\"valid\": true, \"problems\": [], " + warning + "}");
        server.on(
                "POST /v1/definitions",
                201,
                "{\"kind\": \"workflow\", \"namespace\": \"shop\", \"name\": \"pack\", \"version\":"
                        + " \"1.0.0\", "
                        + warning
                        + "}");
        String shown =
                """
                pack.yaml:5:1: warning: '${ .a' is text [text-like-expression]
                    5 | do: []
                      | ^^
                     = hint: close it with '}'
                """;

        assertThat(cli.run("validate", "pack.yaml")).isZero();
        assertThat(cli.out()).isEqualTo(shown + "\npack.yaml: valid, 1 warning\n");
        assertThat(cli.run("apply", "pack.yaml")).isZero();
        assertThat(cli.out()).isEqualTo("created  workflow  shop/pack:1.0.0  pack.yaml\n");
        assertThat(cli.err()).isEqualTo(shown);
        assertThat(cli.run("apply", "pack.yaml", "-o", "json")).isZero();
        assertThat(cli.json().at("/0/warnings/0/code").asText()).isEqualTo("text-like-expression");
    }

    @Test
    void countsWhatIsPublishedTogetherAsNoError() throws IOException {
        write("order.yaml", ORDER);
        write("charge.yaml", CHARGE);
        write("pack.yaml", PACK);

        assertThat(cli.run("validate", "order.yaml", "charge.yaml", "pack.yaml")).isZero();
        assertThat(cli.out()).contains("order.yaml: uses what is to be published with it");
        assertThat(cli.run("validate", "order.yaml", "pack.yaml")).isEqualTo(Exit.INVALID);
        assertThat(cli.run("validate", "order.yaml", "pack.yaml", "-o", "json"))
                .isEqualTo(Exit.INVALID);
        assertThat(cli.json().at("/0/valid").asBoolean()).isFalse();
        assertThat(cli.json().at("/1/valid").asBoolean()).isTrue();
    }
}
