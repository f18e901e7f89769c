package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.database.CommitPool;
import dev.gantry.orchestrator.engine.Census;
import dev.gantry.orchestrator.engine.CloudEvents;
import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Ledger;
import dev.gantry.orchestrator.engine.Post;
import dev.gantry.orchestrator.engine.ReadRows;
import dev.gantry.orchestrator.payload.PayloadCodec;
import java.time.Clock;
import org.jdbi.v3.core.Jdbi;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class JournalConfiguration {
    @Bean
    EntryCodec entryCodec() {
        return new EntryCodec();
    }

    @Bean
    Journal journal(Jdbi jdbi, CommitPool commits, EntryCodec codec, PayloadCodec payloads) {
        return new JdbiJournal(jdbi, commits.jdbi(), commits.committers(), codec, payloads);
    }

    @Bean
    ReadRows readRows(Jdbi jdbi, EntryCodec codec, PayloadCodec payloads) {
        return new JdbiReadRows(jdbi, codec, payloads);
    }

    @Bean
    CloudEvents cloudEvents(Jdbi jdbi, PayloadCodec payloads, Clock clock) {
        return new JdbiCloudEvents(jdbi, payloads, clock);
    }

    @Bean
    ExecutionIndex executionIndex(Jdbi jdbi, PayloadCodec payloads) {
        return new JdbiExecutionIndex(jdbi, payloads);
    }

    @Bean
    Post post(Jdbi jdbi, PayloadCodec payloads) {
        return new JdbiPost(jdbi, payloads);
    }

    @Bean
    Ledger ledger(Jdbi jdbi) {
        return new JdbiLedger(jdbi);
    }

    @Bean
    Census census(Jdbi jdbi) {
        return new JdbiCensus(jdbi);
    }
}
