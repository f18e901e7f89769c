package dev.gantry.orchestrator;

import dev.gantry.orchestrator.installation.StartRefused;
import java.util.Arrays;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The Gantry server. */
@SpringBootApplication(proxyBeanMethods = false)
public class GantryServer {
    /** Of {@code sysexits.h}: the command was used incorrectly. */
    private static final int USAGE = 64;

    public static void main(String[] arguments) {
        if (Arrays.asList(arguments).contains("--help")) {
            Terminal.say(CommandLine.USAGE);
            return;
        }
        Map<String, String> properties;
        try {
            properties = CommandLine.parse(arguments);
        } catch (StartRefused e) {
            Terminal.complain(e.getMessage() + "\n\n" + e.mend());
            System.exit(USAGE);
            return;
        }
        SpringApplication.run(
                GantryServer.class,
                properties.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
    }
}
