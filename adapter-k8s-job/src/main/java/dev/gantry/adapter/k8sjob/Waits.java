package dev.gantry.adapter.k8sjob;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** For how long a step has been held back, by what. */
final class Waits {
    private static final Duration ASK = Duration.ofSeconds(3);

    private final K8sSettings.Patience patience;
    private Verdict.@Nullable Hold hold;
    private long since = System.nanoTime();
    private long asked = System.nanoTime();

    Waits(K8sSettings.Patience patience) {
        this.patience = patience;
    }

    /** Whether what holds it back now has done so for too long. */
    boolean isOver(Verdict.Hold now) {
        if (now != hold) {
            hold = now;
            since = System.nanoTime();
        }
        Duration most =
                switch (now) {
                    case QUEUE -> null;
                    case SCHEDULER -> patience.start();
                    case NODE -> patience.node();
                    case IMAGE -> patience.image();
                    case HOPELESS -> Duration.ZERO;
                };
        return most != null && System.nanoTime() - since >= most.toNanos();
    }

    /** What is not watched is asked for now and then. */
    boolean isTimeToAsk() {
        if (System.nanoTime() - asked < ASK.toNanos()) {
            return false;
        }
        asked = System.nanoTime();
        return true;
    }
}
