package dev.gantry.adapter.lambda;

import dev.gantry.spi.Handle;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A durable execution by the name that its attempt has there, and nothing else: what a handle has
 * is enough to find it.
 *
 * @param functionTimeout after which Lambda ends one invocation of the function; on Managed
 *     Instances it does not
 */
record Execution(
        String name,
        String function,
        String qualifier,
        Clients.Access access,
        Duration functionTimeout) {
    private static final Duration NEVER = Duration.ofDays(36_500);

    static Execution of(String installation, Call call) {
        return of(installation, call, call.attempt().context().attempt());
    }

    /** The one of an attempt of the call's step. */
    static Execution of(String installation, Call call, int attempt) {
        return new Execution(
                name(installation, call.attempt().externalName(), attempt),
                call.target().functionName(),
                call.target().qualifier(),
                call.access(),
                call.target().managed() ? NEVER : call.facts().timeout());
    }

    /** Names have up to 64 characters, and installations may share a function. */
    private static String name(String installation, String externalName, int attempt) {
        String intent = "%s\n%s\n%d".formatted(installation, externalName, attempt);
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(intent.getBytes(StandardCharsets.UTF_8));
            return "gantry-" + HexFormat.of().formatHex(hash, 0, 20);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    Map<String, String> state() {
        Map<String, String> state = new TreeMap<>();
        state.put("name", name);
        state.put("function", function);
        state.put("qualifier", qualifier);
        state.put("tenant", access.tenant());
        state.put("timeout", functionTimeout.toString());
        if (access.role() != null) {
            state.put("role", access.role());
        }
        return state;
    }

    static Execution of(Handle handle) {
        return new Execution(
                text(handle, "name"),
                text(handle, "function"),
                text(handle, "qualifier"),
                new Clients.Access(role(handle), text(handle, "tenant")),
                Duration.parse(text(handle, "timeout")));
    }

    private static @Nullable String role(Handle handle) {
        return handle.state().get("role");
    }

    private static String text(Handle handle, String key) {
        return Objects.requireNonNull(handle.state().get(key), key);
    }
}
