package dev.gantry.orchestrator.mask;

import java.util.Arrays;

/**
 * A stream of bytes with stars in place of secrets: as many as the bytes that they replace, so that
 * every other byte keeps its place. Which bytes are replaced does not depend on the chunks in which
 * they come. Held back is no more than what may become a secret.
 */
public final class MaskedStream {
    private final Scan plain;
    private final Scan wrapped;
    private final Coverage covered = new Coverage();
    private byte[] held = new byte[256];
    private int length;
    private long base = -1;

    /** Takes what may be shown. */
    @FunctionalInterface
    public interface Sink<E extends Exception> {
        void write(long offset, byte[] bytes) throws E;
    }

    MaskedStream(Patterns plain, Patterns wrapped) {
        this.plain = new Scan(plain, false);
        this.wrapped = new Scan(wrapped, true);
    }

    /** Where the next byte is expected; what comes before it is here already. */
    public long position() {
        return base + length;
    }

    /** Whether something has come yet. */
    public boolean hasBegun() {
        return base >= 0;
    }

    /** Bytes that came before are left out; after a gap it begins anew. */
    public <E extends Exception> void write(long offset, byte[] bytes, Sink<E> to) throws E {
        if (!hasBegun() || offset > position()) {
            end(to);
            base = offset;
            plain.begin(offset);
            wrapped.begin(offset);
            covered.clear();
        }
        int skip = (int) Math.min(bytes.length, position() - offset);
        int fresh = bytes.length - skip;
        if (held.length < length + fresh) {
            held = Arrays.copyOf(held, Math.max(held.length * 2, length + fresh));
        }
        System.arraycopy(bytes, skip, held, length, fresh);
        length += fresh;
        for (int i = skip; i < bytes.length; i++) {
            plain.step(bytes[i], covered);
            wrapped.step(bytes[i], covered);
        }
        release(Math.min(plain.settled(), wrapped.settled()), to);
    }

    /** Gives what was held back: nothing follows it. */
    public <E extends Exception> void end(Sink<E> to) throws E {
        if (hasBegun()) {
            release(position(), to);
        }
    }

    private <E extends Exception> void release(long until, Sink<E> to) throws E {
        int count = (int) (until - base);
        if (count <= 0) {
            return;
        }
        byte[] shown = Arrays.copyOf(held, count);
        for (int part = 0; part < covered.size(); part++) {
            int from = (int) Math.max(0, covered.from(part) - base);
            int end = (int) Math.min(count, covered.to(part) + 1 - base);
            if (from < end) {
                Arrays.fill(shown, from, end, (byte) '*');
            }
        }
        long offset = base;
        System.arraycopy(held, count, held, 0, length - count);
        length -= count;
        base = until;
        covered.forget(until);
        to.write(offset, shown);
    }
}
