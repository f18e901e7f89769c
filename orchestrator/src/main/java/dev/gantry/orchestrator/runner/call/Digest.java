package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.apache.hc.client5.http.auth.AuthChallenge;
import org.apache.hc.client5.http.auth.AuthenticationException;
import org.apache.hc.client5.http.auth.ChallengeType;
import org.apache.hc.client5.http.auth.MalformedChallengeException;
import org.apache.hc.client5.http.auth.StandardAuthScheme;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.AuthChallengeParser;
import org.apache.hc.client5.http.impl.auth.DigestScheme;
import org.apache.hc.client5.http.impl.auth.UnsupportedDigestAlgorithmException;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.message.ParserCursor;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a Digest challenge. {@link Exchange} decides who gets it: the client itself would
 * answer whoever asks.
 */
final class Digest {
    private Digest() {}

    /**
     * The header {@code Authorization}.
     *
     * @param challenge the header {@code WWW-Authenticate}
     * @return null if there is no Digest challenge in it that can be answered
     */
    static @Nullable String answer(HttpCall call, JsonNode authentication, String challenge)
            throws CallFailed {
        UsernamePasswordCredentials credentials =
                new UsernamePasswordCredentials(
                        Tokens.text(authentication, "username"),
                        Tokens.text(authentication, "password").toCharArray());
        for (AuthChallenge offered : challenges(challenge)) {
            String answer =
                    StandardAuthScheme.DIGEST.equalsIgnoreCase(offered.getSchemeName())
                            ? answer(call, credentials, offered)
                            : null;
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }

    private static List<AuthChallenge> challenges(String header) {
        try {
            return AuthChallengeParser.INSTANCE.parse(
                    ChallengeType.TARGET, header, new ParserCursor(0, header.length()));
        } catch (ParseException e) {
            return List.of();
        }
    }

    private static @Nullable String answer(
            HttpCall call, UsernamePasswordCredentials credentials, AuthChallenge challenge) {
        HttpClientContext context = HttpClientContext.create();
        HttpHost host = new HttpHost(call.uri().getHost());
        DigestScheme scheme = new DigestScheme();
        try {
            scheme.processChallenge(challenge, context);
            return scheme.isResponseReady(host, (_, _) -> credentials, context)
                    ? scheme.generateAuthResponse(
                            host,
                            new BasicHttpRequest(call.method(), PinnedClient.target(call.uri())),
                            context)
                    : null;
        } catch (MalformedChallengeException
                | AuthenticationException
                | UnsupportedDigestAlgorithmException e) {
            // The server's own refusal tells more.
            return null;
        }
    }
}
