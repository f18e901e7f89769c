package dev.gantry.adapter.lambda;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The function that a step means, and how it is begun.
 *
 * @param functionName its name, or its ARN without a qualifier
 * @param qualifier a version or an alias
 * @param role whose rights the call has; null for the platform's
 * @param isolated whether each tenant has execution environments of its own
 * @param ids where the function finds the ids of its step
 * @param takesReference whether it reads an input that no event carries from where the event says
 * @param limit how long it may take where Lambda does not tell, and at most
 * @param managed whether it runs on Managed Instances
 * @param shape of a function that is deployed from its source: name and qualifier are the
 *     definition's until it is; null for one that is there already
 */
record Target(
        String functionName,
        String qualifier,
        Mode mode,
        @Nullable String role,
        boolean isolated,
        Ids.Place ids,
        boolean takesReference,
        Duration limit,
        boolean managed,
        Deployment.@Nullable Shape shape) {

    Target deployed(String functionName, String version) {
        return new Target(
                functionName,
                version,
                mode,
                role,
                isolated,
                ids,
                takesReference,
                limit,
                managed,
                null);
    }

    /** The name alone, of a name or of an ARN. */
    String plainName() {
        return functionName.substring(functionName.lastIndexOf(':') + 1);
    }

    @Override
    public String toString() {
        return functionName + ":" + qualifier;
    }
}
