package dev.gantry.orchestrator.mask;

import java.util.Arrays;

/** The parts of a stream that must not be shown: apart from each other, in their order. */
final class Coverage {
    private long[] from = new long[8];
    private long[] to = new long[8];
    private int size;

    /**
     * @param last not before the end of any other part
     */
    void add(long first, long last) {
        long start = first;
        while (size > 0 && to[size - 1] + 1 >= start) {
            start = Math.min(start, from[--size]);
        }
        if (size == from.length) {
            from = Arrays.copyOf(from, size * 2);
            to = Arrays.copyOf(to, size * 2);
        }
        from[size] = start;
        to[size++] = last;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    long from(int part) {
        return from[part];
    }

    /** The last byte of the part. */
    long to(int part) {
        return to[part];
    }

    /** Whether it was before the position is of no interest any more. */
    void forget(long position) {
        int gone = 0;
        while (gone < size && to[gone] < position) {
            gone++;
        }
        if (gone > 0) {
            System.arraycopy(from, gone, from, 0, size - gone);
            System.arraycopy(to, gone, to, 0, size - gone);
            size -= gone;
        }
    }

    void clear() {
        size = 0;
    }
}
