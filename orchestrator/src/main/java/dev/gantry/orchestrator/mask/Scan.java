package dev.gantry.orchestrator.mask;

/** One pass over a stream: what of it the patterns cover, however it is cut into chunks. */
final class Scan {
    /** A line break of an encoding within a text, at most {@code \r\n}. */
    private static final int LONGEST_BREAK = 2;

    private final Patterns patterns;
    private final boolean wraps;

    /**
     * The last characters and where they stood: with line breaks between they are no neighbours.
     */
    private final byte[] characters;

    private final long[] places;
    private int state;
    private long count;
    private int gap;
    private boolean open;
    private long next;

    /**
     * @param wraps whether line breaks within a text do not count
     */
    Scan(Patterns patterns, boolean wraps) {
        this.patterns = patterns;
        this.wraps = wraps;
        int size = Integer.highestOneBit(patterns.longest() + 2) * 2;
        this.characters = new byte[size];
        this.places = new long[size];
    }

    /** Forgets what was seen; the next byte is the one at the position. */
    void begin(long position) {
        state = 0;
        count = 0;
        gap = 0;
        open = false;
        next = position;
    }

    void step(byte b, Coverage covered) {
        long at = next++;
        if (wraps && (b == '\n' || b == '\r')) {
            if (++gap > LONGEST_BREAK) {
                state = 0;
                open = false;
            }
            return;
        }
        gap = 0;
        characters[slot(count)] = b;
        places[slot(count++)] = at;
        if (open && isEncoded(b)) {
            covered.add(at, at);
        }
        state = patterns.next(state, b);
        int length = patterns.found(state);
        open = length > 0 && patterns.isOpen(state, Patterns.OPEN_RIGHT);
        if (length > 0) {
            boolean before = patterns.isOpen(state, Patterns.OPEN_LEFT);
            covered.add(before ? withNeighbour(length) : place(length), at);
        }
    }

    /** What comes before this position cannot be covered by anything that is still to come. */
    long settled() {
        int begun = patterns.depth(state);
        if (!wraps) {
            return next - begun;
        }
        if (begun > 0) {
            return withNeighbour(begun);
        }
        return count > 0 && place(1) == next - 1 && isEncoded(character(1)) ? next - 1 : next;
    }

    /** Where what stands in the last characters begins, or one before it if that belongs to it. */
    private long withNeighbour(int length) {
        long first = place(length);
        boolean hasNeighbour =
                count > length
                        && place(length + 1) == first - 1
                        && isEncoded(character(length + 1));
        return hasNeighbour ? first - 1 : first;
    }

    private int slot(long index) {
        return (int) (index & (places.length - 1));
    }

    private long place(int back) {
        return places[slot(count - back)];
    }

    private byte character(int back) {
        return characters[slot(count - back)];
    }

    private static boolean isEncoded(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '+'
                || b == '/'
                || b == '-'
                || b == '_';
    }
}
