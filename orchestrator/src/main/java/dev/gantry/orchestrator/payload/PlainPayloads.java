package dev.gantry.orchestrator.payload;

import dev.gantry.orchestrator.id.TenantId;
import java.util.Arrays;

/** Payloads as they are; those that look like another form say so. */
public final class PlainPayloads implements PayloadCodec {
    @Override
    public byte[] encode(TenantId tenant, byte[] plain) {
        if (!PayloadCodec.hasForm(plain)) {
            return plain;
        }
        byte[] stored = new byte[plain.length + 1];
        stored[0] = (byte) AS_IT_IS;
        System.arraycopy(plain, 0, stored, 1, plain.length);
        return stored;
    }

    @Override
    public byte[] decode(TenantId tenant, byte[] stored) {
        if (!PayloadCodec.hasForm(stored)) {
            return stored;
        }
        int form = stored[0] & 0xFF;
        if (form != AS_IT_IS) {
            throw new IllegalStateException(
                    "a payload of tenant %s has the form %02x, which this version does not know"
                            .formatted(tenant, form));
        }
        return Arrays.copyOfRange(stored, 1, stored.length);
    }
}
