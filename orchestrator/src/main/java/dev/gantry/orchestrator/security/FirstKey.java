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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Sees to it that somebody can get in: in development the developer, whose key is kept in the data
 * folder and may be shown; otherwise, where no key was ever made or a new one is asked for, an
 * administrator whose key is only written to the data folder. Keys of development are void on a
 * server that is not in development.
 */
@Component
public final class FirstKey {
    private static final Logger log = LoggerFactory.getLogger(FirstKey.class);
    static final String DEVELOPMENT_FILE = "dev-key";
    static final String ADMINISTRATOR_FILE = "admin-key";

    private final @Nullable String shown;
    private final @Nullable Path file;

    FirstKey(
            JdbiApiKeys keys,
            Tenants tenants,
            DataFolder folder,
            Development development,
            KeySettings settings) {
        refuseContradictions(development, settings);
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
        boolean isFirst = keys.isEmpty();
        if (isFirst || settings.newAdmin()) {
            String key = ApiKey.generate();
            TenantId tenant = tenants.ensure(Tenants.DEFAULT, "Default").id();
            // The file first: a key that nobody could know would lock everybody out.
            file = folder.write(ADMINISTRATOR_FILE, key);
            byte[] hash = ApiKey.hash(key);
            keys.put(hash, tenant, person("admin"), EnumSet.allOf(Permission.class), false);
            int revoked = settings.revokeAdmins() ? keys.revokeAdministrators(hash) : 0;
            if (!isFirst) {
                log.warn(
                        "gantry.keys.new-admin is set: a new administrator's key is in {}, earlier ones that are revoked: {}; leave the setting out at the next start",
                        file,
                        revoked);
            }
        } else {
            file = null;
        }
    }

    private static void refuseContradictions(Development development, KeySettings settings) {
        if (settings.revokeAdmins() && !settings.newAdmin()) {
            throw new StartRefused(
                    "Without administrators' keys nobody could get in.",
                    "Give --new-admin-key beside --revoke-admin-keys.");
        }
        if (settings.newAdmin() && development.enabled()) {
            throw new StartRefused(
                    "In development mode there is the developer's key and no administrator's.",
                    "Leave out --dev and --dev-token, or --new-admin-key.");
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
