package dev.gantry.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.Limits;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Workload.Result;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptureTest {
    private static final Limits LIMITS = Given.limits(null, null, 10, 20);

    private final List<String> written = new ArrayList<>();
    private final LogSink sink =
            new LogSink() {
                @Override
                public void write(Stream stream, long offset, byte[] bytes) {
                    written.add(stream + "@" + offset + ":" + new String(bytes, UTF_8));
                }

                @Override
                public long position(Stream stream) {
                    return 0;
                }
            };

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void givesEachByteOnce() {
        Capture capture = new Capture(LIMITS, Result.FUNCTION, sink);

        capture.take(Stream.STDOUT, 0, bytes("abc"));
        capture.take(Stream.STDERR, 0, bytes("x"));
        capture.take(Stream.STDOUT, 1, bytes("bcde"));
        capture.take(Stream.STDOUT, 0, bytes("abcde"));

        assertThat(written).containsExactly("STDOUT@0:abc", "STDERR@0:x", "STDOUT@3:de");
        assertThat(capture.total(Stream.STDOUT)).isEqualTo(5);
        assertThat(capture.head(Stream.STDOUT)).isEqualTo(bytes("abcde"));
    }

    @Test
    void keepsOneByteMoreThanTheResultMayHave() {
        Capture capture = new Capture(LIMITS, Result.PROCESS, null);

        capture.take(Stream.STDOUT, 0, bytes("0123456789abc"));
        capture.take(Stream.STDERR, 0, bytes("0123456789abc"));

        assertThat(capture.head(Stream.STDOUT)).isEqualTo(bytes("0123456789a"));
        assertThat(capture.head(Stream.STDERR)).isEqualTo(bytes("0123456789a"));
    }

    @Test
    void keepsNoBeginningThatNobodyAsksFor() {
        Capture capture = new Capture(LIMITS, Result.STDERR, null);

        capture.take(Stream.STDOUT, 0, bytes("abc"));

        assertThat(capture.head(Stream.STDOUT)).isEmpty();
        assertThat(capture.tailText(Stream.STDOUT)).isEqualTo("abc");
    }

    @Test
    void keepsATailOfWhatIsLong() {
        Capture capture = new Capture(LIMITS, Result.CODE, null);
        for (int n = 0; n < 30; n++) {
            String piece = Integer.toString(n % 10).repeat(10_000);
            capture.take(Stream.STDOUT, n * 10_000L, bytes(piece));
        }

        assertThat(capture.tailText(Stream.STDOUT))
                .isEqualTo("8".repeat(Capture.TAIL - 10_000) + "9".repeat(10_000));
    }

    @Test
    void isFullWhenNothingMoreWouldBeKept() {
        Capture capture = new Capture(LIMITS, Result.FUNCTION, sink);
        capture.take(Stream.STDOUT, 0, bytes("x".repeat(11)));
        assertThat(capture.isFull()).as("the log may have more").isFalse();

        capture.take(Stream.STDERR, 0, bytes("x".repeat(10)));
        assertThat(capture.isFull()).isTrue();

        capture.tail(Stream.STDOUT, bytes("end"));
        assertThat(capture.tailText(Stream.STDOUT)).endsWith("end");
        assertThat(capture.total(Stream.STDOUT)).isEqualTo(11);
    }

    @Test
    void isNotFullWhileTheResultMayComeYet() {
        Capture capture = new Capture(LIMITS, Result.STDOUT, null);

        capture.take(Stream.STDERR, 0, bytes("x".repeat(100)));

        assertThat(capture.isFull()).isFalse();
    }
}
