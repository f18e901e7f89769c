package dev.gantry.orchestrator.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;

/**
 * Connections of their own for what is written all the time in the same few statements: who queries
 * is not in their way. Statements are planned once, and by index: one that was planned while its
 * tables were young would read them whole ever after.
 */
public final class CommitPool implements AutoCloseable {
    private static final String PLANS =
            "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off";

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final int committers;

    /**
     * @param most connections at most; there are as many as were needed at once
     */
    CommitPool(DataSource driver, DatabaseSettings settings, DatabaseWatch watch, int most) {
        this.committers = settings.committers();
        HikariConfig config = new HikariConfig();
        config.setPoolName("gantry-commits");
        config.setDataSource(driver);
        config.setMaximumPoolSize(most);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(settings.patience().toMillis());
        config.setValidationTimeout(Math.max(250, settings.patience().toMillis() / 2));
        config.setInitializationFailTimeout(DatabaseSettings.START.toMillis());
        config.setConnectionInitSql(settings.sessionLimits() + "; " + PLANS);
        this.pool = new HikariDataSource(config);
        this.jdbi =
                Jdbi.create(new WatchedConnections(pool::getConnection, watch))
                        .installPlugin(new PostgresPlugin());
    }

    /** How many may commit at the same time. */
    public int committers() {
        return committers;
    }

    public Jdbi jdbi() {
        return jdbi;
    }

    @Override
    public void close() {
        pool.close();
    }
}
