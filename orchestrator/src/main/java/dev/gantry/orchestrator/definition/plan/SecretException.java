package dev.gantry.orchestrator.definition.plan;

/** A secret is not there, or not for this tenant; the message says which, never what it holds. */
public final class SecretException extends ExpressionException {
    private static final long serialVersionUID = 1L;

    public SecretException(String message) {
        super(message);
    }
}
