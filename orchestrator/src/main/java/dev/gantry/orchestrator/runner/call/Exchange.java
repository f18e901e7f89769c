package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.gantry.orchestrator.mask.Mask;
import dev.gantry.orchestrator.runner.LateInput;
import dev.gantry.orchestrator.runner.LogIds;
import dev.gantry.orchestrator.runner.egress.Destination;
import dev.gantry.orchestrator.runner.egress.EgressPolicy;
import dev.gantry.orchestrator.runner.egress.EgressRefused;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Outcome;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One attempt of an http step: the request and the redirects that follow from it. */
final class Exchange implements Runnable {

    /** What all exchanges share. */
    record Means(
            HttpSettings settings,
            EgressPolicy egress,
            NameLookup names,
            PinnedClient client,
            OpenApiDocuments documents,
            Tokens tokens,
            Protos protos) {}

    private static final int UNAUTHORIZED = 401;

    private final Means means;
    private final Attempt attempt;
    private final long began = System.nanoTime();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean cancelled;
    private final @Nullable LateInput late = LateInput.given();
    private boolean isSecret;

    /**
     * What was got to prove who calls, and made of it: it must not be seen of the answer either.
     */
    private final Set<String> tokens = new HashSet<>();

    Exchange(Means means, Attempt attempt) {
        this.means = means;
        this.attempt = attempt;
        this.thread =
                Thread.ofVirtual().name("gantry-http-" + attempt.externalName()).unstarted(this);
    }

    private String tenant() {
        return attempt.context().tenant();
    }

    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    void start() {
        thread.start();
    }

    /** Ends the exchange wherever it is; its outcome tells when that is done. */
    void cancel() {
        cancelled = true;
        thread.interrupt();
    }

    @Override
    public void run() {
        // Somebody waits for the outcome, whatever happens here.
        Outcome ended =
                new Outcome.Failed(
                        CallFailed.unanswered("the call was torn off").failure(),
                        null,
                        Outcome.Usage.UNKNOWN);
        try (LogIds.Scope _ = LogIds.of(attempt.context()).open()) {
            ended = cancelled ? new Outcome.Cancelled(usage()) : perform();
        } finally {
            outcome.complete(Mask.of(tokens).outcome(ended));
        }
    }

    private Outcome perform() {
        try {
            return new Outcome.Succeeded(call(), usage());
        } catch (CallFailed e) {
            return new Outcome.Failed(e.failure(), null, usage());
        } catch (InterruptedException e) {
            if (cancelled) {
                return new Outcome.Cancelled(usage());
            }
            Thread.currentThread().interrupt();
            return new Outcome.Failed(
                    CallFailed.unanswered("the call was interrupted").failure(), null, usage());
        } catch (RuntimeException e) {
            return new Outcome.Failed(
                    CallFailed.unanswered("the call failed with " + e.getClass().getName())
                            .failure(),
                    null,
                    usage());
        }
    }

    private byte[] call() throws CallFailed, InterruptedException {
        JsonNode request = CallReader.parse(attempt.input());
        Deadline deadline = Deadline.in(attempt.limits().timeout());
        isSecret = request.path("secret").asBoolean();
        if (request.has("grpc")) {
            return grpc(request, deadline);
        }
        Answered answered =
                switch (request.path("authentication").path("scheme").asText()) {
                    case "oauth2", "oidc" -> withToken(request, deadline);
                    case "digest" -> withDigest(request, deadline);
                    default -> follow(read(request, deadline), deadline);
                };
        return output(answered.call(), answered.by(), answered.answer());
    }

    private HttpCall read(JsonNode given, Deadline deadline)
            throws CallFailed, InterruptedException {
        JsonNode request = given.has("openapi") ? operation(given, deadline) : given;
        return CallReader.read(request, attempt.context(), means.settings().correlationHeader());
    }

    /** With a token that is still good; and once more with a new one if it is refused. */
    private Answered withToken(JsonNode request, Deadline deadline)
            throws CallFailed, InterruptedException {
        JsonNode authentication = request.get("authentication");
        String token = token(authentication, null, deadline);
        Answered answered = follow(read(bearing(request, token), deadline), deadline);
        if (answered.answer().status() == UNAUTHORIZED) {
            // It was refused before anything was done; it may have been revoked.
            String other = token(authentication, token, deadline);
            answered = follow(read(bearing(request, other), deadline), deadline);
        }
        return answered;
    }

