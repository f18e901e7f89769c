package dev.gantry.spi;

/** What the backend knows about a handle, asked after a restart or a lost reply. */
public sealed interface Probe {
    /** Authoritative: the workload did not begin. {@code run} may be called. */
    record NeverStarted() implements Probe {}

    /** It runs now. {@code reattach} goes on observing it. */
    record Running() implements Probe {}

    /** It ended, and this is how. */
    record Done(Outcome outcome) implements Probe {}

    /** Nothing of it is there any more; whether it ran cannot be told. */
    record Gone() implements Probe {}

    /** The backend does not answer or cannot tell; ask again later. */
    record Unknown(String reason) implements Probe {}
}
