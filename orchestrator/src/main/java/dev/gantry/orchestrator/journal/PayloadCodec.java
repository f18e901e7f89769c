package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.id.TenantId;

/**
 * Every payload that is stored passes through here: journal entries, blobs, snapshots, logs and
 * artifacts. The place for encryption per tenant.
 */
public interface PayloadCodec {
    PayloadCodec PLAIN =
            new PayloadCodec() {
                @Override
                public byte[] encode(TenantId tenant, byte[] plain) {
                    return plain;
                }

                @Override
                public byte[] decode(TenantId tenant, byte[] stored) {
                    return stored;
                }
            };

    byte[] encode(TenantId tenant, byte[] plain);

    byte[] decode(TenantId tenant, byte[] stored);
}
