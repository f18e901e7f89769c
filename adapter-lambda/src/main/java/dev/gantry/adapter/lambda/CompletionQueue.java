package dev.gantry.adapter.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The queue to which Lambda tells how events ended. One reader serves all steps of this process,
 * and only while there are any. What is told is kept in the step's record, if it has one. What has
 * none and is not for this process stays in the queue: it may be for another node, or for somebody
 * else.
 */
final class CompletionQueue implements AutoCloseable {
    private static final Logger LOG = System.getLogger(CompletionQueue.class.getName());
    private static final int WAIT_SECONDS = 20;
    private static final int BATCH = 10;

    /** For another node of the installation: soon at first, then less and less often. */
    private static final int HAND_ON_SECONDS = 2;

    private static final int MAX_HAND_ON_SECONDS = 900;

    /** No step waits so long: who was to have it is gone. */
    private static final Duration NOBODY_WAITS = Duration.ofDays(1);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MAX_REMEMBERED = 10_000;

    private final SqsClient sqs;
    private final String name;
    private final String installation;
    private final @Nullable Records records;
    private final Map<String, CompletableFuture<Completion>> waiting = new ConcurrentHashMap<>();
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile boolean closed;
    private volatile @Nullable Known known;

    /** Tokens whose completion was taken: a doubled record is for nobody. */
    private final Map<String, Boolean> taken = remembered();

    /** Messages that were complained about. */
    private final Map<String, Boolean> told = remembered();

    record Known(String url, String arn) {}

    /**
     * @param records where a completion is kept before its message is deleted; null if nowhere
     */
    CompletionQueue(SqsClient sqs, String name, String installation, @Nullable Records records) {
        this.sqs = sqs;
        this.name = name;
        this.installation = installation;
        this.records = records;
    }

    private static Map<String, Boolean> remembered() {
        return Collections.synchronizedMap(
                new LinkedHashMap<>() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                        return size() > MAX_REMEMBERED;
                    }
                });
    }

    Known known() {
        Known before = known;
        if (before != null) {
            return before;
        }
        String url = sqs.getQueueUrl(it -> it.queueName(name)).queueUrl();
        String arn =
                Objects.requireNonNull(
                        sqs.getQueueAttributes(it ->
                                        it.queueUrl(url)
                                                .attributeNames(QueueAttributeName.QUEUE_ARN))
                                .attributes()
                                .get(QueueAttributeName.QUEUE_ARN),
                        "SQS tells every queue's ARN");
        Known found = new Known(url, arn);
        known = found;
        return found;
    }

    /**
     * @param call its name
     */
    String token(String call) {
        return installation + "/" + call;
    }

    /** What is told of the token, whenever it is; to be asked for before the event is sent. */
    CompletableFuture<Completion> expect(String token) {
        CompletableFuture<Completion> expected = new CompletableFuture<>();
        waiting.put(token, expected);
        taken.remove(token);
        read();
        return expected;
    }

    void stopWaiting(String token) {
        waiting.remove(token);
    }

    /** Whatever is still told of the token is for nobody. */
    void forget(String token) {
        stopWaiting(token);
        taken.put(token, true);
    }

    private void read() {
        if (!closed && reading.compareAndSet(false, true)) {
            Thread.ofVirtual().name("lambda-completions").start(this::readWhileAnybodyWaits);
        }
    }

    private void readWhileAnybodyWaits() {
        try {
            while (!closed && !waiting.isEmpty()) {
                try {
                    receive().forEach(this::take);
                } catch (SdkException | IllegalStateException e) {
                    // The connections are closed under a reader that is at work.
                    if (!closed) {
                        LOG.log(
                                Level.WARNING,
                                "queue {0} cannot be read: {1}",
                                name,
                                e.getMessage());
                    }
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reading.set(false);
            if (!waiting.isEmpty()) {
                read();
            }
        }
    }

    private List<Message> receive() {
        return sqs.receiveMessage(it ->
                        it.queueUrl(known().url())
                                .waitTimeSeconds(WAIT_SECONDS)
                                .maxNumberOfMessages(BATCH)
                                .messageAttributeNames("All")
                                .messageSystemAttributeNames(
                                        MessageSystemAttributeName.SENT_TIMESTAMP,
                                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .messages();
    }

    private void take(Message message) {
        Completion completion = parsed(message);
        if (completion == null || !completion.token().startsWith(installation + "/")) {
            return;
        }
        String token = completion.token();
        if (!waiting.containsKey(token) && taken.containsKey(token)) {
            delete(message);
            return;
        }
        boolean isKept = keep(completion);
        CompletableFuture<Completion> expected = waiting.remove(token);
        if (expected != null) {
            expected.complete(completion);
        }
        if (isKept || (expected != null && records == null)) {
            taken.put(token, true);
            delete(message);
        } else if (nobodyWaitsFor(message)) {
            delete(message);
        } else {
            handOn(message);
        }
    }

    /** For who waits for it in another process, or in a later one. */
    private boolean keep(Completion completion) {
        String record = completion.record();
        if (records == null || record == null) {
            return false;
        }
        try {
            return records.end(BlobName.parse(record), completion);
        } catch (BlobException e) {
            LOG.log(
                    Level.WARNING,
                    "what queue {0} tells cannot be kept, and stays there: {1}",
                    name,
                    e.getMessage());
            return false;
        }
    }

    private void handOn(Message message) {
        sqs.changeMessageVisibility(it ->
                it.queueUrl(known().url())
                        .receiptHandle(message.receiptHandle())
                        .visibilityTimeout(pause(message)));
    }

    private static int pause(Message message) {
        String received =
                message.attributes()
                        .getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1");
        return (int) Math.min(MAX_HAND_ON_SECONDS, HAND_ON_SECONDS * Long.parseLong(received));
    }

    private @Nullable Completion parsed(Message message) {
        try {
            return Completion.of(message.body(), attributes(message));
        } catch (JsonProcessingException e) {
            if (told.put(message.messageId(), true) == null) {
                LOG.log(
                        Level.WARNING,
                        "message {0} of queue {1} is not JSON and is left alone",
                        message.messageId(),
                        name);
            }
            return null;
        }
    }

    private static Map<String, String> attributes(Message message) {
        return message.messageAttributes().entrySet().stream()
                .filter(it -> it.getValue().stringValue() != null)
                .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().stringValue()));
    }

    private static boolean nobodyWaitsFor(Message message) {
        String sent = message.attributes().get(MessageSystemAttributeName.SENT_TIMESTAMP);
        return sent != null
                && Instant.ofEpochMilli(Long.parseLong(sent))
                        .plus(NOBODY_WAITS)
                        .isBefore(Instant.now());
    }

    private void delete(Message message) {
        sqs.deleteMessage(it -> it.queueUrl(known().url()).receiptHandle(message.receiptHandle()));
    }

    @Override
    public void close() {
        closed = true;
        if (records != null) {
            waiting.values()
                    .forEach(expected ->
                            expected.completeExceptionally(
                                    Failures.lost("the queue is not read any more", null)));
        }
    }
}
