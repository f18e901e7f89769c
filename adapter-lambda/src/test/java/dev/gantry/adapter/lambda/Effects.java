package dev.gantry.adapter.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;

/** What functions leave where the kit finds it at once, without asking the adapter. */
sealed interface Effects {

    /** Statements of Python that leave a name; {@code name} is an expression. */
    String leave(String name);

    /** Statements of Python that take it away, if it is there. */
    String takeAway(String name);

    /** The names that begin so, and when they were left. */
    Map<String, Instant> left(String prefix);

    /** On this machine, where functions of the test services run. */
    record InFolder(Path folder) implements Effects {
        static InFolder made() {
            try {
                return new InFolder(Files.createTempDirectory("gantry-lambda-runs"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String leave(String name) {
            return "open('%s/' + %s, 'w').close()".formatted(folder, name);
        }

        @Override
        public String takeAway(String name) {
            return "os.path.exists('%1$s/' + %2$s) and os.unlink('%1$s/' + %2$s)"
                    .formatted(folder, name);
        }

        @Override
        public Map<String, Instant> left(String prefix) {
            try (Stream<Path> files = Files.list(folder)) {
                Map<String, Instant> left = new HashMap<>();
                for (Path file : files.toList()) {
                    String name = file.getFileName().toString();
                    if (name.startsWith(prefix)) {
                        left.put(name, Files.getLastModifiedTime(file).toInstant());
                    }
                }
                return left;
            } catch (java.nio.file.NoSuchFileException e) {
                // A mark that was taken away meanwhile.
                return left(prefix);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** In a bucket, under a prefix of this run. */
    record InBucket(S3Client s3, String bucket, String folder) implements Effects {
        @Override
        public String leave(String name) {
            return "__import__('boto3').client('s3').put_object(Bucket='%s', Key='%s/' + %s, Body=b'')"
                    .formatted(bucket, folder, name);
        }

        @Override
        public String takeAway(String name) {
            return "__import__('boto3').client('s3').delete_object(Bucket='%s', Key='%s/' + %s)"
                    .formatted(bucket, folder, name);
        }

        @Override
        public Map<String, Instant> left(String prefix) {
            Map<String, Instant> left = new HashMap<>();
            s3.listObjectsV2Paginator(it -> it.bucket(bucket).prefix(folder + "/" + prefix))
                    .contents()
                    .forEach(it ->
                            left.put(it.key().substring(folder.length() + 1), it.lastModified()));
            return left;
        }

        void clear() {
            left("").keySet()
                    .forEach(name ->
                            s3.deleteObject(it -> it.bucket(bucket).key(folder + "/" + name)));
        }
    }
}
