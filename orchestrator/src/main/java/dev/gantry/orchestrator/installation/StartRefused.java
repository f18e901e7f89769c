package dev.gantry.orchestrator.installation;

import org.jspecify.annotations.Nullable;

/** The server does not start, for a reason that its operator can mend. */
public final class StartRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String mend;

    /**
     * @param reason what stands in the way
     * @param mend what to do about it
     */
    public StartRefused(String reason, String mend) {
        this(reason, mend, null);
    }

    public StartRefused(String reason, String mend, @Nullable Throwable cause) {
        super(reason, cause);
        this.mend = mend;
    }

    public String mend() {
        return mend;
    }
}
