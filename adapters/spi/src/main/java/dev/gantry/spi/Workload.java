package dev.gantry.spi;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a step runs. Adapters switch over the forms and refuse what they cannot run. */
public sealed interface Workload {

    /**
     * A registered function with what its document says for this adapter.
     *
     * @param name {@code namespace/name}
     * @param version semantic version
     * @param binding the document's block for this adapter's kind, such as {@code {functionName:
     *     billing-charge, qualifier: live}} under {@code runtime.lambda}; JSON values: Map, List,
     *     String, Number, Boolean
     * @param source of the document beside its blocks, for an adapter that deploys it; null if it
     *     has none
     */
    record Function(
            String name, String version, Map<String, Object> binding, @Nullable Script source)
            implements Workload {
        public Function {
            binding = Map.copyOf(binding);
        }

        /** One without a source. */
        public Function(String name, String version, Map<String, Object> binding) {
            this(name, version, binding, null);
        }
    }

    /**
     * A process in a container image: {@code run: container | script | shell}, or a function whose
     * source came with it.
     *
     * @param name for people: the one that the document gives, or the task's or the function's
     * @param image the image to run it on; tenant code never runs on Gantry's host
     * @param command the entry point, or empty for the image's own
     * @param script a file whose path comes after the command, or null
     * @param arguments after the command and the script; they are the script's, whatever they look
     *     like
     * @param environment variables beside the ones that the adapter sets by itself (see {@link
     *     RunnerAdapter#run})
     * @param stdin text for standard input, or null to give the step's input as JSON
     * @param pull when to fetch the image
     * @param result what the step's output is
     * @param retention what happens to the container afterwards
     * @param keepFor how long after its end a container that is kept is {@link
     *     RunnerAdapter#owned() owned} again, so that it is removed; null for never
     */
    record Process(
            String name,
            String image,
            List<String> command,
            @Nullable Script script,
            List<String> arguments,
            Map<String, String> environment,
            @Nullable String stdin,
            PullPolicy pull,
            Result result,
            Retention retention,
            @Nullable Duration keepFor)
            implements Workload {
        /** A process without a script that is not kept for a time. */
        public Process(
                String name,
                String image,
                List<String> command,
                List<String> arguments,
                Map<String, String> environment,
                @Nullable String stdin,
                PullPolicy pull,
                Result result,
                Retention retention) {
            this(
                    name,
                    image,
                    command,
                    null,
                    arguments,
                    environment,
                    stdin,
                    pull,
                    result,
                    retention,
                    null);
        }

        public Process {
            command = List.copyOf(command);
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
        }
    }

    /**
     * A call that Gantry makes itself, of class {@link RuntimeClass#CALL}: no backend's adapter
     * gets one. Whom it calls, and with what, is the step's input.
     *
     * @param protocol {@code http}, {@code openapi} or {@code grpc}
     */
    record Call(String protocol) implements Workload {}

    /**
     * Code for an interpreter. As a file it may be longer than an argument of a process.
     *
     * @param name of the file, such as {@code script.py}
     */
    record Script(String name, String text) {
        private static final Pattern NAME = Pattern.compile("[a-z]+(\\.[a-z]+)?");

        public Script {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("'%s' is no name of a script".formatted(name));
            }
        }
    }

    enum PullPolicy {
        IF_NOT_PRESENT,
        ALWAYS,
        NEVER
    }

    /**
     * Which part of a finished process is the step's output. Only what is asked for counts against
     * {@link Limits#maxOutputBytes}: a process that prints more fails if that is its result, and
     * else nothing but the log is longer.
     */
    enum Result {
        /**
         * The result file if the process wrote one, else standard output: as JSON if all of it is
         * one JSON value, else as a JSON string. A non-zero exit code fails the attempt.
         */
        FUNCTION,
        /**
         * {@code {"code": 0, "stdout": "…", "stderr": "…"}}, the streams as UTF-8 text; a non-zero
         * exit code is no failure of the attempt.
         */
        PROCESS,
        /**
         * Like {@code PROCESS}, but nobody asks for the streams: they are tails of at most 16 KiB.
         */
        CODE,
        /**
         * Like {@code PROCESS}, but only standard output is asked for, and only with exit code 0.
         * What is not asked for is a tail of at most 16 KiB.
         */
        STDOUT,
        /** Like {@code STDOUT}, for standard error. */
        STDERR;

        /** Whether all of standard output is asked for. */
        public boolean wantsStdout(int exitCode) {
            return this == PROCESS || (exitCode == 0 && (this == STDOUT || this == FUNCTION));
        }

        /** Whether all of standard error is asked for. */
        public boolean wantsStderr(int exitCode) {
            return this == PROCESS || (exitCode == 0 && this == STDERR);
        }
    }

    /**
     * What teardown does with the backend's resource. Gantry calls teardown at the right time;
     * {@code KEEP} resources are released from Gantry's ownership instead of removed.
     */
    enum Retention {
        REMOVE,
        KEEP
    }
}
