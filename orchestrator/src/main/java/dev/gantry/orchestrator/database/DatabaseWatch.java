package dev.gantry.orchestrator.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks PostgreSQL all the time whether it is there, so that everybody else is refused at once while
 * it is not, instead of waiting for it, and so that the embedded one is started again.
 */
public final class DatabaseWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseWatch.class);
    private static final Duration BETWEEN = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Source source;
    private final Revival revival;
    private final Clock clock;
    private final Thread thread;
    private @Nullable Connection connection;
    private volatile @Nullable Trouble trouble;
    private final List<Runnable> onTrouble = new CopyOnWriteArrayList<>();
    private long reviveAt;
    private Duration pause = BETWEEN;

    /** Gives a new connection, outside of any pool and with time limits. */
    interface Source {
        Connection open() throws SQLException;
    }

    /** Starts again what died; does nothing if it did not, or is none of ours. */
    interface Revival {
        /** Whether there was something to start. */
        boolean attempt() throws IOException;
    }

    /** Since when the database is not there, and why. */
    public record Trouble(String reason, Instant since) {}

    DatabaseWatch(Source source, Revival revival, Clock clock) {
        this.source = source;
        this.revival = revival;
        this.clock = clock;
        this.thread =
                Thread.ofPlatform().daemon().name("gantry-database-watch").unstarted(this::run);
    }

    /** Empty while the database answers. */
    public Optional<Trouble> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** What is to be done as soon as the database is known not to be there. */
    void onTrouble(Runnable action) {
        onTrouble.add(action);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!Thread.interrupted()) {
                look();
                Thread.sleep(BETWEEN);
            }
        } catch (InterruptedException _) {
            // Closed.
        } finally {
            disconnect();
        }
    }

    private void look() {
        String failure = ask();
        if (failure != null && trouble == null) {
            // One connection that is lost, or one answer that is late, is no outage yet.
            failure = ask();
        }
        Trouble before = trouble;
        if (failure == null) {
            if (before != null) {
                trouble = null;
                pause = BETWEEN;
                reviveAt = 0;
                LOG.info(
                        "PostgreSQL answers again after {} s",
                        Duration.between(before.since(), clock.instant()).toSeconds());
            }
            return;
        }
        if (before == null) {
            trouble = new Trouble(failure, clock.instant());
            LOG.warn("PostgreSQL does not answer, requests are refused until it does: {}", failure);
            onTrouble.forEach(Runnable::run);
        }
        revive();
    }

    /** With growing pauses: what makes it fail may last. */
    private void revive() {
        long now = System.nanoTime();
        if (reviveAt != 0 && now < reviveAt) {
            return;
        }
        try {
            if (!revival.attempt()) {
                return;
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("PostgreSQL could not be started again: {}", e.getMessage());
        }
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        reviveAt = now + pause.toNanos();
    }

    /** What went wrong; null if it answered. */
    private @Nullable String ask() {
        try {
            Connection asked = connection;
            if (asked == null) {
                asked = source.open();
                connection = asked;
            }
            try (Statement statement = asked.createStatement()) {
                statement.execute("select 1");
            }
            return null;
        } catch (SQLException e) {
            disconnect();
            return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
        }
    }

    private void disconnect() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException _) {
                // It is gone already.
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
