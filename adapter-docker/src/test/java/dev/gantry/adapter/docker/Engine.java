package dev.gantry.adapter.docker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerAdapterProvider.AdapterContext;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The Docker engine of this machine, seen without the adapter. */
final class Engine {
    static final String IMAGE = "gantry/busybox:test";
    static final String REQUIRED = "GANTRY_REQUIRE_DOCKER";
    private static @Nullable Engine only;

    final DockerClient docker;
    private final Map<String, AtomicInteger> starts = new ConcurrentHashMap<>();

    private Engine(DockerClient docker) {
        this.docker = docker;
        docker.eventsCmd()
                .withEventFilter("start")
                .exec(
                        new ResultCallback.Adapter<Event>() {
                            @Override
                            public void onNext(Event event) {
                                Map<String, String> labels =
                                        Objects.requireNonNull(
                                                Objects.requireNonNull(event.getActor())
                                                        .getAttributes());
                                starts.computeIfAbsent(
                                                labels.get("name")
                                                        + "#"
                                                        + labels.get("dev.gantry.attempt"),
                                                name -> new AtomicInteger())
                                        .incrementAndGet();
                            }
                        });
    }

    /** Skips the test where there is no engine, unless one is required. */
    static synchronized Engine require() {
        if (only == null) {
            DefaultDockerClientConfig config =
                    DefaultDockerClientConfig.createDefaultConfigBuilder().build();
            DockerClient docker =
                    DockerClientImpl.getInstance(
                            config,
                            new ApacheDockerHttpClient.Builder()
                                    .dockerHost(config.getDockerHost())
                                    .build());
            try {
                docker.inspectImageCmd(IMAGE).exec();
                only = new Engine(docker);
            } catch (RuntimeException e) {
                if ("true".equals(System.getenv(REQUIRED))) {
                    throw new IllegalStateException(
                            "no Docker engine with image "
                                    + IMAGE
                                    + ": start one, then run tools/make-test-image",
                            e);
                }
                assumeTrue(
                        false,
                        "left out: no Docker engine with image "
                                + IMAGE
                                + " ("
                                + e.getMessage()
                                + ")");
            }
        }
        return Objects.requireNonNull(only);
    }

    static RunnerAdapter adapter(String installation, Map<String, String> settings) {
        return new DockerProvider().create(new AdapterContext(installation, settings));
    }

    int starts(Attempt attempt) {
        // Events arrive a moment after what they tell of.
        for (int n = 0; n < 20; n++) {
            if (starts.containsKey(key(attempt))) {
                break;
            }
            sleep();
        }
        sleep();
        AtomicInteger count = starts.get(key(attempt));
        return count == null ? 0 : count.get();
    }

    private static String key(Attempt attempt) {
        return attempt.externalName() + "#" + attempt.context().attempt();
    }

    private static void sleep() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean alive(Attempt attempt) {
        try {
            InspectContainerResponse container =
                    docker.inspectContainerCmd(attempt.externalName()).exec();
            String number =
                    Objects.requireNonNull(container.getConfig().getLabels())
                            .get("dev.gantry.attempt");
            return Integer.toString(attempt.context().attempt()).equals(number)
                    && Boolean.TRUE.equals(container.getState().getRunning());
        } catch (NotFoundException e) {
            return false;
        }
    }
}
