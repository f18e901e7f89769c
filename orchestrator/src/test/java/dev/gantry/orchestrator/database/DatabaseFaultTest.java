package dev.gantry.orchestrator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What PostgreSQL's own errors are taken for. */
class DatabaseFaultTest {
    private static final Jdbi JDBI = TestPostgres.empty().jdbi();

    @Test
    void aStatementOverTheTimeLimitIsAnOutage() {
        assertThat(faultOf("set statement_timeout = 20; select pg_sleep(60)"))
                .isEqualTo(DatabaseFault.OUTAGE);
    }

    @Test
    void aTransactionThatWasIdleForTooLongIsAnOutage() {
        Throwable thrown =
                catchThrowable(() ->
                        JDBI.useTransaction(handle -> {
                            handle.execute("set idle_in_transaction_session_timeout = 20");
                            TimeUnit.MILLISECONDS.sleep(500);
                            handle.execute("select 1");
                        }));

        assertThat(DatabaseFault.of(thrown)).isEqualTo(DatabaseFault.OUTAGE);
    }

    /** A server that stops interrupts who waits, and the driver ends the connection with it. */
    @Test
    void aQueryWhoseThreadIsInterruptedIsAnOutage() throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread thread =
                Thread.ofVirtual()
                        .start(() ->
                                ended.complete(
                                        catchThrowable(() ->
                                                JDBI.useHandle(handle ->
                                                        handle.execute("select pg_sleep(60)")))));
        awaitSleeping();

        thread.interrupt();

        assertThat(DatabaseFault.of(ended.get(30, TimeUnit.SECONDS)))
                .isEqualTo(DatabaseFault.OUTAGE);
    }

    private static void awaitSleeping() {
        await().until(() ->
                JDBI.withHandle(handle ->
                        handle.createQuery(
                                        """
                                        select exists (select from pg_stat_activity
                                         where wait_event = 'PgSleep' and datname = current_database())
                                        """)
                                .mapTo(Boolean.class)
                                .one()));
    }

    @ParameterizedTest
    @CsvSource({
        "53100, OUTAGE", // disk full
        "53300, OUTAGE", // too many connections
        "55P03, OUTAGE", // lock not available
        "57P01, OUTAGE", // admin shutdown
        "58030, OUTAGE", // input or output error
        "25006, OUTAGE", // read only, as after a fail-over
        "40001, OUTAGE", // serialization failure
        "23505, OTHER",
        "42P01, OTHER",
        "22012, OTHER",
        "22021, UNSTORABLE"
    })
    void othersAreTakenByTheirState(String state, DatabaseFault fault) {
        assertThat(
                        faultOf(
                                "do $$ begin raise exception 'told' using errcode = '%s'; end $$"
                                        .formatted(state)))
                .isEqualTo(fault);
    }

    private static DatabaseFault faultOf(String sql) {
        return DatabaseFault.of(
                catchThrowable(() -> JDBI.useHandle(handle -> handle.execute(sql))));
    }
}