    private String token(JsonNode authentication, @Nullable String used, Deadline deadline)
            throws CallFailed, InterruptedException {
        String token = means.tokens().get(tenant(), authentication, used, asker(deadline));
        tokens.add(token);
        return token;
    }

    /**
     * The request with a token in place of what a token is got with, and wherever it asks for it.
     */
    private JsonNode bearing(JsonNode request, String token) throws CallFailed {
        JsonNode authentication =
                JsonNodeFactory.instance.objectNode().put("scheme", "bearer").put("token", token);
        if (late == null) {
            return CallReader.with(request, authentication);
        }
        try {
            LateInput.Made made = late.with(token);
            tokens.addAll(made.hidden());
            return CallReader.with(made.request(), authentication);
        } catch (IllegalArgumentException e) {
            throw CallFailed.expression(String.valueOf(e.getMessage()));
        }
    }

    private Answered withDigest(JsonNode request, Deadline deadline)
            throws CallFailed, InterruptedException {
        JsonNode authentication = request.get("authentication");
        HttpCall call = read(CallReader.with(request, null), deadline);
        Answered answered = follow(call, deadline);
        String challenge = answered.answer().header("www-authenticate");
        boolean isAsked =
                answered.answer().status() == UNAUTHORIZED
                        && challenge != null
                        && answered.by().isSameOriginAs(destination(call.uri(), false));
        String header =
                isAsked && challenge != null
                        ? Digest.answer(answered.call(), authentication, challenge)
                        : null;
        return header == null
                ? answered
                : follow(CallReader.with(answered.call(), "Authorization", header), deadline);
    }

    /** The request that an operation of an OpenAPI document stands for. */
    private JsonNode operation(JsonNode request, Deadline deadline)
            throws CallFailed, InterruptedException {
        URI uri = CallReader.document(request.path("openapi").path("document"));
        JsonNode document = means.documents().get(tenant(), uri);
        if (document == null) {
            try {
                document = means.documents().put(tenant(), uri, fetch(uri, deadline));
            } catch (CallFailed e) {
                throw e.beforeTheCall();
            }
        }
        return OpenApiOperation.request(document, uri, request);
    }

    private byte[] fetch(URI uri, Deadline deadline) throws CallFailed, InterruptedException {
        HttpCall get =
                new HttpCall(
                        "GET",
                        uri,
                        Map.of("Accept", "application/json, application/yaml;q=0.9, */*;q=0.5"),
                        null,
                        HttpCall.Output.CONTENT,
                        true);
        Answered answered = follow(get, deadline);
        if (!get.accepts(answered.answer().status())) {
            throw CallFailed.status("GET", answered.by().host(), answered.answer().status());
        }
        return answered.answer().body();
    }

    private byte[] grpc(JsonNode given, Deadline deadline) throws CallFailed, InterruptedException {
        JsonNode request = authenticated(given, deadline);
        JsonNode call = request.get("grpc");
        MethodDescriptor method =
                GrpcCall.method(
                        proto(CallReader.document(call.path("proto")), deadline),
                        call.path("service").asText(),
                        call.path("method").asText());
        DynamicMessage message = GrpcCall.message(method, call.path("arguments"));
        Destination to = destination(CallReader.grpcTarget(call), false);
        Map<String, String> headers =
                CallReader.grpcHeaders(
                        request.path("authentication"),
                        attempt.context(),
                        means.settings().correlationHeader());
        byte[] output =
                new GrpcCall(
                                to,
                                addresses(to, deadline, false),
                                method,
                                message,
                                headers,
                                attempt.limits().maxOutputBytes())
                        .send(deadline);
        if (output.length > attempt.limits().maxOutputBytes()) {
            throw CallFailed.tooLarge(to.host(), attempt.limits().maxOutputBytes());
        }
        return output;
    }

    private FileDescriptor proto(URI uri, Deadline deadline)
            throws CallFailed, InterruptedException {
        FileDescriptor known = means.protos().get(tenant(), uri);
        if (known != null) {
            return known;
        }
        try {
            return means.protos().put(tenant(), uri, fetch(uri, deadline));
        } catch (CallFailed e) {
            throw e.beforeTheCall();
        }
    }

