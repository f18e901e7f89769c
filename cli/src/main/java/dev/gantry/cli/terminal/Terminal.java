package dev.gantry.cli.terminal;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where output goes. Everything is UTF-8, whatever the locale: it is what terminals and files of
 * today expect.
 */
public final class Terminal {
    private final OutputStream raw;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Style style;
    private final int columns;

    /**
     * @param columns how wide the terminal is; 0 if the output goes elsewhere
     */
    public Terminal(OutputStream out, OutputStream err, Style style, int columns) {
        this.raw = out;
        this.out = new PrintWriter(out, false, StandardCharsets.UTF_8);
        this.err = new PrintWriter(err, true, StandardCharsets.UTF_8);
        this.style = style;
        this.columns = columns;
    }

    /** That of this process. */
    public static Terminal system(Map<String, String> environment) {
        // Unbuffered below the writers, which flush what belongs together at once.
        return new Terminal(
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                isTerminal() && hasColour(environment) ? Style.ANSI : Style.PLAIN,
                isTerminal() ? columns(environment.get("COLUMNS")) : 0);
    }

    // Whether it can be null depends on which console the JDK has; 22 to 24 and 25 differ.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** As https://no-color.org asks. */
    static boolean hasColour(Map<String, String> environment) {
        String term = environment.getOrDefault("TERM", "dumb");
        return environment.getOrDefault("NO_COLOR", "").isEmpty() && !term.equals("dumb");
    }

    private static int columns(@Nullable String text) {
        return text != null && text.matches("[1-9]\\d{1,3}") ? Integer.parseInt(text) : 80;
    }

    public Style style() {
        return style;
    }

    public PrintWriter out() {
        return out;
    }

    public PrintWriter err() {
        return err;
    }

    /** For bytes that go through as they are; nothing that was printed before is overtaken. */
    public OutputStream raw() {
        out.flush();
        return raw;
    }

    /**
     * Passes bytes through as they are. A last line without an end gets one if something follows
     * it, be it the prompt of a terminal; files and programs get exactly the bytes.
     */
    public void copy(InputStream bytes, boolean isLast) throws IOException {
        OutputStream through = raw();
        byte[] buffer = new byte[64 * 1024];
        byte last = '\n';
        for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
            if (read > 0) {
                through.write(buffer, 0, read);
                through.flush();
                last = buffer[read - 1];
            }
        }
        if (last != '\n' && (columns > 0 || !isLast)) {
            through.write('\n');
            through.flush();
        }
    }

    /** How wide the terminal is; 0 if the output goes elsewhere. */
    public int columns() {
        return columns;
    }

    /** Whether what was printed can be overwritten. */
    public boolean isLive() {
        return columns > 0 && style == Style.ANSI;
    }

    public void print(String line) {
        out.println(line);
        out.flush();
    }

    /** For people only: it goes to the error stream, so that a script's output stays clean. */
    public void note(String line) {
        out.flush();
        err.println(line);
    }
}
