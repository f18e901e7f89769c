package dev.gantry.orchestrator.security;

import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.security.MessageDigest;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The keys by their hashes. */
@Component
final class JdbiApiKeys {
    private final Jdbi jdbi;

    JdbiApiKeys(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * @param expires null for never
     */
    record Found(Caller caller, @Nullable Instant expires) {}

    private record Row(byte[] hash, Found found) {}

    /** Whom the key lets in; nobody if it is unknown, revoked, or its tenant is disabled. */
    Optional<Found> find(byte[] hash) {
        return jdbi.withHandle(handle ->
                        handle.createQuery(
                                        """
                                        select k.hash, k.tenant, k.kind, k.subject,
                                               k.permissions, k.expires_at
                                        from api_key k
                                        join tenant t on t.id = k.tenant
                                        where k.hash = :hash
                                          and k.revoked_at is null
                                          and t.enabled
                                        """)
                                .bind("hash", hash)
                                .map((row, _) -> read(row))
                                .findOne())
                // The index compares hashes, which tells nothing of the key; this one is for
                // certain.
                .filter(row -> MessageDigest.isEqual(row.hash(), hash))
                .map(Row::found);
    }

    private static Row read(ResultSet row) throws SQLException {
        Array permissions = row.getArray("permissions");
        java.sql.Timestamp expires = row.getTimestamp("expires_at");
        return new Row(
                row.getBytes("hash"),
                new Found(
                        new Caller(
                                new TenantId(row.getString("tenant")),
                                new Initiator(
                                        Initiator.Kind.valueOf(
                                                row.getString("kind").toUpperCase(Locale.ROOT)),
                                        row.getString("subject")),
                                Arrays.stream((String[]) permissions.getArray())
                                        .map(Permission::of)
                                        .collect(Collectors.toUnmodifiableSet())),
                        expires == null ? null : expires.toInstant()));
    }

    /** Whether no key was ever made but those of development. */
    boolean isEmpty() {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                """
                                select not exists
                                    (select from api_key where not development)
                                """)
                        .mapTo(Boolean.class)
                        .one());
    }

    /** Adds the key, or makes a known one valid again. */
    void put(
            byte[] hash,
            TenantId tenant,
            Initiator subject,
            Set<Permission> permissions,
            boolean development) {
        jdbi.useHandle(handle ->
                handle.createUpdate(
                                """
                                insert into api_key
                                    (tenant, hash, kind, subject, permissions, development)
                                values
                                    (:tenant, :hash, :kind, :subject, :permissions,
                                     :development)
                                on conflict (hash) do update
                                set revoked_at = null, permissions = excluded.permissions
                                """)
                        .bind("tenant", tenant.value())
                        .bind("hash", hash)
                        .bind("kind", subject.kind().name().toLowerCase(Locale.ROOT))
                        .bind("subject", subject.subject())
                        .bindArray(
                                "permissions",
                                String.class,
                                permissions.stream().map(Permission::label).toList())
                        .bind("development", development)
                        .execute());
    }

    /**
     * Revokes the keys that may look at the installation, but one; those of development are their
     * start's own affair.
     */
    int revokeAdministrators(byte[] except) {
        return jdbi.withHandle(handle ->
                handle.createUpdate(
                                """
                                update api_key
                                set revoked_at = now()
                                where :platform = any (permissions)
                                  and not development
                                  and revoked_at is null
                                  and hash <> :except
                                """)
                        .bind("platform", Permission.PLATFORM.label())
                        .bind("except", except)
                        .execute());
    }

    /** Revokes the keys of development but one. */
    void revokeDevelopment(byte @Nullable [] except) {
        jdbi.useHandle(handle ->
                handle.createUpdate(
                                """
                                update api_key
                                set revoked_at = now()
                                where development
                                  and revoked_at is null
                                  and hash is distinct from :except
                                """)
                        .bind("except", except)
                        .execute());
    }
}
