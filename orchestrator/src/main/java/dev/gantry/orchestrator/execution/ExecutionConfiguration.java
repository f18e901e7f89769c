package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.cluster.JdbiDuties;
import dev.gantry.orchestrator.cluster.JdbiNodeList;
import dev.gantry.orchestrator.cluster.JdbiShardLeases;
import dev.gantry.orchestrator.cluster.Node;
import dev.gantry.orchestrator.cluster.NodeNames;
import dev.gantry.orchestrator.cluster.Nodes;
import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.definition.Resources;
import dev.gantry.orchestrator.definition.Workloads;
import dev.gantry.orchestrator.definition.plan.Plans;
import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Ledger;
import dev.gantry.orchestrator.engine.Post;
import dev.gantry.orchestrator.engine.ReadRows;
import dev.gantry.orchestrator.installation.DataFolder;
import dev.gantry.orchestrator.installation.Development;
import dev.gantry.orchestrator.installation.Installation;
import dev.gantry.orchestrator.installation.StartRefused;
import dev.gantry.orchestrator.payload.PayloadCodec;
import dev.gantry.orchestrator.runner.ResourceFetch;
import dev.gantry.orchestrator.runner.Runners;
import java.nio.file.Path;
import java.time.Clock;
import org.jdbi.v3.core.Jdbi;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ExecutionProperties.class)
class ExecutionConfiguration {

    @Bean
    StepOutput stepOutput(Jdbi jdbi, PayloadCodec payloads) {
        return new JdbiStepOutput(jdbi, payloads);
    }

    @Bean
    SecretFiles secretFiles(
            @Value("${gantry.secrets.directory:${gantry.data-dir:.gantry}/secrets}") Path folder) {
        return new SecretFiles(folder);
    }

    @Bean
    Catalog catalog(Definitions definitions, Plans plans, SecretFiles secrets) {
        return new RegistryCatalog(definitions, plans, secrets);
    }

    @Bean
    Resources resources(ResourceFetch fetch, SecretFiles secrets) {
        return new AuthenticatedResources(fetch, secrets);
    }

    @Bean
    Workloads workloads(Runners runners) {
        return new AdapterWorkloads(runners);
    }

    @Bean
    Watchers watchers() {
        return new Watchers();
    }

    @Bean
    Node node(
            DataFolder folder,
            ExecutionProperties properties,
            ObjectProvider<BuildProperties> build) {
        BuildProperties known = build.getIfAvailable();
        return NodeNames.of(
                folder,
                properties.node(),
                known == null ? "dev" : String.valueOf(known.getVersion()));
    }

    @Bean
    Nodes nodes(Jdbi jdbi, Node self) {
        return new JdbiNodeList(jdbi, self);
    }

    @Bean(destroyMethod = "close")
    JdbiDuties duties(Jdbi jdbi, Node self, ExecutionProperties properties) {
        return new JdbiDuties(jdbi, self, properties.lease());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    ExecutionNode executionNode(
            ExecutionProperties properties,
            Clock clock,
            Journal journal,
            ExecutionIndex index,
            Ledger ledger,
            Jdbi jdbi,
            Runners runners,
            Catalog catalog,
            StepOutput outputs,
            Watchers watchers,
            ExecutionMeters meters,
            ExecutionSpans spans,
            Node self,
            Post letters,
            Installation installation,
            Development development) {
        if (properties.crashes() && (!development.enabled() || properties.lanes() != 1)) {
            throw new StartRefused(
                    "gantry.execution.crashes is for tests of Gantry itself",
                    "Remove it, or set development mode and gantry.execution.lanes to 1.",
                    null);
        }
        return new ExecutionNode(
                properties,
                clock,
                journal,
                index,
                new JdbiShardLeases(jdbi),
                ledger,
                runners,
                catalog,
                outputs,
                watchers,
                meters,
                spans,
                self,
                letters,
                installation.id());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    IdempotencyKeys idempotencyKeys(
            ExecutionProperties properties, Clock clock, ExecutionIndex index) {
        return new IdempotencyKeys(properties, clock, index);
    }

    @Bean
    Draining draining(ExecutionNode node, ExecutionProperties properties) {
        return new Draining(node, properties.drain());
    }

    @Bean
    EventDelivery eventDelivery(ExecutionNode node) {
        return new EventDelivery(node);
    }

    @Bean
    ExecutionReader executionReader(
            ReadRows rows, ExecutionIndex index, Catalog catalog, ExecutionNode node) {
        return new ExecutionReader(rows, index, catalog, node::blocker);
    }

    @Bean
    Executions executions(
            ExecutionNode node,
            ExecutionIndex index,
            Ledger ledger,
            Catalog catalog,
            Runners runners,
            StepOutput outputs,
            Watchers watchers,
            ExecutionReader reader) {
        return new ExecutionService(
                node,
                index,
                ledger,
                new ExecutionStarts(node, index, catalog, runners),
                outputs,
                watchers,
                reader);
    }
}
