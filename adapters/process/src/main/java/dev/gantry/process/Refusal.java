package dev.gantry.process;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;

/** Why a workload is not begun, where its author must act. */
public final class Refusal {
    private Refusal() {}

    /** It cannot be run as it is. */
    public static Failure invalid(String message) {
        return of(Code.INVALID_WORKLOAD, message);
    }

    /** The platform's settings do not let its tenant have what it asks for. */
    public static Failure notAllowed(String message) {
        return of(Code.NOT_ALLOWED, message);
    }

    private static Failure of(String code, String message) {
        return new Failure(code, message, Actor.AUTHOR, false, Progress.NEVER_STARTED);
    }
}
