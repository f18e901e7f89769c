package dev.gantry.orchestrator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.ConnectionFactory;

/**
 * The pool's connections, none while the database is away: who waits for one then waits in vain.
 */
final class WatchedConnections implements ConnectionFactory {
    private final ConnectionFactory pool;
    private final DatabaseWatch watch;
    private final Set<Connection> lent = ConcurrentHashMap.newKeySet();

    WatchedConnections(ConnectionFactory pool, DatabaseWatch watch) {
        this.pool = pool;
        this.watch = watch;
        watch.onTrouble(this::cut);
    }

    @Override
    public Connection openConnection() throws SQLException {
        Optional<DatabaseWatch.Trouble> trouble = watch.trouble();
        if (trouble.isPresent()) {
            throw new DatabaseFault.AwayException(trouble.get().reason());
        }
        Connection connection = pool.openConnection();
        lent.add(connection);
        return connection;
    }

    @Override
    public void closeConnection(Connection connection) throws SQLException {
        lent.remove(connection);
        pool.closeConnection(connection);
    }

    /** Who waits for an answer of a database that hangs learns now that none will come. */
    private void cut() {
        for (Connection connection : lent) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException _) {
                // It is gone already.
            }
        }
    }
}
