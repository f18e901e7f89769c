package dev.gantry.orchestrator.security;

import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.installation.DataFolder;
import dev.gantry.orchestrator.installation.Development;
import dev.gantry.orchestrator.installation.StartRefused;
import dev.gantry.orchestrator.tenant.Tenants;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Sees to it that somebody can get in: in development the developer, whose key is kept in the data
 * folder and may be shown; otherwise, where no key was ever made, an administrator whose key is
 * only written to the data folder. Keys of development are void on a server that is not in
 * development.
 */
@Component
public final class FirstKey {
    static final String DEVELOPMENT_FILE = "dev-key";
    static final String ADMINISTRATOR_FILE = "admin-key";

    private final @Nullable String shown;
    private final @Nullable Path file;

    FirstKey(JdbiApiKeys keys, Tenants tenants, DataFolder folder, Development development) {
        if (development.enabled()) {
            String key = developmentKey(folder, development.token());
            TenantId tenant = tenants.ensure(Tenants.DEFAULT, "Default").id();
            byte[] hash = ApiKey.hash(key);
            keys.revokeDevelopment(hash);
            keys.put(hash, tenant, person("dev"), EnumSet.allOf(Permission.class), true);
            shown = key;
            file = folder.path().resolve(DEVELOPMENT_FILE);
            return;
        }
        shown = null;
        keys.revokeDevelopment(null);
        if (keys.isEmpty()) {
            String key = ApiKey.generate();
            TenantId tenant = tenants.ensure(Tenants.DEFAULT, "Default").id();
            // The file first: a key that nobody could know would lock everybody out.
            file = folder.write(ADMINISTRATOR_FILE, key);
            keys.put(
                    ApiKey.hash(key),
                    tenant,
                    person("admin"),
                    EnumSet.allOf(Permission.class),
                    false);
        } else {
            file = null;
        }
    }

    /** The developer's key; empty on a server that is not in development. */
    public Optional<String> shown() {
        return Optional.ofNullable(shown);
    }

    /** Where the key of this start is kept; empty if none was needed. */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    private static String developmentKey(DataFolder folder, @Nullable String given) {
        if (given != null && !given.matches(ApiKey.FORM)) {
            throw new StartRefused(
                    "The development token has a form that no bearer key can have.",
                    "Give --dev-token 8 to 256 of the characters A-Z a-z 0-9 - . _ ~ + /");
        }
        Optional<String> kept = folder.read(DEVELOPMENT_FILE);
        String key = given != null ? given : kept.orElseGet(ApiKey::generate);
        if (!kept.equals(Optional.of(key))) {
            folder.write(DEVELOPMENT_FILE, key);
        }
        return key;
    }

    private static Initiator person(String name) {
        return new Initiator(Initiator.Kind.USER, name);
    }
}
