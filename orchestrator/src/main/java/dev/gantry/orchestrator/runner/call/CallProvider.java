package dev.gantry.orchestrator.runner.call;

import dev.gantry.orchestrator.runner.ResourceFetch;
import dev.gantry.orchestrator.runner.egress.EgressPolicy;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerAdapterProvider;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Makes the built-in adapter; it takes its settings typed, from Gantry itself. */
public final class CallProvider implements RunnerAdapterProvider {
    public static final String KIND = CallAdapter.KIND;

    private final HttpSettings settings;
    private final EgressPolicy egress;
    private final @Nullable SSLContext tls;
    private Exchange.@Nullable Means means;

    /**
     * @param tls what to trust, or null for what the JVM trusts
     */
    public CallProvider(HttpSettings settings, EgressPolicy egress, @Nullable SSLContext tls) {
        this.settings = settings;
        this.egress = egress;
        this.tls = tls;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public RunnerAdapter create(AdapterContext context) {
        return new CallAdapter(means());
    }

    /** Gets what documents refer to, by the same means. */
    public ResourceFetch fetch() {
        return new HttpFetch(means());
    }

    private synchronized Exchange.Means means() {
        Exchange.Means known = means;
        if (known == null) {
            known =
                    new Exchange.Means(
                            settings,
                            egress,
                            new SystemNames(),
                            new PinnedClient(
                                    settings.connectTimeout(), settings.maxInFlight(), tls),
                            new OpenApiDocuments(),
                            new Tokens(),
                            new Protos());
            means = known;
        }
        return known;
    }
}
