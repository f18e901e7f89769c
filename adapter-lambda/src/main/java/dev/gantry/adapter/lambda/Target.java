package dev.gantry.adapter.lambda;

import org.jspecify.annotations.Nullable;

/**
 * The function that a step means, and how it is begun.
 *
 * @param functionName its name, or its ARN without a qualifier
 * @param qualifier a version or an alias
 * @param role whose rights the call has; null for the platform's
 * @param isolated whether each tenant has execution environments of its own
 * @param ids where the function finds the ids of its step
 */
record Target(
        String functionName,
        String qualifier,
        Mode mode,
        @Nullable String role,
        boolean isolated,
        Ids.Place ids) {

    /** The name alone, of a name or of an ARN. */
    String plainName() {
        return functionName.substring(functionName.lastIndexOf(':') + 1);
    }

    @Override
    public String toString() {
        return functionName + ":" + qualifier;
    }
}
