package dev.gantry.orchestrator.database;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;
import org.springframework.dao.DataAccessResourceFailureException;

/** What a failure that PostgreSQL had a part in says of who is at fault. */
public enum DatabaseFault {
    /** The database is known to be away: it was not asked, and the watch has said so in the log. */
    AWAY,
    /** It is stopping, full, lost, or did not answer in time: the same works later. */
    OUTAGE,
    /** A value has a character that PostgreSQL cannot store: the caller's fault. */
    UNSTORABLE,
    /** None of these. */
    OTHER;

    /**
     * Classes of SQL states: 08 connection, 25006 read only, 25P03 idle too long, 40 conflict, 53
     * disk, memory or connections used up, 55 lock not available, 57 stopping or over the time
     * limit, 58 input and output.
     */
    private static final Set<String> OUTAGES = Set.of("08", "40", "53", "55", "57", "58");

    private static final Set<String> MORE_OUTAGES = Set.of("25006", "25P03");
    private static final Set<String> BAD_CHARACTERS = Set.of("22021", "22P05");

    /** Refused by the watch. */
    static final class AwayException extends SQLTransientConnectionException {
        private static final long serialVersionUID = 1L;

        AwayException(String reason) {
            super("PostgreSQL does not answer: " + reason, "08001");
        }
    }

    public boolean isOutage() {
        return this == AWAY || this == OUTAGE;
    }

    public static DatabaseFault of(Throwable failure) {
        boolean unreached = false;
        int depth = 0;
        for (Throwable at = failure; at != null && depth < 50; at = at.getCause(), depth++) {
            if (at instanceof SQLException sql) {
                return unreached && !(sql instanceof AwayException) ? OUTAGE : of(sql);
            }
            unreached |=
                    at instanceof ConnectionException
                            || at instanceof DataAccessResourceFailureException;
        }
        return unreached ? OUTAGE : OTHER;
    }

    private static DatabaseFault of(SQLException failure) {
        if (failure instanceof AwayException) {
            return AWAY;
        }
        String state = failure.getSQLState();
        if (failure instanceof SQLTransientException
                || failure instanceof SQLRecoverableException) {
            return OUTAGE;
        }
        if (state == null || state.length() < 2) {
            // The pool's own: it is closed, or has taken the connection back.
            return OUTAGE;
        }
        if (OUTAGES.contains(state.substring(0, 2)) || MORE_OUTAGES.contains(state)) {
            return OUTAGE;
        }
        boolean zero =
                state.equals("22023")
                        && String.valueOf(failure.getMessage()).startsWith("Zero bytes");
        return zero || BAD_CHARACTERS.contains(state) ? UNSTORABLE : OTHER;
    }
}
