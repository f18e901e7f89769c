package dev.gantry.adapter.k8sjob;

import java.io.IOException;

/** Where there is no log any more, nodes answer with words, and that all is well. */
final class LogGone extends IOException {
    private static final long serialVersionUID = 1L;

    LogGone(String message) {
        super(message);
    }
}
