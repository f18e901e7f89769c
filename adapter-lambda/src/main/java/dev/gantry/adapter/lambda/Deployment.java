package dev.gantry.adapter.lambda;

import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A function that is deployed from the source in its definition. Its name is made of all that it
 * is, so whatever is there under the name is what is meant, whoever has made it.
 *
 * @param alias of the definition's version; versions that are alike share a function
 */
record Deployment(
        String functionName,
        String alias,
        Workload.Script source,
        Shape shape,
        Duration timeout,
        String role,
        Map<String, String> tags) {
    /** All names begin so: rights can be given for them. */
    static final String PREFIX = "gantry_";

    private static final int MAX_NAME = 64;
    private static final int MAX_ALIAS = 128;
    private static final int HASH_BYTES = 10;

    // The earliest that a zip can have: the same bytes at any time, anywhere.
    private static final LocalDateTime LONG_AGO = LocalDateTime.of(1980, 1, 1, 0, 0);

    /**
     * What a block says of the function.
     *
     * @param handler file and function, such as {@code script.handler}
     */
    record Shape(String runtime, String handler, int memoryMib) {}

    /**
     * @param role that the function itself has
     */
    static Deployment of(
            String installation,
            String tenant,
            Workload.Function function,
            Workload.Script source,
            Target target,
            Shape shape,
            String role) {
        String content =
                String.join(
                        "\n",
                        installation,
                        tenant,
                        function.name(),
                        shape.toString(),
                        target.limit().toString(),
                        role,
                        source.name(),
                        source.text());
        String readable = PREFIX + tenant + "_" + function.name().replaceFirst(".*/", "");
        String hash = HexFormat.of().formatHex(sha256(content.getBytes(StandardCharsets.UTF_8)));
        return new Deployment(
                cut(readable, MAX_NAME - 2 * HASH_BYTES - 1)
                        + "_"
                        + hash.substring(0, 2 * HASH_BYTES),
                cut("v" + function.version(), MAX_ALIAS),
                source,
                shape,
                target.limit(),
                role,
                Map.of(
                        StepContext.LABEL_PREFIX + "installation",
                        installation,
                        StepContext.LABEL_PREFIX + "tenant",
                        tenant,
                        StepContext.LABEL_PREFIX + "function",
                        function.name()));
    }

    private static String cut(String text, int most) {
        String plain = text.replaceAll("[^a-zA-Z0-9_-]", "-");
        return plain.substring(0, Math.min(plain.length(), most));
    }

    /**
     * Not compressed, as libraries compress differently, and Lambda tells a hash of these bytes.
     */
    byte[] zip() {
        byte[] code = source.text().getBytes(StandardCharsets.UTF_8);
        CRC32 sum = new CRC32();
        sum.update(code);
        ZipEntry entry = new ZipEntry(source.name());
        entry.setMethod(ZipEntry.STORED);
        entry.setTimeLocal(LONG_AGO);
        entry.setSize(code.length);
        entry.setCompressedSize(code.length);
        entry.setCrc(sum.getValue());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(code.length + 256);
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(entry);
            zip.write(code);
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException("memory can always be written to", e);
        }
        return bytes.toByteArray();
    }

    /** As Lambda tells it. */
    String codeSha256() {
        return Base64.getEncoder().encodeToString(sha256(zip()));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
