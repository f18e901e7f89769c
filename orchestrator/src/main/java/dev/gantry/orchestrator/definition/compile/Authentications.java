package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.expression.Templates;
import dev.gantry.orchestrator.definition.plan.Authentication;
import dev.gantry.orchestrator.definition.plan.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Authentication of endpoints: inline, or by a name under {@code use.authentications}. */
final class Authentications {
    private static final List<String> NOT_YET = List.of("digest", "oauth2", "oidc", "certificate");
    private static final List<String> SCHEMES =
            List.of("basic", "bearer", "certificate", "digest", "oauth2", "oidc");

    private final Check check;
    private final Reusables reusables;

    Authentications(Check check, Reusables reusables) {
        this.check = check;
        this.reusables = reusables;
    }

    /** Of an endpoint or of a call; null if it has none, or after reporting what is wrong. */
    @Nullable Authentication of(JsonNode object, String pointer) {
        String at = pointer + "/authentication";
        JsonNode given = check.object(object.path("authentication"), at, "'authentication'");
        if (given.isMissingNode()) {
            return null;
        }
        if (!given.has("use")) {
            return policy(given, at);
        }
        check.known(given, at, "an authentication by name", Set.of("use"));
        String name = check.text(given, at, "use", "authentication");
        if (name == null) {
            return null;
        }
        JsonNode found = reusables.find("authentications", name, at + "/use", check);
        return found == null ? null : policy(found, Check.join("/use/authentications", name));
    }

    @Nullable Authentication policy(JsonNode policy, String pointer) {
        check.known(policy, pointer, "an authentication", SCHEMES);
        List<String> given = new ArrayList<>();
        policy.fieldNames().forEachRemaining(given::add);
        given.retainAll(SCHEMES);
        if (given.size() != 1) {
            check.report(
                    "invalid-authentication",
                    pointer,
                    given.isEmpty()
                            ? "the authentication names no scheme"
                            : "the authentication has several schemes: " + given,
                    "one of " + SCHEMES,
                    null);
            return null;
        }
        String scheme = given.getFirst();
        String at = pointer + "/" + scheme;
        if (NOT_YET.contains(scheme)) {
            check.notYet(at, "authentication by '%s'".formatted(scheme));
            return null;
        }
        JsonNode values = check.object(policy.get(scheme), at, "'%s'".formatted(scheme));
        if (values.has("use")) {
            check.notYet(at + "/use", "an authentication's secret");
            return null;
        }
        return scheme.equals("basic") ? basic(values, at) : bearer(values, at);
    }

    private @Nullable Authentication basic(JsonNode values, String pointer) {
        check.known(values, pointer, "'basic'", Set.of("username", "password", "use"));
        Template username = value(values, pointer, "username");
        Template password = value(values, pointer, "password");
        return username == null || password == null
                ? null
                : new Authentication.Basic(username, password);
    }

    private @Nullable Authentication bearer(JsonNode values, String pointer) {
        check.known(values, pointer, "'bearer'", Set.of("token", "use"));
        Template token = value(values, pointer, "token");
        return token == null ? null : new Authentication.Bearer(token);
    }

    private @Nullable Template value(JsonNode values, String pointer, String name) {
        check.required(values, pointer, name, "the authentication");
        String text = check.text(values, pointer, name, "authentication");
        return text == null
                ? null
                : Templates.value(values.get(name), Check.join(pointer, name), check);
    }
}
