package dev.gantry.orchestrator.payload;

import dev.gantry.orchestrator.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Every payload that is stored passes through here: the place for encryption per tenant. The first
 * byte of what is stored tells its form, so that another form can be written from some day on while
 * all earlier ones are still read. Bytes below {@link #FORMS} tell of nothing but themselves: JSON
 * and text are stored as they are.
 */
public interface PayloadCodec {
    /** From here up, the first byte names a form; no text in UTF-8 begins with one of them. */
    int FORMS = 0xF8;

    /** What follows is the payload as it is. */
    int AS_IT_IS = 0xF8;

    byte[] encode(TenantId tenant, byte[] plain);

    /**
     * @throws IllegalStateException if it has a form that this version does not know
     */
    byte[] decode(TenantId tenant, byte[] stored);

    /**
     * For columns of text: what is not text any more is in Base64, behind a character of its own.
     */
    default String encode(TenantId tenant, String plain) {
        byte[] stored = encode(tenant, plain.getBytes(StandardCharsets.UTF_8));
        return hasForm(stored) || plain.startsWith("\u0001")
                ? "\u0001" + Base64.getEncoder().encodeToString(stored)
                : plain;
    }

    default String decode(TenantId tenant, String stored) {
        return stored.startsWith("\u0001")
                ? new String(
                        decode(tenant, Base64.getDecoder().decode(stored.substring(1))),
                        StandardCharsets.UTF_8)
                : stored;
    }

    static boolean hasForm(byte[] bytes) {
        return bytes.length > 0 && (bytes[0] & 0xFF) >= FORMS;
    }
}
