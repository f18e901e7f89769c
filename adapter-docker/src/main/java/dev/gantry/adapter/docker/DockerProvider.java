package dev.gantry.adapter.docker;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerAdapterProvider;
import java.time.Duration;

/** Makes adapters for a Docker engine. */
public final class DockerProvider implements RunnerAdapterProvider {
    static final String KIND = "docker";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(2);

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public RunnerAdapter create(AdapterContext context) {
        DockerSettings settings = DockerSettings.of(context.settings());
        DefaultDockerClientConfig config = settings.clientConfig();
        int connections = settings.maxInFlight() * 3 + 16;
        DockerHttpClient calls = http(config, connections).responseTimeout(ANSWER).build();
        // A container that prints nothing for hours is no broken connection.
        DockerHttpClient streams = http(config, connections).build();
        return new DockerAdapter(
                context.installation(),
                settings,
                config.getDockerHost(),
                DockerClientImpl.getInstance(config, calls),
                calls,
                new Streams(streams));
    }

    private static ApacheDockerHttpClient.Builder http(
            DefaultDockerClientConfig config, int connections) {
        return new ApacheDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .maxConnections(connections)
                .connectionTimeout(CONNECT);
    }
}
