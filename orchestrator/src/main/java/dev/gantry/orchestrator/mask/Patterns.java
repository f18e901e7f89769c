package dev.gantry.orchestrator.mask;

import java.util.Arrays;

/**
 * Many texts that are looked for at once, in one pass whose time does not depend on how many they
 * are. Source: Aho and Corasick, "Efficient string matching", 1975.
 */
final class Patterns {
    /** The character before, or after, the text holds bits of it too. */
    static final int OPEN_LEFT = 1;

    static final int OPEN_RIGHT = 2;

    /** Children as lists of siblings: most nodes have one. */
    private int[] child = new int[64];

    private int[] sibling = new int[64];
    private int[] fail = new int[64];
    private int[] depth = new int[64];
    private int[] found = new int[64];
    private byte[] label = new byte[64];
    private byte[] open = new byte[64];
    private final int[] root = new int[256];
    private int nodes = 1;
    private int longest;

    void add(byte[] text, int openness) {
        int node = 0;
        for (byte b : text) {
            int next = child(node, b);
            node = next == 0 ? append(node, b) : next;
        }
        if (node != 0) {
            found[node] = text.length;
            open[node] |= (byte) openness;
            longest = Math.max(longest, text.length);
        }
    }

    private int append(int parent, byte b) {
        if (nodes == child.length) {
            int size = nodes * 2;
            child = Arrays.copyOf(child, size);
            sibling = Arrays.copyOf(sibling, size);
            fail = Arrays.copyOf(fail, size);
            depth = Arrays.copyOf(depth, size);
            found = Arrays.copyOf(found, size);
            label = Arrays.copyOf(label, size);
            open = Arrays.copyOf(open, size);
        }
        int node = nodes++;
        label[node] = b;
        depth[node] = depth[parent] + 1;
        sibling[node] = child[parent];
        child[parent] = node;
        if (parent == 0) {
            root[b & 0xff] = node;
        }
        return node;
    }

    /** To be called once, after the last text. */
    void link() {
        int[] queue = new int[nodes];
        int end = 0;
        for (int node = child[0]; node != 0; node = sibling[node]) {
            queue[end++] = node;
        }
        for (int at = 0; at < end; at++) {
            int parent = queue[at];
            for (int node = child[parent]; node != 0; node = sibling[node]) {
                int back = next(fail[parent], label[node]);
                fail[node] = back;
                if (found[node] == 0) {
                    found[node] = found[back];
                    open[node] = open[back];
                } else {
                    open[node] |= (byte) (open[back] & OPEN_RIGHT);
                }
                queue[end++] = node;
            }
        }
    }

    private int child(int node, byte b) {
        if (node == 0) {
            return root[b & 0xff];
        }
        int next = child[node];
        while (next != 0 && label[next] != b) {
            next = sibling[next];
        }
        return next;
    }

    /** From what was seen to what is seen with one byte more; 0 is nothing. */
    int next(int state, byte b) {
        int from = state;
        while (true) {
            int next = child(from, b);
            if (next != 0 || from == 0) {
                return next;
            }
            from = fail[from];
        }
    }

    /** How many of the last bytes may be the beginning of a text. */
    int depth(int state) {
        return depth[state];
    }

    /** The length of the longest text that ends here, or 0. */
    int found(int state) {
        return found[state];
    }

    boolean isOpen(int state, int side) {
        return (open[state] & side) != 0;
    }

    int longest() {
        return longest;
    }

    int size() {
        return nodes;
    }
}
