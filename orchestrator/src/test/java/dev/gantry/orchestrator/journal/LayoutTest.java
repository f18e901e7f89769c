package dev.gantry.orchestrator.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.database.TestPostgres;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** What an execution left is one range of each table; keys and letters are gone by themselves. */
class LayoutTest {
    private final Jdbi jdbi = TestPostgres.migrated().jdbi();

    private List<String> names(String sql) {
        return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    @Test
    void everyTableOfExecutionsIsFoundByTheirIdsFirst() {
        assertThat(
                        names(
                                """
                                select c.relname from pg_class c
                                  join pg_attribute a on a.attrelid = c.oid and a.attname = 'execution_id'
                                 where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
                                """))
                .contains(
                        "journal",
                        "blob",
                        "snapshot",
                        "step_entry",
                        "step_log",
                        "artifact",
                        "artifact_part");
        assertThat(
                        names(
                                """
                                select c.relname from pg_class c
                                  join pg_attribute a on a.attrelid = c.oid and a.attname = 'execution_id'
                                 where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
                                   and c.relname not in ('start_key', 'letter')
                                   and not exists (select 1 from pg_index i
                                                    where i.indrelid = c.oid and i.indisunique
                                                      and i.indkey[0] = a.attnum)
                                """))
                .isEmpty();
    }

    @Test
    void whatGrowsHasNoIndexBesideItsKey() {
        assertThat(
                        names(
                                """
                                select i.indexrelid::regclass::text from pg_index i
                                 where not i.indisprimary and i.indrelid in (
                                    'journal'::regclass, 'blob'::regclass, 'snapshot'::regclass,
                                    'step_entry'::regclass, 'step_log'::regclass, 'artifact'::regclass,
                                    'artifact_part'::regclass)
                                """))
                .isEmpty();
    }
}
