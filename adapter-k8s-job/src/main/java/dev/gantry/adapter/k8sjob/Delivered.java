package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.LogSink;
import dev.gantry.spi.LogSink.Stream;

/**
 * How much of a step's streams a sink was given, which is all of it.
 *
 * @param files that wait to be collected
 */
record Delivered(long stdout, long stderr, int files) {
    boolean isWith(LogSink sink) {
        return sink.position(Stream.STDOUT) >= stdout && sink.position(Stream.STDERR) >= stderr;
    }
}
