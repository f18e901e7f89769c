package dev.gantry.orchestrator.definition.expression;

/** A text that looks at the clock while a pattern backtracks over it. */
public final class WatchedText implements CharSequence {
    private final String text;
    private final long deadline = System.nanoTime() + Budget.MAX_NANOS;
    private int looks;

    public WatchedText(String text) {
        this.text = text;
    }

    /** The pattern takes too long. */
    public static final class TooSlow extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private TooSlow() {
            super(
                    "the regular expression takes longer than %d ms"
                            .formatted(Budget.MAX_NANOS / 1_000_000),
                    null,
                    false,
                    false);
        }
    }

    @Override
    public char charAt(int index) {
        if ((++looks & 0x3FFF) == 0) {
            Budget.checkTime();
            if (System.nanoTime() - deadline > 0) {
                throw new TooSlow();
            }
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
