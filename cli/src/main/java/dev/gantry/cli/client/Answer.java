package dev.gantry.cli.client;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A good answer.
 *
 * @param replayed whether the request's idempotency key was known already
 */
public record Answer(int status, JsonNode body, boolean replayed) {}
