package dev.gantry.provider.aws;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Settings under {@code gantry.blobs}.
 *
 * @param endpoint instead of the region's own
 * @param pathStyle whether the bucket stands in the path and not before the host's name
 * @param prefix before all names, empty or with {@code /} at its end
 * @param sse how S3 is asked to encrypt; null leaves it to the bucket's own setting
 * @param kmsKey of {@code aws:kms}; null for the bucket's or the account's
 * @param profile of the shared credentials file; null for the SDK's chain of credentials
 */
record S3Settings(
        String bucket,
        String region,
        @Nullable URI endpoint,
        boolean pathStyle,
        String prefix,
        @Nullable String sse,
        @Nullable String kmsKey,
        @Nullable String profile) {
    /** Of the prefix: with the longest name of a blob it stays far below S3's 1,024 bytes. */
    static final int MAX_PREFIX = 200;

    private static final String KMS = "aws:kms";
    private static final Set<String> KNOWN =
            Set.of(
                    "bucket",
                    "region",
                    "endpoint",
                    "path-style",
                    "prefix",
                    "sse",
                    "kms-key",
                    "profile");

    static S3Settings of(Map<String, String> settings) {
        for (String name : new TreeSet<>(settings.keySet())) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(
                        "setting '%s' is unknown; expected is one of %s"
                                .formatted(name, new TreeSet<>(KNOWN)));
            }
        }
        String endpoint =
                matching(settings, "endpoint", "https?://[^/ ]+/?", "such as https://host:port");
        S3Settings read =
                new S3Settings(
                        required(settings, "bucket", "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "name"),
                        required(
                                settings,
                                "region",
                                "[a-z]{2}(-[a-z]+)+-[0-9]+",
                                "region such as eu-central-1"),
                        endpoint == null ? null : URI.create(endpoint),
                        flag(settings, "path-style"),
                        prefix(settings),
                        matching(settings, "sse", "AES256|aws:kms", "AES256 or aws:kms"),
                        matching(settings, "kms-key", "[A-Za-z0-9:/_-]+", "an id or ARN of a key"),
                        settings.get("profile"));
        if (read.kmsKey() != null && !KMS.equals(read.sse())) {
            throw new IllegalArgumentException(
                    "setting 'kms-key' is '%s' without sse 'aws:kms'; expected are both or none"
                            .formatted(read.kmsKey()));
        }
        return read;
    }

    private static String prefix(Map<String, String> settings) {
        String prefix =
                matching(
                        settings,
                        "prefix",
                        "([A-Za-z0-9][A-Za-z0-9._-]*/)*",
                        "empty, or names that end with '/' each");
        if (prefix != null && prefix.length() > MAX_PREFIX) {
            throw new IllegalArgumentException(
                    "setting 'prefix' has %d characters; expected are at most %d"
                            .formatted(prefix.length(), MAX_PREFIX));
        }
        return prefix == null ? "" : prefix;
    }

    private static String required(
            Map<String, String> settings, String name, String pattern, String expected) {
        String value = matching(settings, name, pattern, "the bucket's " + expected);
        if (value == null) {
            throw new IllegalArgumentException(
                    "setting '%s' is missing; expected is the bucket's %s"
                            .formatted(name, expected));
        }
        return value;
    }

    private static @Nullable String matching(
            Map<String, String> settings, String name, String pattern, String expected) {
        String value = settings.get(name);
        if (value != null && !value.matches(pattern)) {
            throw new IllegalArgumentException(
                    "setting '%s' is '%s'; expected is %s".formatted(name, value, expected));
        }
        return value;
    }

    private static boolean flag(Map<String, String> settings, String name) {
        return Boolean.parseBoolean(matching(settings, name, "true|false", "true or false"));
    }
}
