package dev.gantry.orchestrator.definition.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong in an execution, in the shape of RFC 9457 as the language asks for.
 *
 * @param type URI of the kind of error, see {@link Standard}
 * @param status HTTP status that fits
 * @param instance JSON Pointer of the task
 * @param code Gantry's stable code (BR-129), or null for errors that a document raised
 * @param isFinal true if another try cannot mend it, whatever a retry policy says; null if it may
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkflowError(
        String type,
        int status,
        @Nullable String title,
        @Nullable String detail,
        @Nullable String instance,
        @Nullable String code,
        @JsonProperty("final") @Nullable Boolean isFinal) {
    public WorkflowError(
            String type,
            int status,
            @Nullable String title,
            @Nullable String detail,
            @Nullable String instance,
            @Nullable String code) {
        this(type, status, title, detail, instance, code, null);
    }

    /** The same, of what another try cannot mend. */
    public WorkflowError asFinal() {
        return new WorkflowError(type, status, title, detail, instance, code, true);
    }

    /** Whether another try may mend it. */
    public boolean mayPass() {
        return !Boolean.TRUE.equals(isFinal);
    }

    /** The error types of the language; one base is emitted, the older ones are accepted. */
    public enum Standard {
        CONFIGURATION(400, "Configuration Error"),
        VALIDATION(400, "Validation Error"),
        EXPRESSION(400, "Expression Error"),
        AUTHENTICATION(401, "Authentication Error"),
        AUTHORIZATION(403, "Authorization Error"),
        TIMEOUT(408, "Timeout"),
        COMMUNICATION(500, "Communication Error"),
        RUNTIME(500, "Runtime Error");

        public static final String BASE =
                "https://open-workflow-specification.org/spec/1.0.0/errors/";

        /** What the base was and is: two hosts, three paths. */
        private static final List<String> BASES =
                Stream.of(
                                "https://open-workflow-specification.org",
                                "https://serverlessworkflow.io")
                        .flatMap(host ->
                                Stream.of(
                                        host + "/spec/1.0.0/errors/",
                                        host + "/dsl/errors/types/",
                                        host + "/errors/types/"))
                        .toList();

        private final int status;
        private final String title;

        Standard(int status, String title) {
            this.status = status;
            this.title = title;
        }

        public String type() {
            return BASE + name().toLowerCase(java.util.Locale.ROOT);
        }

        /** A type under each base, if it has one of them. */
        public static Set<String> spellings(String type) {
            return BASES.stream()
                    .filter(type::startsWith)
                    .findFirst()
                    .map(base -> type.substring(base.length()))
                    .map(name ->
                            BASES.stream()
                                    .map(other -> other + name)
                                    .collect(Collectors.toUnmodifiableSet()))
                    .orElseGet(() -> Set.of(type));
        }

        /** A type as Gantry emits it: a standard one by its base of today, any other as it is. */
        public static String emitted(String type) {
            Set<String> same = spellings(type);
            return Stream.of(values())
                    .map(Standard::type)
                    .filter(same::contains)
                    .findFirst()
                    .orElse(type);
        }

        public WorkflowError at(String instance, String code, String detail) {
            return new WorkflowError(type(), status, title, detail, instance, code);
        }

        public WorkflowError at(String instance, String code, int otherStatus, String detail) {
            return new WorkflowError(type(), otherStatus, title, detail, instance, code);
        }
    }
}
