package dev.gantry.adapter.k8sjob;

import dev.gantry.process.Settings;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerAdapterProvider;

/** Makes adapters for a Kubernetes cluster. */
public final class K8sJobProvider implements RunnerAdapterProvider {
    static final String KIND = "k8s-job";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean needsSettings() {
        return true;
    }

    /** The client is made when it is first needed: it would cost a server that has no cluster. */
    @Override
    public RunnerAdapter create(AdapterContext context) {
        K8sSettings settings =
                K8sSettings.of(new Settings(KIND, context.settings(), K8sSettings.KNOWN));
        return new K8sJobAdapter(context.installation(), settings, context.blobs());
    }
}
