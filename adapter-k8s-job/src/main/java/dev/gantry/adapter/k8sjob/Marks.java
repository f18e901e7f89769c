package dev.gantry.adapter.k8sjob;

import java.nio.charset.StandardCharsets;

/** Finds Gantry's own text in what a pod prints. */
final class Marks {
    private final byte[] mark;

    Marks(String mark) {
        this.mark = mark.getBytes(StandardCharsets.US_ASCII);
    }

    boolean none() {
        return mark.length == 0;
    }

    int length() {
        return mark.length;
    }

    /**
     * Where the mark, or its beginning at the end of the bytes, is; {@code to} if it is nowhere.
     */
    int find(byte[] bytes, int from, int to) {
        if (mark.length == 0) {
            return to;
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] == mark[0] && isAt(bytes, i, to)) {
                return i;
            }
        }
        return to;
    }

    private boolean isAt(byte[] bytes, int at, int to) {
        for (int i = 0; i < mark.length && at + i < to; i++) {
            if (bytes[at + i] != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
