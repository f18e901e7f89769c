package dev.gantry.orchestrator.definition.plan;

/** An expression could not be evaluated; the message says which, on what, and why. */
public class ExpressionException extends Exception {
    private static final long serialVersionUID = 1L;

    public ExpressionException(String message) {
        super(message);
    }

    public ExpressionException(String message, Throwable cause) {
        super(message, cause);
    }
}
