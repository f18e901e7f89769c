package dev.gantry.adapter.lambda;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/**
 * Where functions of tests run: behind services on this machine, or in somebody's account.
 *
 * @param endpoint of services for tests; null for the region's own
 * @param role that the functions have
 * @param bucket where they note what they did; null for files of this machine
 */
record Account(
        @Nullable String endpoint,
        String region,
        @Nullable String profile,
        String role,
        @Nullable String bucket) {
    /** Set by whoever wants to pay for it, and by nothing else. */
    static final boolean IS_LIVE = Boolean.getBoolean("gantry.aws.live");

    static Account live() {
        return new Account(null, given("region"), given("profile"), given("role"), given("bucket"));
    }

    private static String given(String name) {
        String value = System.getProperty("gantry.aws." + name, "");
        if (value.isBlank()) {
            throw new IllegalStateException(
                    "with -Dgantry.aws.live=true the tests need -Dgantry.aws.%s: see docs/adapters/lambda.md"
                            .formatted(name));
        }
        return value;
    }

    <B extends AwsClientBuilder<B, C>, C> B in(B builder) {
        if (endpoint != null) {
            builder.endpointOverride(URI.create(endpoint));
        }
        return builder.region(Region.of(region)).credentialsProvider(credentials());
    }

    private AwsCredentialsProvider credentials() {
        return profile == null
                ? StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"))
                : ProfileCredentialsProvider.create(profile);
    }
}
