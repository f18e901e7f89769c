package dev.gantry.process;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image's name in full: {@code busybox} is {@code docker.io/library/busybox}. Two names of one
 * image must not differ before a policy.
 *
 * @param repository with its registry
 */
public record ImageName(String repository, @Nullable String tag, @Nullable String digest) {
    private static final String PART = "[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*";
    private static final Pattern NAME =
            Pattern.compile(
                    "(?<repository>(?:[a-zA-Z0-9][a-zA-Z0-9.-]*(?::[0-9]+)?/)?%s(?:/%s)*)(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>[a-z0-9]+:[0-9a-fA-F]{32,}))?"
                            .formatted(PART, PART));
    private static final int LONGEST = 500;

    /** Empty if no backend would take it for a name. */
    public static Optional<ImageName> of(String written) {
        Matcher matcher = NAME.matcher(written);
        if (written.length() > LONGEST || !matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new ImageName(
                        inFull(matcher.group("repository")),
                        matcher.group("tag"),
                        matcher.group("digest")));
    }

    /**
     * As registries are understood everywhere: what is before the first slash may be a registry.
     */
    private static String inFull(String repository) {
        int slash = repository.indexOf('/');
        if (slash < 0) {
            return "docker.io/library/" + repository;
        }
        String first = repository.substring(0, slash);
        boolean isRegistry =
                first.contains(".")
                        || first.contains(":")
                        || first.equals("localhost")
                        || first.chars().anyMatch(Character::isUpperCase);
        return isRegistry ? repository : "docker.io/" + repository;
    }

    /**
     * Whether the name is one of those that a pattern means. In a pattern {@code *} stands for any
     * characters; without a tag it means all of them. What has a digest is had by it, whatever its
     * tag says: so a pattern with a tag alone does not mean it.
     */
    public boolean matches(String pattern) {
        if (pattern.equals("*")) {
            return true;
        }
        int at = pattern.indexOf('@');
        String digestPattern = at < 0 ? null : pattern.substring(at + 1);
        String name = at < 0 ? pattern : pattern.substring(0, at);
        int colon = name.lastIndexOf(':');
        String tagPattern = null;
        if (colon > name.lastIndexOf('/')) {
            tagPattern = name.substring(colon + 1);
            name = name.substring(0, colon);
        }
        if (!glob(inFull(name), repository)) {
            return false;
        }
        if (digest != null || digestPattern != null) {
            return digestPattern == null
                    ? tagPattern == null
                    : digest != null && glob(digestPattern, digest);
        }
        return tagPattern == null || glob(tagPattern, tag == null ? "latest" : tag);
    }

    private static boolean glob(String pattern, String text) {
        StringBuilder regex = new StringBuilder();
        for (String literal : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
        }
        return text.matches(regex.toString());
    }

    /** So written, nobody takes it for an image's id. */
    @Override
    public String toString() {
        return repository
                + (tag == null && digest == null ? ":latest" : "")
                + (tag == null ? "" : ":" + tag)
                + (digest == null ? "" : "@" + digest);
    }
}
