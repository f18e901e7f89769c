package dev.gantry.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** The same three steps by every engine in turn, for each number of callers. */
final class Callers {
    /** Code is compiled by then, and PostgreSQL has seen its tables. */
    private static final int FIRST_CALLERS = 64;

    private static final int READ_IDS = 1_000;
    private static final List<String> ONLY =
            Pattern.compile(",")
                    .splitAsStream(System.getProperty("only", ""))
                    .filter(name -> !name.isEmpty())
                    .toList();

    private final Server server;
    private final HttpLoad http;
    private final Duration warmUp;
    private final Duration measured;
    private final List<Row> rows = new ArrayList<>();

    Callers(Server server, HttpLoad http, Times times) {
        this.server = server;
        this.http = http;
        this.warmUp = times.warmUp();
        this.measured = times.measured();
    }

    /** How long each measurement takes, and what goes before it. */
    record Times(Duration warmUp, Duration measured) {}

    List<Row> measure(List<Integer> callers) throws Exception {
        System.out.printf(
                "%n## Callers%n%nHTTP is driven by %s. Costs are those of one workflow, or of one request.%n%n",
                http.name());
        try (HikariDataSource pool = dbosPool(server);
                Dbos.Started dbos = Dbos.start(pool)) {
            Load.Call transact = () -> dbos.work().three("{\"order\": 4711}");
            warm(transact);
            Row.printHead();
            for (int count : callers) {
                inside(Row.IN_PROCESS, count, server::run);
                outside(Row.HTTP, count, Request.start(server, Server.MOCK, "", true));
                outside(Row.ADAPTERS, count, Request.get(server, List.of("/v1/adapters")));
                outside(Row.READ, count, Request.get(server, ids()));
                inside(Row.DBOS, count, transact);
                bare(Row.BARE_1, count, 1);
                bare(Row.BARE_2, count, 2);
            }
        }
        printRows();
        return rows;
    }

    private static HikariDataSource dbosPool(Server server) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.database());
        config.setMaximumPoolSize(20);
        return new HikariDataSource(config);
    }

    private void warm(Load.Call transact) throws Exception {
        Duration time = warmUp.multipliedBy(3);
        Load.closed(FIRST_CALLERS, time, Duration.ZERO, Load.Span.NONE, server::run);
        http.closed(Request.start(server, Server.MOCK, "", true), FIRST_CALLERS, time);
        Load.closed(FIRST_CALLERS, time, Duration.ZERO, Load.Span.NONE, transact);
    }

    private void inside(String name, int callers, Load.Call call) throws Exception {
        if (isLeftOut(name)) {
            return;
        }
        Costs.Meter meter = new Costs.Meter(server);
        Load.Result result =
                Load.closed(callers, warmUp, measured, Profile.around(meter, name, callers), call);
        add(new Row(name, callers, result, meter.each(result.perSecond())));
    }

    private void outside(String name, int callers, Request request) throws Exception {
        if (isLeftOut(name)) {
            return;
        }
        http.closed(request, callers, warmUp);
        Costs.Meter meter = new Costs.Meter(server);
        Load.Span span = Profile.around(meter, name, callers);
        span.begins();
        Load.Result result = http.closed(request, callers, measured);
        span.ends();
        add(new Row(name, callers, result, meter.each(result.perSecond())));
    }

    private void bare(String name, int callers, int committers) throws Exception {
        if (isLeftOut(name)) {
            return;
        }
        try (BareLoop loop = BareLoop.start(server, committers, BareLoop.BY_INDEX)) {
            inside(name, callers, loop::run);
        }
    }

    private static boolean isLeftOut(String name) {
        return !ONLY.isEmpty() && !ONLY.contains(name);
    }

    private void add(Row row) {
        rows.add(row);
        row.print();
    }

    private List<String> ids() {
        return server.jdbi()
                .withHandle(handle ->
                        handle.createQuery(
                                        """
                                        select '/v1/executions/' || id from execution
                                         where tenant_id = 'default' and status = 6
                                         order by started_at desc limit :most
                                        """)
                                .bind("most", READ_IDS)
                                .mapTo(String.class)
                                .list());
    }

    /** So that one sees whether the bare loop still writes what Gantry does. */
    private void printRows() {
        System.out.printf(
                "%nRows a workflow; the bare loop writes what W1 does:%n%n| table | new | changed |%n|---|---|---|%n");
        server.jdbi()
                .useHandle(handle -> {
                    printRows(handle, "public", "execution");
                    printRows(handle, "bare", "bare.execution");
                });
    }

    private static void printRows(Handle handle, String schema, String heads) {
        handle.createQuery(
                        """
                        select t.schemaname || '.' || t.relname as name,
                               t.n_tup_ins::float8 / h.n_tup_ins as added,
                               t.n_tup_upd::float8 / h.n_tup_ins as changed
                          from pg_stat_user_tables t,
                               (select n_tup_ins from pg_stat_user_tables
                                 where relid = to_regclass(:heads) and n_tup_ins > 0) h
                         where t.schemaname = :schema
                           and t.n_tup_ins + t.n_tup_upd >= h.n_tup_ins / 100.0
                         order by 1
                        """)
                .bind("heads", heads)
                .bind("schema", schema)
                .map((rs, context) ->
                        String.format(
                                Locale.ROOT,
                                "| %s | %.2f | %.2f |",
                                rs.getString("name"),
                                rs.getDouble("added"),
                                rs.getDouble("changed")))
                .forEach(System.out::println);
    }
}
