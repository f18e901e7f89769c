package dev.gantry.cli;

/** What the client's exit codes mean; scripts rely on them. */
final class Exit {
    static final int OK = 0;

    /** The workflow faulted or was cancelled, or a demo failed. */
    static final int FAILED = 1;

    /** Wrong usage, or input that the server finds invalid. */
    static final int INVALID = 2;

    static final int NOT_FOUND = 3;

    /** Refused in the current state: a conflict, a wrong status, a missing adapter. */
    static final int REFUSED = 4;

    /** No server answers, or it can not serve now. */
    static final int UNREACHABLE = 5;

    static final int UNAUTHORIZED = 6;

    /** The server or the client itself is at fault. */
    static final int BROKEN = 7;

    private Exit() {}
}
