package dev.gantry.orchestrator.database;

import dev.gantry.orchestrator.installation.StartRefused;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL is reached and as whom.
 *
 * @param jdbcUrl without credentials
 */
record Endpoint(String jdbcUrl, @Nullable String user, @Nullable String password) {
    private static final String JDBC = "jdbc:postgresql://";

    /** Reads a JDBC URL, or one as {@code psql} takes it. */
    static Endpoint parse(String url, @Nullable String user, @Nullable String password) {
        if (url.startsWith(JDBC)) {
            return new Endpoint(url, user, password);
        }
        if (!url.startsWith("postgresql://") && !url.startsWith("postgres://")) {
            throw unreadable("it starts neither with jdbc:postgresql:// nor with postgresql://");
        }
        try {
            URI uri = new URI(url);
            if (uri.getHost() == null) {
                throw unreadable("it names no host");
            }
            String[] given = {null, null};
            String info = uri.getRawUserInfo();
            if (info != null) {
                String[] parts = info.split(":", 2);
                for (int i = 0; i < parts.length; i++) {
                    given[i] = URLDecoder.decode(parts[i], StandardCharsets.UTF_8);
                }
            }
            String query = uri.getRawQuery();
            return new Endpoint(
                    JDBC
                            + uri.getHost()
                            + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                            + (uri.getRawPath().isEmpty() ? "/" : uri.getRawPath())
                            + (query == null ? "" : "?" + query),
                    user != null ? user : given[0],
                    password != null ? password : given[1]);
        } catch (URISyntaxException e) {
            // Neither the text nor the cause: they may hold the password.
            throw unreadable(e.getReason());
        }
    }

    private static StartRefused unreadable(String reason) {
        return new StartRefused(
                "The database URL can not be read: %s.".formatted(reason),
                "Give it as jdbc:postgresql://host:5432/gantry, with the user and the password in"
                        + " GANTRY_DATABASE_USER and GANTRY_DATABASE_PASSWORD.");
    }

    /** Without the password; drivers allow one in the query too. */
    @Override
    public String toString() {
        int query = jdbcUrl.indexOf('?');
        return query < 0 ? jdbcUrl : jdbcUrl.substring(0, query);
    }
}
