package dev.gantry.spi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * An adapter's reference to what it provisioned: opaque to Gantry, versioned, and serialisable, so
 * that another adapter instance can go on with it after a restart.
 *
 * @param kind the adapter's kind; a handle is only ever given back to an adapter of this kind
 * @param version of the meaning of {@code state}; an adapter reads its older versions
 * @param externalName the attempt's external name
 * @param state what the adapter needs to find its resource again; no secrets; at most {@value
 *     #MAX_BYTES} bytes serialised
 */
public record Handle(String kind, int version, String externalName, Map<String, String> state) {
    public static final int MAX_BYTES = 16_384;
    private static final byte FORMAT = 1;

    public Handle {
        state = Map.copyOf(state);
    }

    /** The stored form: a format byte, then kind, version, name and the state's sorted entries. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeUTF(kind);
            out.writeInt(version);
            out.writeUTF(externalName);
            out.writeShort(state.size());
            for (Map.Entry<String, String> entry : new TreeMap<>(state).entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeUTF(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "handle '%s' cannot be written".formatted(externalName), e);
        }
        if (bytes.size() > MAX_BYTES) {
            throw new IllegalStateException(
                    "handle '%s' has %d bytes, at most %d are kept"
                            .formatted(externalName, bytes.size(), MAX_BYTES));
        }
        return bytes.toByteArray();
    }

    /** Reads {@link #toBytes()}; fails with {@link IllegalArgumentException} on anything else. */
    public static Handle fromBytes(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte format = in.readByte();
            if (format != FORMAT) {
                throw new IllegalArgumentException(
                        "handle format %d is unknown, expected %d".formatted(format, FORMAT));
            }
            String kind = in.readUTF();
            int version = in.readInt();
            String name = in.readUTF();
            int size = in.readUnsignedShort();
            Map<String, String> state = new TreeMap<>();
            for (int i = 0; i < size; i++) {
                state.put(in.readUTF(), in.readUTF());
            }
            return new Handle(kind, version, name, state);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a handle: %d bytes".formatted(bytes.length), e);
        }
    }
}
