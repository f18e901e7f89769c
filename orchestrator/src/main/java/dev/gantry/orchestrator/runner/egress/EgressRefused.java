package dev.gantry.orchestrator.runner.egress;

/** A destination is not allowed. The message says which and why, and no more than its host. */
public final class EgressRefused extends Exception {
    private static final long serialVersionUID = 1L;

    EgressRefused(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
