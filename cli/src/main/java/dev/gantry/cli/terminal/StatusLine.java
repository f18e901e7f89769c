package dev.gantry.cli.terminal;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A last line on a terminal that changes until something is printed above it. Where nothing can be
 * overwritten, there is none.
 */
public final class StatusLine implements AutoCloseable {
    private static final String[] SPINNER = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    private static final long TICK_MILLIS = 100;
    private static final String CLEAR = "\r\u001b[K";

    private final Terminal terminal;
    private final Supplier<String> text;
    private @Nullable Thread ticker;
    private boolean shown;
    private int tick;

    /**
     * @param text what the line says now; nothing to show no line
     */
    public StatusLine(Terminal terminal, Supplier<String> text) {
        this.terminal = terminal;
        this.text = text;
    }

    public StatusLine start() {
        if (terminal.isLive()) {
            ticker = Thread.ofVirtual().name("status-line").start(this::run);
        }
        return this;
    }

    private void run() {
        try {
            while (true) {
                draw();
                Thread.sleep(TICK_MILLIS);
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    private synchronized void draw() {
        if (Thread.currentThread().isInterrupted()) {
            return;
        }
        String line = text.get();
        clear();
        if (!line.isEmpty()) {
            String frame = SPINNER[tick++ % SPINNER.length];
            String cut = cut(line, terminal.columns() - 3);
            terminal.out().print(terminal.style().cyan(frame) + " " + terminal.style().dim(cut));
            terminal.out().flush();
            shown = true;
        }
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, Math.max(0, most - 1)) + "…";
    }

    private void clear() {
        if (shown) {
            terminal.out().print(CLEAR);
            terminal.out().flush();
            shown = false;
        }
    }

    /** Prints a line above this one. */
    public synchronized void print(String line) {
        clear();
        terminal.print(line);
    }

    @Override
    public void close() {
        if (ticker != null) {
            ticker.interrupt();
        }
        synchronized (this) {
            clear();
        }
    }
}
