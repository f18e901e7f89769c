package dev.gantry.orchestrator.id;

import java.util.Optional;
import java.util.UUID;

/**
 * Names one execution. A UUID of version 7, so that rows of one time lie together, whose last bits
 * say the shard: a node makes ids only of shards that it owns, and a start never crosses nodes.
 */
public record ExecutionId(UUID value) implements Comparable<ExecutionId> {
    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long VARIANT_MASK = 0x3FFF_FFFF_FFFF_FFFFL;

    /**
     * @param epochMillis the time that the id carries
     * @param random 64 random bits
     * @param more 64 further random bits
     * @param shard below {@code shards}
     * @param shards how many there are, a power of two
     */
    public static ExecutionId of(long epochMillis, long random, long more, int shard, int shards) {
        if (Integer.bitCount(shards) != 1 || shard < 0 || shard >= shards) {
            throw new IllegalArgumentException(
                    "shard %d of %d: a number below a power of two expected"
                            .formatted(shard, shards));
        }
        long high = (epochMillis << 16) | VERSION_7 | (random & 0xFFFL);
        long low = VARIANT | (more & VARIANT_MASK & -shards) | shard;
        return new ExecutionId(new UUID(high, low));
    }

    /** Reads the text form; fails with {@link IllegalArgumentException} on anything else. */
    public static ExecutionId parse(String text) {
        return new ExecutionId(UUID.fromString(text));
    }

    /** The id that is written so, if the text is one. */
    public static Optional<ExecutionId> find(String text) {
        try {
            return Optional.of(parse(text)).filter(id -> id.toString().equals(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /**
     * @param shards how many there are, a power of two
     */
    public int shard(int shards) {
        return (int) (value.getLeastSignificantBits() & (shards - 1));
    }

    @Override
    public int compareTo(ExecutionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
