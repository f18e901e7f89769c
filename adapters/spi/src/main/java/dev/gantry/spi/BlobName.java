package dev.gantry.spi;

import java.util.regex.Pattern;

/**
 * What a blob is called, within its installation: it says whose it is, so that what lost its owner
 * is found.
 *
 * @param owner who looks after it: the kind of an adapter, or a part of Gantry
 * @param tenant whose data it is; rights can be given by it
 * @param executionId whose data it is
 * @param path the owner's own, of parts with {@code /} between them
 */
public record BlobName(String owner, String tenant, String executionId, String path) {
    /** Of the whole name; stores add a prefix of at most as much. */
    public static final int MAX_LENGTH = 500;

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final int PARTS = 4;

    public BlobName {
        String text = text(owner, tenant, executionId, path);
        for (String part : text.split("/", -1)) {
            if (!PART.matcher(part).matches()) {
                throw new IllegalArgumentException(
                        "blob '%s': '%s' is not [A-Za-z0-9._-], first a letter or a digit"
                                .formatted(text, part));
            }
        }
        if (owner.contains("/") || tenant.contains("/") || executionId.contains("/")) {
            throw new IllegalArgumentException(
                    "blob '%s': owner, tenant and execution are one part each".formatted(text));
        }
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a blob's name has %d characters, at most %d are taken"
                            .formatted(text.length(), MAX_LENGTH));
        }
    }

    /**
     * @param text as {@link #toString} writes it
     * @throws IllegalArgumentException if it is no such name
     */
    public static BlobName parse(String text) {
        String[] parts = text.split("/", PARTS);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException(
                    "blob '%s' is not owner/tenant/execution/path".formatted(text));
        }
        return new BlobName(parts[0], parts[1], parts[2], parts[3]);
    }

    /** With {@code /} between its parts, such as {@code lambda/acme/0198…/3.1}. */
    @Override
    public String toString() {
        return text(owner, tenant, executionId, path);
    }

    private static String text(String owner, String tenant, String execution, String path) {
        return String.join("/", owner, tenant, execution, path);
    }
}
