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
        return start(development, token, new KeySettings(false, false));
    }

    private FirstKey start(boolean development, @Nullable String token, KeySettings settings) {
        return new FirstKey(
                keys,
                tenants,
                new DataFolder(folder),
                new Development(development, token, Duration.ZERO),
                settings);
    }

    private String administrator(KeySettings settings) throws IOException {
        return Files.readString(start(false, null, settings).file().orElseThrow()).strip();
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
    void makesAnotherAdministratorsKeyWhereOneIsLost() throws IOException {
        String first = administrator(new KeySettings(false, false));
        String second = administrator(new KeySettings(true, false));

        assertThat(second).isNotEqualTo(first);
        assertThat(opens(first)).isTrue();
        assertThat(new BearerKeys(keys, Clock.systemUTC()).verify(second).orElseThrow())
                .matches(caller -> caller.may(Permission.PLATFORM));
        // The next start makes none.
        assertThat(start(false, null).file()).isEmpty();
    }

    @Test
    void voidsAllOtherAdministratorsKeysIfThatIsAskedFor() throws IOException {
        TestKeys test = new TestKeys(tenants, jdbi);
        String first = administrator(new KeySettings(false, false));
        String foreign = test.issue("acme", Permission.values());
        String client = test.issue("acme", Permission.EXECUTE, Permission.READ);

        String second = administrator(new KeySettings(true, true));

        assertThat(opens(first)).isFalse();
        assertThat(opens(foreign)).isFalse();
        assertThat(opens(client)).isTrue();
        assertThat(opens(second)).isTrue();
    }

    @Test
    void refusesToLockEverybodyOut() {
        assertThatThrownBy(() -> start(false, null, new KeySettings(false, true)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("nobody could get in");
        assertThatThrownBy(() -> start(true, null, new KeySettings(true, false)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("development");
    }

    @Test
    void givesTheDeveloperWhatLaterVersionsAllow() {
        String key = start(true, null).shown().orElseThrow();
        new TestKeys(tenants, jdbi).set(key, "permissions = '{read}'");

        start(true, null);

        assertThat(new BearerKeys(keys, Clock.systemUTC()).verify(key).orElseThrow().permissions())
                .containsExactlyInAnyOrder(Permission.values());
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
