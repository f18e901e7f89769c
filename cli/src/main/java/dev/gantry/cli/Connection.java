package dev.gantry.cli;

import dev.gantry.cli.client.Api;
import dev.gantry.cli.server.Context;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which server to talk to. */
final class Connection {
    private static final String DEFAULT_URL = "http://localhost:8080";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The server; else GANTRY_URL, else the one that runs here.")
    private @Nullable String url;

    @Option(
            names = "--token",
            paramLabel = "KEY",
            description = "The bearer key; else GANTRY_TOKEN, else that of the server here.")
    private @Nullable String token;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder of the server that runs here.")
    private @Nullable Path data;

    /** Looks anew each time: a server that is started again may listen elsewhere. */
    Api api(Environment environment) {
        Optional<Context> context = context(environment);
        String where = first(url, environment.variable("GANTRY_URL"));
        String key = first(token, environment.variable("GANTRY_TOKEN"));
        if (context.isPresent()) {
            Context here = context.get();
            where = where == null ? here.url() : where;
            // The key of one server is not for the eyes of another.
            key = key == null && where.equals(here.url()) ? here.token() : key;
        }
        return new Api(uri(where == null ? DEFAULT_URL : where), key);
    }

    private Optional<Context> context(Environment environment) {
        return Context.newest(
                data == null
                        ? List.of(environment.dataFolder(), environment.demoFolder())
                        : List.of(environment.resolve(data)));
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one != null && !one.isBlank() ? one.strip() : other;
    }

    private static URI uri(String text) {
        String whole = text.contains("://") ? text : "http://" + text;
        try {
            URI uri = URI.create(whole.replaceAll("/+$", ""));
            boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (isHttp && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException _) {
            // Refused below.
        }
        throw new UsageException(
                "'%s' is no URL of a server; expected is such as http://localhost:8080"
                        .formatted(text));
    }
}
