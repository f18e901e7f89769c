package dev.gantry.orchestrator;

import dev.gantry.orchestrator.installation.DataFolder;
import dev.gantry.orchestrator.security.FirstKey;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Tells where the server listens and, in development, with which key. */
@Component
final class Welcome {
    private final FirstKey key;
    private final DataFolder folder;
    private final @Nullable InetAddress address;
    private int port;

    Welcome(
            FirstKey key,
            DataFolder folder,
            @Value("${server.address:#{null}}") @Nullable InetAddress address) {
        this.key = key;
        this.folder = folder;
        this.address = address;
    }

    @EventListener
    void listening(ServletWebServerInitializedEvent event) {
        if (event.getApplicationContext().getServerNamespace() == null) {
            port = event.getWebServer().getPort();
        }
    }

    @EventListener(ApplicationReadyEvent.class)
    void ready() {
        String url = "http://%s:%d".formatted(host(), port);
        StringBuilder text = new StringBuilder("Gantry listens on " + url + "\n");
        text.append("  API      ").append(url).append("/swagger-ui.html\n");
        key.shown().ifPresent(shown -> text.append("  Key      ").append(shown).append('\n'));
        key.file().ifPresent(file -> text.append("  Key file ").append(file).append('\n'));
        text.append("  Data     ").append(folder.path()).append('\n');
        Terminal.say(text.toString());
    }

    private String host() {
        if (address == null || address.isAnyLocalAddress()) {
            return "localhost";
        }
        String host = address.getHostAddress();
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
