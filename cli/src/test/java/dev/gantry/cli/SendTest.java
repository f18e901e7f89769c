package dev.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendTest {
    @TempDir Path folder;
    private final List<JsonNode> sent = new ArrayList<>();
    private FakeGantry server;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        server = new FakeGantry();
        server.on(
                "POST /v1/events",
                exchange -> {
                    sent.add(
                            Json.parse(
                                    new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8)));
                    boolean known = sent.size() > 1;
                    FakeGantry.answer(
                            exchange,
                            202,
                            known
                                    ? "{\"accepted\": 0, \"duplicates\": 1}"
                                    : "{\"accepted\": 1, \"duplicates\": 0}");
                });
        cli = Cli.of(folder, server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void sendsAnEventAndSaysWhetherItWasNew() {
        String[] command = {
            "send", "order.paid", "--input", "{\"order\": 7}", "--id", "p-1", "--source", "/bank"
        };
        assertThat(cli.run(command)).isZero();
        assertThat(cli.out()).contains("sent, id p-1");
        assertThat(sent.getFirst().toString())
                .isEqualTo(
                        "{\"specversion\":\"1.0\",\"id\":\"p-1\",\"source\":\"/bank\",\"type\":\"order.paid\",\"data\":{\"order\":7}}");

        assertThat(cli.run(command)).isZero();
        assertThat(cli.out()).contains("known already");
    }

    @Test
    void refusesDataThatIsNoJson() {
        assertThat(cli.run("send", "order.paid", "--input", "{order")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("--input is no JSON");
        assertThat(sent).isEmpty();
    }
}
