package dev.gantry.orchestrator.definition.plan;

/**
 * How a call proves who it is. Worked out for each attempt; its values are never journaled.
 *
 * @param scheme {@code basic}, {@code bearer}, {@code digest}, {@code oauth2} or {@code oidc}
 * @param values gives the scheme's properties as the language names them, as an object
 */
public record Authentication(String scheme, Template values) {}
