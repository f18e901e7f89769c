package dev.gantry.orchestrator.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MaskedStreamTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** In chunks that chance cuts. */
    private static byte[] masked(Mask mask, byte[] raw, int from, Random random) {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        MaskedStream stream = mask.stream();
        MaskedStream.Sink<RuntimeException> to =
                (offset, some) -> {
                    assertThat(offset).isEqualTo(from + shown.size());
                    shown.writeBytes(some);
                };
        int at = from;
        while (at < raw.length) {
            int end = Math.min(raw.length, at + 1 + random.nextInt(1 + random.nextInt(40)));
            // Some of it comes twice.
            int again = Math.max(from, at - random.nextInt(5));
            stream.write(again, Arrays.copyOfRange(raw, again, end), to);
            at = end;
        }
        stream.end(to);
        return shown.toByteArray();
    }

    /** Of few characters, so that texts begin and end within each other all the time. */
    private static String word(Random random, int most) {
        StringBuilder word = new StringBuilder();
        int length = 4 + random.nextInt(most);
        for (int i = 0; i < length; i++) {
            word.append("aab\n".charAt(random.nextInt(4)));
        }
        return word.toString();
    }

    private static byte[] raw(Random random, List<String> secrets) {
        StringBuilder text = new StringBuilder();
        while (text.length() < 600) {
            String secret = secrets.get(random.nextInt(secrets.size()));
            switch (random.nextInt(5)) {
                case 0 -> text.append(secret);
                case 1 -> text.append(secret, 0, random.nextInt(secret.length()));
                case 2 ->
                        text.append(
                                Base64.getMimeEncoder(8, new byte[] {'\n'})
                                        .encodeToString(bytes("x" + secret + secret)));
                case 3 -> text.append(Base64.getEncoder().encodeToString(bytes(secret)));
                default -> text.append(word(random, 3));
            }
        }
        return bytes(text.toString());
    }

    @Test
    void hidesTheSameHoweverTheStreamIsCut() throws IOException {
        for (long seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            Set<String> secrets = new HashSet<>();
            for (int i = 0; i <= random.nextInt(4); i++) {
                secrets.add(word(random, 20));
            }
            Mask mask = Mask.of(secrets);
            byte[] raw = raw(random, List.copyOf(secrets));
            byte[] whole = mask.input(new ByteArrayInputStream(raw)).readAllBytes();
            String shown = new String(whole, StandardCharsets.UTF_8);

            assertThat(whole).as("seed %d", seed).hasSameSizeAs(raw);
            for (int i = 0; i < raw.length; i++) {
                assertThat(whole[i] == raw[i] || whole[i] == '*').as("seed %d", seed).isTrue();
            }
            for (String secret : secrets) {
                if (Mask.isMasked(secret)) {
                    assertThat(shown).as("seed %d", seed).doesNotContain(secret);
                }
            }
            for (int n = 0; n < 5; n++) {
                assertThat(masked(mask, raw, 0, random)).as("seed %d", seed).isEqualTo(whole);
            }
        }
    }

    @Test
    void hidesTheSameAfterItIsTakenUpAgain() {
        for (long seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            List<String> secrets = List.of(word(random, 6), word(random, 12));
            Mask mask = Mask.of(Set.copyOf(secrets));
            byte[] raw = raw(random, secrets);
            byte[] whole = masked(mask, raw, 0, random);
            int stored = random.nextInt(raw.length);
            int from = (int) Math.max(0, stored - mask.lookBack());

            byte[] again = masked(mask, raw, from, random);

            assertThat(Arrays.copyOfRange(again, stored - from, again.length))
                    .as("seed %d", seed)
                    .isEqualTo(Arrays.copyOfRange(whole, stored, whole.length));
        }
    }

    @Test
    void holdsBackNoMoreThanWhatMayBecomeASecret() {
        MaskedStream stream = Mask.of(Set.of("token-0123456789")).stream();
        StringBuilder shown = new StringBuilder();
        MaskedStream.Sink<RuntimeException> to =
                (_, some) -> shown.append(new String(some, StandardCharsets.UTF_8));

        stream.write(0, bytes("ready.\nsending token-"), to);
        assertThat(shown.toString()).isEqualTo("ready.\nsending ");
        stream.write(21, bytes("less\n"), to);
        assertThat(shown.toString()).isEqualTo("ready.\nsending token-less\n");
        stream.write(26, bytes("token-01234"), to);
        stream.write(37, bytes("56789\n"), to);
        assertThat(shown.toString()).endsWith("less\n****************\n");
    }

    @Test
    void beginsAnewAfterAGap() {
        MaskedStream stream = Mask.of(Set.of("0123456789")).stream();
        StringBuilder shown = new StringBuilder();
        MaskedStream.Sink<RuntimeException> to =
                (offset, some) ->
                        shown.append(offset)
                                .append(':')
                                .append(new String(some, StandardCharsets.UTF_8))
                                .append(' ');

        stream.write(0, bytes("a 01234"), to);
        stream.write(100, bytes("56789 0123456789."), to);
        stream.end(to);

        assertThat(shown.toString()).isEqualTo("0:a  2:01234 100:56789 **********. ");
    }

    /** Time grows with the stream, and not with how often a secret almost stands in it. */
    @Test
    void takesWhatAlmostIsASecretAgainAndAgain() throws IOException {
        Mask mask = Mask.of(Set.of("a".repeat(500) + "b", "a".repeat(499) + "c"));
        byte[] raw = new byte[2 << 20];
        Arrays.fill(raw, (byte) 'a');

        assertThat(mask.input(new ByteArrayInputStream(raw)).readAllBytes()).isEqualTo(raw);
    }
}
