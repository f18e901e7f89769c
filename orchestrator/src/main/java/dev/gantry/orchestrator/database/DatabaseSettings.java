package dev.gantry.orchestrator.database;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param url of an external PostgreSQL, as {@code jdbc:postgresql://…} or {@code postgresql://…};
 *     absent for the embedded one
 * @param user overrides the one in the URL
 * @param password overrides the one in the URL
 * @param poolSize connections for queries, and as many again at most for commits
 * @param committers commits at the same time: what lanes have ready meanwhile goes into the next
 *     ones
 * @param statementTimeout of the pool's connections
 * @param patience how long a request waits for a connection, and the database may take to say that
 *     it is there
 * @param binaries where the embedded PostgreSQL's programs are unpacked; absent for the data folder
 */
@ConfigurationProperties(value = "gantry.database", ignoreUnknownFields = false)
record DatabaseSettings(
        @Nullable String url,
        @Nullable String user,
        @Nullable String password,
        @DefaultValue("16") int poolSize,
        @DefaultValue("1") int committers,
        @DefaultValue("30s") Duration statementTimeout,
        @DefaultValue("1s") Duration patience,
        @Nullable Path binaries) {
    /**
     * How long a start tries to get its first connection: after a crash, on a busy machine, each
     * takes longer than who asks later has patience.
     */
    static final Duration START = Duration.ofSeconds(30);

    DatabaseSettings {
        url = blankToNull(url);
        user = blankToNull(user);
        password = blankToNull(password);
        if (committers < 1 || committers > poolSize) {
            throw new IllegalArgumentException(
                    "gantry.database.committers is %d, 1 to the pool's size of %d expected"
                            .formatted(committers, poolSize));
        }
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** What each of the pool's sessions begins with. */
    String sessionLimits() {
        return "set statement_timeout = %1$d; set idle_in_transaction_session_timeout = %1$d"
                .formatted(statementTimeout.toMillis());
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "DatabaseSettings[user=%s, poolSize=%d]".formatted(user, poolSize);
    }
}
