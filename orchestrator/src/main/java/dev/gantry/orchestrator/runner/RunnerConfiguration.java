package dev.gantry.orchestrator.runner;

import dev.gantry.orchestrator.installation.Development;
import dev.gantry.orchestrator.installation.Installation;
import dev.gantry.orchestrator.installation.StartRefused;
import dev.gantry.orchestrator.runner.AdapterDiscovery.Found;
import dev.gantry.orchestrator.runner.call.CallProvider;
import dev.gantry.orchestrator.runner.call.HttpSettings;
import dev.gantry.orchestrator.runner.egress.EgressPolicy;
import dev.gantry.orchestrator.runner.egress.EgressSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    AdapterSettings.class,
    BlobSettings.class,
    PlacementSettings.class,
    EgressSettings.class,
    HttpSettings.class
})
class RunnerConfiguration {
    private static final Logger log = LoggerFactory.getLogger(RunnerConfiguration.class);

    @Bean
    EgressPolicy egressPolicy(EgressSettings settings, Development development) {
        try {
            return new EgressPolicy(settings, development.enabled());
        } catch (IllegalArgumentException e) {
            throw new StartRefused(
                    String.valueOf(e.getMessage()),
                    "Write an address, a CIDR block or a host name, each with or without a port.",
                    e);
        }
    }

    @Bean
    CallProvider httpCalls(
            HttpSettings settings, EgressPolicy egress, ObjectProvider<SslBundles> bundles) {
        String bundle = settings.sslBundle();
        return new CallProvider(
                settings,
                egress,
                bundle == null ? null : bundles.getObject().getBundle(bundle).createSslContext());
    }

    @Bean
    ResourceFetch resourceFetch(CallProvider http) {
        return http.fetch();
    }

    @Bean(destroyMethod = "close")
    Blobs blobs(BlobSettings settings, Installation installation) {
        return Blobs.of(installation.id(), settings.flat());
    }

    @Bean(destroyMethod = "close")
    Runners runners(
            AdapterSettings settings,
            PlacementSettings placement,
            CallProvider http,
            Blobs blobs,
            Installation installation,
            Development development,
            ConfigurableEnvironment environment,
            Clock clock,
            MeterRegistry registry,
            ObjectProvider<OpenTelemetry> telemetry) {
        List<Found> found = found(settings, http);
        List<String> kinds = found.stream().map(one -> one.provider().kind()).toList();
        for (String name : KindSettings.unknown(environment, kinds)) {
            log.warn("settings under gantry.adapters.{} are for none of {}", name, kinds);
        }
        AdapterSet set =
                AdapterSet.make(
                        found,
                        installation.id(),
                        kind -> KindSettings.read(environment, kind),
                        blobs.store());
        return NodeRunners.over(
                set,
                placement,
                settings,
                development.enabled(),
                clock,
                registry,
                telemetry.getIfAvailable(OpenTelemetry::noop));
    }

    private static List<Found> found(AdapterSettings settings, CallProvider http) {
        ClassLoader classes = RunnerConfiguration.class.getClassLoader();
        List<Found> found = new ArrayList<>();
        found.add(new Found(http, "Gantry itself"));
        found.addAll(AdapterDiscovery.onClassPath(classes));
        if (settings.directory() != null) {
            found.addAll(AdapterDiscovery.inFolder(settings.directory(), classes));
        }
        return found;
    }
}
