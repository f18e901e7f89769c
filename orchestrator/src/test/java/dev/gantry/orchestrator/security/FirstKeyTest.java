package dev.gantry.orchestrator.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.orchestrator.database.TestPostgres;
import dev.gantry.orchestrator.installation.DataFolder;
import dev.gantry.orchestrator.installation.Development;
import dev.gantry.orchestrator.installation.StartRefused;
import dev.gantry.orchestrator.tenant.Tenants;
import dev.gantry.orchestrator.tenant.TestTenants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstKeyTest {
    private final Jdbi jdbi = TestPostgres.migrated().jdbi();
    private final JdbiApiKeys keys = new JdbiApiKeys(jdbi);
    private final Tenants tenants = TestTenants.on(jdbi);
    @TempDir Path folder;

    private FirstKey start(boolean development, @Nullable String token) {
        return new FirstKey(
                keys,
                tenants,
                new DataFolder(folder),
                new Development(development, token, Duration.ZERO));
    }

    private boolean opens(String key) {
        return new BearerKeys(keys, Clock.systemUTC()).verify(key).isPresent();
    }

    @Test
    void keepsTheDevelopersKeyFromStartToStart() throws IOException {
        String first = start(true, null).shown().orElseThrow();
        String second = start(true, null).shown().orElseThrow();

        assertThat(first).startsWith("gantry_").isEqualTo(second);
        assertThat(opens(first)).isTrue();
        Path file = folder.resolve("dev-key");
        assertThat(Files.readString(file).strip()).isEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void voidsTheDevelopersKeyThatAnotherReplaces() {
        String made = start(true, null).shown().orElseThrow();
        String given = start(true, "token-of-a-script").shown().orElseThrow();

        assertThat(given).isEqualTo("token-of-a-script");
        assertThat(opens(given)).isTrue();
        assertThat(opens(made)).isFalse();
    }

    @Test
    void voidsTheDevelopersKeyOutsideOfDevelopment() {
        String developer = start(true, null).shown().orElseThrow();

        FirstKey production = start(false, "ignored-here");

        assertThat(opens(developer)).isFalse();
        assertThat(production.shown()).isEmpty();
        assertThat(production.file()).hasValue(folder.resolve("admin-key"));
    }

    @Test
    void makesAnAdministratorsKeyOnceAndShowsItToNobody() throws IOException {
        FirstKey first = start(false, null);
        FirstKey second = start(false, null);

        assertThat(first.shown()).isEmpty();
        assertThat(opens(Files.readString(first.file().orElseThrow()).strip())).isTrue();
        assertThat(second.file()).isEmpty();
    }

    @Test
    void refusesATokenThatNoHeaderCanCarry() {
        assertThatThrownBy(() -> start(true, "ö ö ö ö ö ö"))
                .isInstanceOf(StartRefused.class)
                .hasMessageNotContaining("ö");
    }

    @Test
    void storesNoKeyInTheDatabase() {
        String key = start(true, null).shown().orElseThrow();

        String dump =
                jdbi.withHandle(handle ->
                        handle.createQuery("select string_agg(k::text, '') from api_key k")
                                .mapTo(String.class)
                                .one());

        assertThat(dump).doesNotContain(key).doesNotContain(key.substring(7));
    }
}
