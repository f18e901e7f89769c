package dev.gantry.adapter.lambda;

import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerAdapterProvider;

/** Makes adapters for AWS Lambda in one region. */
public final class LambdaProvider implements RunnerAdapterProvider {
    static final String KIND = "lambda";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean needsSettings() {
        return true;
    }

    @Override
    public RunnerAdapter create(AdapterContext context) {
        return new LambdaAdapter(
                context.installation(), LambdaSettings.of(context.settings()), context.blobs());
    }
}
