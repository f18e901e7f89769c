package dev.gantry.orchestrator;

import dev.gantry.orchestrator.installation.StartRefused;
import dev.gantry.orchestrator.problem.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The server's options as Spring properties. */
final class CommandLine {
    static final String USAGE =
            """
            Usage: gantry server [options]
              --port N             port to listen on, 0 for a free one (8080)
              --host ADDRESS       address to listen on (127.0.0.1)
              --data DIR           folder for what must survive a restart (.gantry)
              --database-url URL   external PostgreSQL instead of the one in the data folder
              --dev                development mode: makes and shows a key
              --dev-token TOKEN    the key of development mode; implies --dev
              --new-admin-key      makes an administrator's key, in the data folder, though there is one
              --revoke-admin-keys  with it: all other administrators' keys are void
              --help               shows this
            A setting of docs/operations.md can be given as --name.of.setting=value.
            """;

    private static final Map<String, String> SETTINGS =
            Map.of(
                    "--port", "server.port",
                    "--host", "server.address",
                    "--data", "gantry.data-dir",
                    "--database-url", "gantry.database.url",
                    "--dev-token", "gantry.dev.token");
    private static final Map<String, String> FLAGS =
            Map.of(
                    "--dev", "gantry.dev.enabled",
                    "--new-admin-key", "gantry.keys.new-admin",
                    "--revoke-admin-keys", "gantry.keys.revoke-admins");

    private CommandLine() {}

    /** Fails with {@link StartRefused} on what it does not know. */
    static Map<String, String> parse(String... arguments) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String flag = FLAGS.get(argument);
            if (flag != null) {
                properties.put(flag, "true");
                continue;
            }
            boolean isSetting = name.startsWith("--") && name.contains(".");
            String setting = isSetting ? name.substring(2) : SETTINGS.get(name);
            if (setting == null) {
                throw unknown(argument, name);
            }
            if (equals < 0 && (isSetting || i + 1 == arguments.length)) {
                throw new StartRefused("The option %s has no value.".formatted(name), USAGE);
            }
            properties.put(setting, equals < 0 ? arguments[++i] : argument.substring(equals + 1));
        }
        if (properties.containsKey("gantry.dev.token")) {
            properties.put("gantry.dev.enabled", "true");
        }
        return properties;
    }

    private static StartRefused unknown(String argument, String name) {
        List<String> known = new ArrayList<>(SETTINGS.keySet());
        known.addAll(FLAGS.keySet());
        return new StartRefused(
                "There is no option '%s'%s".formatted(argument, Nearest.hint(name, known)), USAGE);
    }
}
