package dev.gantry.orchestrator.database;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** What the watch knows: it answers at once, also while the database does not. */
final class DatabaseHealth extends AbstractHealthIndicator {
    private final DatabaseWatch watch;

    DatabaseHealth(DatabaseWatch watch) {
        this.watch = watch;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        watch.trouble()
                .ifPresent(trouble ->
                        health.down()
                                .withDetail("reason", trouble.reason())
                                .withDetail("since", trouble.since().toString()));
    }
}
