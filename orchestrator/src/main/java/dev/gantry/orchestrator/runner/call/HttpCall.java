package dev.gantry.orchestrator.runner.call;

import java.net.URI;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One request, ready to be sent.
 *
 * @param headers names without regard to case
 * @param body null for none
 * @param redirect whether redirects are followed, and a status of 300 to 399 is no error
 */
record HttpCall(
        String method,
        URI uri,
        Map<String, String> headers,
        byte @Nullable [] body,
        Output output,
        boolean redirect) {

    /** What the step's output is. */
    enum Output {
        RAW,
        CONTENT,
        RESPONSE
    }

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    /** What another origin may see. Anything else may be a credential, whatever its name. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "accept",
                    "accept-charset",
                    "accept-encoding",
                    "accept-language",
                    "content-encoding",
                    "content-language",
                    "content-type",
                    "idempotency-key",
                    "traceparent",
                    "user-agent");

    HttpCall {
        Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sorted.putAll(headers);
        headers = Collections.unmodifiableMap(sorted);
    }

    /** Whether sending it again has no effect. Source: RFC 9110, 9.2.1. */
    boolean isSafe() {
        return SAFE.contains(method);
    }

    boolean accepts(int status) {
        return status >= 200 && status <= (redirect ? 399 : 299);
    }

    /** The headers that tell nobody anything that he may not know. */
    Map<String, String> harmlessHeaders() {
        Map<String, String> harmless = new TreeMap<>(headers);
        harmless.keySet().removeIf(name -> !HARMLESS.contains(name.toLowerCase(Locale.ROOT)));
        return harmless;
    }

    /**
     * The request that follows a redirect. Source: RFC 9110, 15.4, read as browsers do: a POST that
     * is redirected by 301 or 302 goes on as a GET.
     */
    HttpCall redirected(int status, URI next, boolean sameOrigin) {
        boolean asGet =
                switch (status) {
                    case 303 -> !method.equals("HEAD");
                    case 301, 302 -> method.equals("POST");
                    default -> false;
                };
        Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        kept.putAll(sameOrigin ? headers : harmlessHeaders());
        if (asGet) {
            kept.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).startsWith("content-"));
        }
        return new HttpCall(
                asGet ? "GET" : method, next, kept, asGet ? null : body, output, redirect);
    }
}
