package dev.gantry.provider.aws;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The SDK's clients of one bucket. Every call may be repeated, so its own retries are on. */
final class S3Clients implements AutoCloseable {
    /** Of one call with all its retries; a part of an upload is one call. */
    static final Duration CALL = Duration.ofMinutes(2);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SOCKET = Duration.ofSeconds(30);

    // Below what load balancers and NATs keep, so that no call is sent into a dead connection.
    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 100;

    private final SdkHttpClient http;
    private final S3Client s3;
    private final S3Presigner presigner;

    S3Clients(S3Settings settings) {
        DefaultCredentialsProvider.Builder chain = DefaultCredentialsProvider.builder();
        if (settings.profile() != null) {
            chain.profileName(settings.profile());
        }
        AwsCredentialsProvider credentials = chain.build();
        Region region = Region.of(settings.region());
        this.http =
                Apache5HttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .connectionAcquisitionTimeout(SOCKET)
                        .socketTimeout(SOCKET)
                        .connectionMaxIdleTime(IDLE)
                        .maxConnections(CONNECTIONS)
                        .tcpKeepAlive(true)
                        .build();
        this.s3 =
                S3Client.builder()
                        .region(region)
                        .credentialsProvider(credentials)
                        .endpointOverride(settings.endpoint())
                        .forcePathStyle(settings.pathStyle())
                        .httpClient(http)
                        .overrideConfiguration(it -> it.apiCallTimeout(CALL))
                        .build();
        this.presigner =
                S3Presigner.builder()
                        .region(region)
                        .credentialsProvider(credentials)
                        .endpointOverride(settings.endpoint())
                        .serviceConfiguration(
                                S3Configuration.builder()
                                        .pathStyleAccessEnabled(settings.pathStyle())
                                        .build())
                        .build();
    }

    S3Client s3() {
        return s3;
    }

    S3Presigner presigner() {
        return presigner;
    }

    @Override
    public void close() {
        s3.close();
        presigner.close();
        http.close();
    }
}
