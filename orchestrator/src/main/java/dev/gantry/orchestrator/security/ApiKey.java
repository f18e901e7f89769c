package dev.gantry.orchestrator.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** The secret that a caller presents. */
final class ApiKey {
    /** The characters that a bearer token may have (RFC 6750), and a length that is no accident. */
    static final String FORM = "[A-Za-z0-9._~+/-]{8,256}=*";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;

    private ApiKey() {}

    /** Recognisable to scanners that look for leaked secrets. */
    static String generate() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return "gantry_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** A plain hash is enough for 32 random bytes: there is no guessing them. */
    static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
