package dev.gantry.orchestrator;

import java.io.PrintStream;

/** Speaks to the person who starts the server; everything else is logged. */
final class Terminal {
    private Terminal() {}

    static void say(String text) {
        write(System.out, text);
    }

    static void complain(String text) {
        write(System.err, text);
    }

    private static void write(PrintStream stream, String text) {
        stream.println(text.stripTrailing());
        stream.flush();
    }
}