    private JsonNode authenticated(JsonNode request, Deadline deadline)
            throws CallFailed, InterruptedException {
        JsonNode authentication = request.path("authentication");
        return switch (authentication.path("scheme").asText()) {
            case "oauth2", "oidc" -> bearing(request, token(authentication, null, deadline));
            default -> request;
        };
    }

    private Tokens.Asker asker(Deadline deadline) {
        return call -> {
            Destination to = destination(call.uri(), false);
            return unpacked(call, to, send(call, to, deadline, false));
        };
    }

    private record Answered(HttpCall call, Destination by, Answer answer) {}

    /** Sends a request, and on to where it is redirected if that is wanted. */
    private Answered follow(HttpCall first, Deadline deadline)
            throws CallFailed, InterruptedException {
        HttpCall call = first;
        Destination to = destination(call.uri(), false);
        Answer answer = send(call, to, deadline, false);
        for (int redirects = 0; ; redirects++) {
            URI next = call.redirect() ? next(call.uri(), answer) : null;
            if (next == null) {
                return new Answered(call, to, unpacked(call, to, answer));
            }
            if (redirects == means.settings().maxRedirects()) {
                throw CallFailed.tooManyRedirects(to.host(), redirects);
            }
            Destination following = destination(next, true);
            if (to.secure() && !following.secure()) {
                throw CallFailed.refused(
                        "%s redirects from https to http".formatted(to.host()), true);
            }
            call = call.redirected(answer.status(), next, to.isSameOriginAs(following));
            to = following;
            answer = send(call, to, deadline, true);
        }
    }

    private Answer unpacked(HttpCall call, Destination to, Answer answer) throws CallFailed {
        return call.accepts(answer.status())
                ? ContentCodings.unpacked(to.host(), answer, attempt.limits().maxOutputBytes())
                : answer;
    }

    private byte[] output(HttpCall call, Destination to, Answer answer) throws CallFailed {
        if (!call.accepts(answer.status())) {
            throw CallFailed.status(call.method(), to.host(), answer.status());
        }
        long most = attempt.limits().maxOutputBytes();
        byte[] output = CallOutput.of(call, to.host(), answer, isSecret);
        if (output.length > most) {
            throw CallFailed.tooLarge(to.host(), most);
        }
        return output;
    }

    private Answer send(HttpCall call, Destination to, Deadline deadline, boolean redirected)
            throws CallFailed, InterruptedException {
        try {
            List<InetAddress> addresses = addresses(to, deadline, redirected);
            return means.client()
                    .exchange(call, to, addresses, deadline, attempt.limits().maxOutputBytes());
        } catch (CallFailed e) {
            throw redirected ? e.afterRedirect() : e;
        }
    }

    private Destination destination(URI uri, boolean redirected) throws CallFailed {
        try {
            return means.egress().destination(uri);
        } catch (EgressRefused e) {
            throw CallFailed.refused(e.getMessage(), redirected);
        }
    }

    private List<InetAddress> addresses(Destination to, Deadline deadline, boolean redirected)
            throws CallFailed, InterruptedException {
        InetAddress literal = to.literal();
        Duration limit = deadline.atMost(means.settings().connectTimeout());
        try {
            List<InetAddress> found =
                    literal != null ? List.of(literal) : means.names().lookup(to.host(), limit);
            return means.egress().reachable(to, found);
        } catch (UnknownHostException e) {
            throw CallFailed.unreachable(
                    "the address of %s can not be found: %s".formatted(to.host(), e.getMessage()));
        } catch (EgressRefused e) {
            throw CallFailed.refused(e.getMessage(), redirected);
        }
    }

    /** Where the answer sends the request on to, or null if it does not. */
    private static @Nullable URI next(URI from, Answer answer) {
        boolean redirects =
                switch (answer.status()) {
                    case 301, 302, 303, 307, 308 -> true;
                    default -> false;
                };
        String location = answer.header("location");
        if (!redirects || location == null) {
            return null;
        }
        try {
            return from.resolve(location.strip());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Outcome.Usage usage() {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        return Outcome.Usage.wall(millis);
    }
}
