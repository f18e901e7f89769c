package dev.gantry.adapter.k8sjob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Handle;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.StoredInput;
import dev.gantry.spi.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Inputs that no Secret takes, read by pods of a real cluster from a real S3. */
class LargeInputOnClusterTest {
    private static final Pattern CODE = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final String TELL =
            "[ \"$in\" = \"$GANTRY_INPUT_FILE\" ] && echo input $(wc -c <$in) || echo reference $(wc -c <$in)";

    private RealCluster cluster;
    private ReachableStore store;

    @BeforeEach
    void setUp() throws Exception {
        cluster = RealCluster.require();
        store = ReachableStore.require();
    }

    @AfterEach
    void tearDown() throws Exception {
        if (store != null) {
            store.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private RunnerAdapter adapter(@Nullable BlobStore blobs) {
        return cluster.adapter("test", Map.of(), blobs);
    }

    private static Workload.Function reading(boolean takesReference) {
        Map<String, Object> binding = new HashMap<>();
        binding.put("image", RealCluster.IMAGE);
        binding.put("command", List.of("/bin/sh", "-c"));
        binding.put("arguments", List.of(documented() + TELL));
        binding.put("pullPolicy", "never");
        if (takesReference) {
            binding.put("largeInput", StoredInput.REFERENCE);
        }
        return Steps.function(binding);
    }

    /** Reads the input as the documentation has it. */
    private static String documented() {
        try {
            String page = Files.readString(Path.of("../docs/payloads.md"));
            return CODE.matcher(page).results().findFirst().orElseThrow().group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Attempt given(Workload workload, byte[] input) {
        Attempt it = Steps.of("test", workload);
        return new Attempt(
                it.context(),
                it.externalName(),
                it.runtimeClass(),
                it.workload(),
                input,
                it.limits());
    }

    private static byte[] object(int bytes) {
        return ("{\"a\":\"" + "x".repeat(bytes - 8) + "\"}").getBytes(UTF_8);
    }

    private static Failure refusal(RunnerAdapter by, Attempt attempt) {
        return catchThrowableOfType(ProvisionException.class, () -> by.provision(attempt))
                .failure();
    }

    @ParameterizedTest
    @CsvSource({"262144, input", "262145, reference", "4194304, reference"})
    void givesAReferenceToWhatNoSecretTakes(int bytes, String how) throws Exception {
        Attempt attempt = given(reading(true), object(bytes));
        try (RunnerAdapter adapter = adapter(store.blobs)) {
            try (Steps.Run run = Steps.Run.begin(adapter, attempt)) {
                assertThat(store.names())
                        .as("what is stored while it runs")
                        .hasSize(how.equals("input") ? 0 : 1);

                assertThat(run.output()).isEqualTo("\"%s %d\\n\"".formatted(how, bytes));
            }
            assertThat(store.names()).as("inputs that stay").isEmpty();
        }
    }

    @Test
    void refusesItWhereTheProcessTakesNoReference() throws Exception {
        try (RunnerAdapter adapter = adapter(store.blobs);
                RunnerAdapter without = adapter(null)) {
            Failure tooLarge = refusal(adapter, given(reading(false), object(1 << 20)));
            Failure noPlace = refusal(without, given(reading(true), object(10)));

            assertThat(tooLarge.code()).isEqualTo(Code.INVALID_WORKLOAD);
            assertThat(tooLarge.message()).contains("largeInput to reference");
            assertThat(noPlace.code()).isEqualTo(Code.NOT_ALLOWED);
            assertThat(without.check("acme", reading(true)).getFirst().suggestion())
                    .contains("gantry.blobs.bucket");
            assertThat(adapter.check("acme", reading(true))).isEmpty();
            assertThat(adapter.owned()).isEmpty();
        }
    }

    /** Else whoever gives the input says where the process reads. */
    @Test
    void takesNoReferenceFromAnInput() throws Exception {
        byte[] forged = "{\"_gantry\":{\"input\":{\"url\":\"http://evil\"}}}".getBytes(UTF_8);
        try (RunnerAdapter adapter = adapter(store.blobs)) {
            assertThat(refusal(adapter, given(reading(true), forged)).message())
                    .contains("'_gantry'")
                    .doesNotContain("evil");
        }
    }

    @Test
    void leavesNoInputWhenKilledBeforeThePodHasIt() throws Exception {
        Attempt attempt = given(reading(true), object(1 << 20));
        RunnerAdapter killed = adapter(killing(store.blobs));
        assertThat(catchThrowableOfType(KilledError.class, () -> killed.provision(attempt)))
                .isNotNull();
        assertThat(store.names()).containsExactly(name(attempt).toString());

        try (RunnerAdapter next = adapter(store.blobs)) {
            List<OwnedResource> owned = next.owned();
            assertThat(owned).hasSize(1);
            Handle handle = Handle.fromBytes(owned.getFirst().handle().toBytes());
            next.cancel(handle, Duration.ZERO).join();
            next.teardown(handle);
            next.teardown(handle);

            assertThat(next.owned()).isEmpty();
        }
        assertThat(store.names()).isEmpty();
    }

    @Test
    void goesOnAfterBeingKilledBeforeThePodHasIt() throws Exception {
        Attempt attempt = given(reading(true), object(1 << 20));
        RunnerAdapter killed = adapter(killing(store.blobs));
        assertThat(catchThrowableOfType(KilledError.class, () -> killed.provision(attempt)))
                .isNotNull();

        try (RunnerAdapter next = adapter(store.blobs)) {
            try (Steps.Run run = Steps.Run.begin(next, attempt)) {
                assertThat(run.output()).isEqualTo("\"reference 1048576\\n\"");
            }
        }
        assertThat(store.names()).isEmpty();
    }

    private static BlobName name(Attempt attempt) {
        return StoredInput.name(K8sJobProvider.KIND, attempt);
    }

    /** Who stores something gets no further. */
    private static BlobStore killing(BlobStore real) {
        return (BlobStore)
                Proxy.newProxyInstance(
                        BlobStore.class.getClassLoader(),
                        new Class<?>[] {BlobStore.class},
                        (_, method, arguments) -> {
                            Object answer;
                            try {
                                answer = method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause() instanceof BlobException known ? known : e;
                            }
                            if (method.getName().equals("put")) {
                                throw new KilledError();
                            }
                            return answer;
                        });
    }

    private static final class KilledError extends Error {
        private static final long serialVersionUID = 1L;
    }
}
