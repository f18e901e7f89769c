package dev.gantry.orchestrator.payload;

import dev.gantry.orchestrator.id.TenantId;

/** Another form, as encryption would be: what is stored cannot be read without it. */
public final class Turned implements PayloadCodec {
    private static final int FORM = 0xFA;

    @Override
    public byte[] encode(TenantId tenant, byte[] plain) {
        byte[] stored = new byte[plain.length + 1];
        stored[0] = (byte) FORM;
        for (int i = 0; i < plain.length; i++) {
            stored[i + 1] = (byte) ~plain[i];
        }
        return stored;
    }

    @Override
    public byte[] decode(TenantId tenant, byte[] stored) {
        if (stored.length == 0 || (stored[0] & 0xFF) != FORM) {
            return new PlainPayloads().decode(tenant, stored);
        }
        byte[] plain = new byte[stored.length - 1];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) ~stored[i + 1];
        }
        return plain;
    }
}
