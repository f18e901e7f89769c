package dev.gantry.benchmarks;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import javax.sql.DataSource;

/** The same three steps on DBOS Transact for Java, on the same PostgreSQL. */
public final class Dbos {
    private Dbos() {}

    /** What DBOS proxies. */
    public interface Work {
        String three(String input);
    }

    /** Three steps that give their input back. */
    public static final class ThreeSteps implements Work {
        private final DBOS dbos;

        ThreeSteps(DBOS dbos) {
            this.dbos = dbos;
        }

        @Override
        @Workflow(name = "three")
        public String three(String input) {
            String a = dbos.runStep(() -> input, "a");
            String b = dbos.runStep(() -> a, "b");
            return dbos.runStep(() -> b, "c");
        }
    }

    /** A started DBOS with its workflow. */
    record Started(DBOS dbos, Work work) implements AutoCloseable {
        @Override
        public void close() {
            dbos.close();
        }
    }

    static Started start(DataSource database) {
        DBOS dbos =
                new DBOS(
                        DBOSConfig.defaults("benchmark")
                                .withDataSource(database)
                                .withMigrate(true));
        Work work = dbos.registerProxy(Work.class, new ThreeSteps(dbos));
        dbos.launch();
        return new Started(dbos, work);
    }
}
