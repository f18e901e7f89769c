package dev.gantry.adapter.lambda;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings under {@code gantry.adapters.lambda}.
 *
 * @param region whose functions are called; null where the adapter is not configured
 * @param endpoint instead of the region's own, for all services
 * @param profile of the shared credentials file; null for the SDK's chain of credentials
 * @param allowedFunctions patterns of functions that may run; {@code {tenant}} stands for the
 *     tenant
 * @param role that is assumed for every tenant whose function names none; {@code {tenant}} likewise
 * @param allowedRoles patterns of roles that functions may name
 * @param allowedCapacityProviders patterns of providers on whose instances functions may run; each
 *     has {@code {tenant}}, as calls share environments there
 * @param deployRole that functions have which are deployed from sources; {@code {tenant}} likewise;
 *     null where none may be
 * @param externalId given when a role is assumed
 * @param maxInFlight invocations at the same time
 * @param cloudwatchLogs whether logs beyond the last 4 KiB are read from CloudWatch
 * @param logWait how long is waited for CloudWatch to have the end of a log
 * @param completionQueue name of the queue in which Lambda tells how events ended
 * @param setEventRules whether the adapter sets a function's rules for events where they are others
 * @param eventAgeSeconds how long Lambda keeps an event by rules that the adapter sets
 */
record LambdaSettings(
        @Nullable String region,
        @Nullable URI endpoint,
        @Nullable String profile,
        List<String> allowedFunctions,
        @Nullable String role,
        List<String> allowedRoles,
        List<String> allowedCapacityProviders,
        @Nullable String deployRole,
        @Nullable String externalId,
        int maxInFlight,
        boolean cloudwatchLogs,
        Duration logWait,
        @Nullable String completionQueue,
        boolean setEventRules,
        int eventAgeSeconds) {
    static final Set<String> KNOWN =
            Set.of(
                    "region",
                    "endpoint",
                    "profile",
                    "allowed-functions",
                    "role",
                    "allowed-roles",
                    "allowed-capacity-providers",
                    "deploy-role",
                    "external-id",
                    "max-in-flight",
                    "cloudwatch-logs",
                    "log-wait-seconds",
                    "completion-queue",
                    "set-event-rules",
                    "event-age-seconds",
                    "enabled");

    static LambdaSettings of(Map<String, String> settings) {
        for (String name : new TreeSet<>(settings.keySet())) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(
                        "setting '%s' is unknown; expected is one of %s"
                                .formatted(name, new TreeSet<>(KNOWN)));
            }
        }
        return new LambdaSettings(
                matching(settings, "region", "[a-z]{2}(-[a-z]+)+-[0-9]+", "such as eu-central-1"),
                endpoint(settings),
                settings.get("profile"),
                list(settings, "allowed-functions"),
                role(settings, "role"),
                list(settings, "allowed-roles"),
                ofTenants(settings, "allowed-capacity-providers"),
                role(settings, "deploy-role"),
                settings.get("external-id"),
                number(settings, "max-in-flight", 100, 1, 10_000),
                flag(settings, "cloudwatch-logs", true),
                Duration.ofSeconds(number(settings, "log-wait-seconds", 10, 0, 300)),
                matching(
                        settings,
                        "completion-queue",
                        "[a-zA-Z0-9_-]{1,80}",
                        "such as gantry-completions; FIFO queues take no records"),
                flag(settings, "set-event-rules", false),
                number(settings, "event-age-seconds", 300, 60, 21_600));
    }

    private static @Nullable String role(Map<String, String> settings, String name) {
        return matching(
                settings,
                name,
                "arn:aws[a-z-]*:iam::[0-9]{12}:role/[\\w+=,.@/{}-]+",
                "such as arn:aws:iam::123456789012:role/gantry-{tenant}");
    }

    private static @Nullable URI endpoint(Map<String, String> settings) {
        String endpoint =
                matching(settings, "endpoint", "https?://[^/ ]+/?", "such as https://host:port");
        return endpoint == null ? null : URI.create(endpoint);
    }

    private static @Nullable String matching(
            Map<String, String> settings, String name, String pattern, String expected) {
        String value = settings.get(name);
        if (value != null && !value.matches(pattern)) {
            throw new IllegalArgumentException(
                    "setting '%s' is '%s'; expected is something %s"
                            .formatted(name, value, expected));
        }
        return value;
    }

    private static boolean flag(Map<String, String> settings, String name, boolean otherwise) {
        String text = settings.getOrDefault(name, Boolean.toString(otherwise));
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(
                    "setting '%s' is '%s'; expected is true or false".formatted(name, text));
        }
        return Boolean.parseBoolean(text);
    }

    private static List<String> list(Map<String, String> settings, String name) {
        return Stream.of(settings.getOrDefault(name, "").split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static List<String> ofTenants(Map<String, String> settings, String name) {
        List<String> patterns = list(settings, name);
        for (String pattern : patterns) {
            if (!pattern.contains(Binding.TENANT)) {
                throw new IllegalArgumentException(
                        "setting '%s' has '%s'; expected is '%s' in each pattern, as calls share environments there"
                                .formatted(name, pattern, Binding.TENANT));
            }
        }
        return patterns;
    }

    private static int number(
            Map<String, String> settings, String name, int otherwise, int least, int most) {
        String text = settings.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number that is out of range.
        }
        throw new IllegalArgumentException(
                "setting '%s' is '%s'; expected is a number from %d to %d"
                        .formatted(name, text, least, most));
    }
}
