package dev.gantry.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.orchestrator.definition.plan.SecretException;
import dev.gantry.orchestrator.id.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFilesTest {
    private static final TenantId ACME = new TenantId("acme");

    @TempDir Path folder;

    private void write(String tenant, String text) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve(tenant)).resolve("key"), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", " \r\n", "{}", "{ }\n"})
    void refusesAnEmptyOne(String text) throws IOException {
        write("acme", text);

        assertThatThrownBy(() -> new SecretFiles(folder).get(ACME, "key"))
                .isInstanceOf(SecretException.class)
                .hasMessage("secret 'key' is empty");
    }

    @Test
    void isOfOneTenantOnly() throws IOException, SecretException {
        write("acme", "of-acme\n");
        SecretFiles files = new SecretFiles(folder);

        assertThat(files.get(ACME, "key").textValue()).isEqualTo("of-acme");
        assertThatThrownBy(() -> files.get(new TenantId("other"), "key"))
                .hasMessage("there is no secret 'key' for this tenant");
        assertThatThrownBy(() -> files.get(new TenantId("other"), "../acme/key"))
                .isInstanceOf(SecretException.class);
    }
}
