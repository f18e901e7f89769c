package dev.gantry.orchestrator.runner;

import dev.gantry.orchestrator.installation.Development;
import dev.gantry.orchestrator.installation.Installation;
import dev.gantry.orchestrator.installation.StartRefused;
import dev.gantry.orchestrator.runner.AdapterDiscovery.Found;
import dev.gantry.orchestrator.runner.egress.EgressPolicy;
import dev.gantry.orchestrator.runner.egress.EgressSettings;
import dev.gantry.orchestrator.runner.http.HttpCallProvider;
import dev.gantry.orchestrator.runner.http.HttpSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    AdapterSettings.class,
    PlacementSettings.class,
    EgressSettings.class,
    HttpSettings.class
})
class RunnerConfiguration {

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
    HttpCallProvider httpCalls(
            HttpSettings settings, EgressPolicy egress, ObjectProvider<SslBundles> bundles) {
        String bundle = settings.sslBundle();
        return new HttpCallProvider(
                settings,
                egress,
                bundle == null ? null : bundles.getObject().getBundle(bundle).createSslContext());
    }

    @Bean(destroyMethod = "close")
    Runners runners(
            AdapterSettings settings,
            PlacementSettings placement,
            HttpCallProvider http,
            Installation installation,
            Development development,
            Environment environment,
            Clock clock,
            MeterRegistry registry,
            ObjectProvider<OpenTelemetry> telemetry) {
        Binder binder = Binder.get(environment);
        AdapterSet set =
                AdapterSet.make(
                        found(settings, http),
                        installation.id(),
                        kind -> KindSettings.read(binder, kind));
        return NodeRunners.over(
                set,
                placement,
                settings,
                development.enabled(),
                clock,
                registry,
                telemetry.getIfAvailable(OpenTelemetry::noop));
    }

    private static List<Found> found(AdapterSettings settings, HttpCallProvider http) {
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
