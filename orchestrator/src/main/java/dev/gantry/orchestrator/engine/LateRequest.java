package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.Task;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that asks for {@code $authorization} where the adapter has to get the token first. All
 * else that it asks for is taken from the state when the attempt is decided, so that it can be
 * worked out on any thread, and again with another token.
 */
public final class LateRequest {
    private final Task task;
    private final Known known;

    /** With other secrets: what comes out differently is made of them. */
    private final @Nullable Known disguised;

    private LateRequest(Task task, Known known, @Nullable Known disguised) {
        this.task = task;
        this.known = known;
        this.disguised = disguised;
    }

    /**
     * @param request as the adapter gets it; never stored
     * @param hidden the token, and the texts that expressions made of it
     */
    public record Made(JsonNode request, Set<String> hidden) {}

    private record Known(JsonNode input, Map<String, JsonNode> values) {
        static Known of(ExecutionState state, Frame frame, Secrets secrets)
                throws ExpressionException {
            JsonNode input = Requests.input(state, frame, secrets);
            Data data = Data.of(state, frame).withInput(input).withSecrets(secrets);
            Map<String, JsonNode> values = new HashMap<>();
            for (String name : Requests.reads(frame.requireTask())) {
                JsonNode value = name.equals("authorization") ? null : data.get(name);
                if (value != null) {
                    values.put(name, value);
                }
            }
            return new Known(input, values);
        }

        Arguments with(String token) {
            JsonNode authorization = Credentials.bearer(token);
            return name -> name.equals("authorization") ? authorization : values.get(name);
        }
    }

    /** Null if the task's request can be worked out at once. */
    static @Nullable LateRequest of(ExecutionState state, Frame frame, GivenSecrets given)
            throws ExpressionException {
        Task task = frame.requireTask();
        if (!Requests.isLate(task)) {
            return null;
        }
        Known known = Known.of(state, frame, given);
        Known disguised;
        try {
            disguised = Known.of(state, frame, HiddenTexts.others(given));
        } catch (ExpressionException e) {
            // Only real secrets fit.
            disguised = null;
        }
        return new LateRequest(task, known, disguised);
    }

    /**
     * @throws ExpressionException if it cannot be worked out; the message shows no value
     */
    public Made make(String token) throws ExpressionException {
        JsonNode request = Requests.late(task, known.input(), known.with(token));
        Known other = disguised == null ? known : disguised;
        String otherToken = HiddenTexts.disguised(TextNode.valueOf(token)).textValue();
        Set<String> hidden =
                HiddenTexts.of(
                        token,
                        request,
                        () -> Requests.late(task, other.input(), other.with(otherToken)),
                        () -> Requests.masked(task, known.input(), known.with(token)));
        return new Made(request, hidden);
    }
}
