package dev.gantry.orchestrator.runner.call;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A server with HTTP/2 and a certificate for {@code api.test}, and what trusts it. */
final class SecureServer implements AutoCloseable {
    private static final String PASSWORD = "password";

    final SSLContext trusting;
    private final WireMockServer server;

    SecureServer(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("server.p12");
        makeCertificate(store);
        trusting = trust(store);
        server =
                new WireMockServer(
                        WireMockConfiguration.options()
                                .dynamicPort()
                                .dynamicHttpsPort()
                                .keystorePath(store.toString())
                                .keystoreType("PKCS12")
                                .keystorePassword(PASSWORD)
                                .keyManagerPassword(PASSWORD));
        server.start();
        server.stubFor(
                WireMock.any(WireMock.urlEqualTo("/"))
                        .willReturn(
                                WireMock.aResponse()
                                        .withHeader("Content-Type", "text/plain")
                                        .withBody("{{request.host}} over TLS")));
    }

    int port() {
        return server.httpsPort();
    }

    String lastHost() {
        return server.getAllServeEvents().getFirst().getRequest().getHost();
    }

    String lastProtocol() {
        return server.getAllServeEvents().getFirst().getRequest().getProtocol();
    }

    int requests() {
        return server.getAllServeEvents().size();
    }

    private static void makeCertificate(Path store) throws IOException, InterruptedException {
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "server",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=api.test",
                                "-ext",
                                "san=dns:api.test",
                                "-validity",
                                "2",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool made no certificate");
        }
    }

    private static SSLContext trust(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    @Override
    public void close() {
        server.stop();
    }
}
