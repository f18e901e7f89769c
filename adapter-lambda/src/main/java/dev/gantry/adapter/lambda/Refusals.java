package dev.gantry.adapter.lambda;

import static dev.gantry.spi.Failure.Actor.AUTHOR;
import static dev.gantry.spi.Failure.Actor.BACKEND;
import static dev.gantry.spi.Failure.Actor.PLATFORM;
import static dev.gantry.spi.Failure.Progress.MAY_HAVE_COMMITTED;
import static dev.gantry.spi.Failure.Progress.NEVER_STARTED;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.ProvisionException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * What an error of the service means: what it is called here, who must act, whether it may pass,
 * and whether the function's code may have run. What the table does not know is judged by its HTTP
 * status, and is never final.
 */
final class Refusals {
    static final String NOT_FOUND = "LAMBDA_FUNCTION_NOT_FOUND";
    static final String NOT_READY = "LAMBDA_NOT_READY";
    static final String SETUP = "LAMBDA_FUNCTION_SETUP";
    static final String ALREADY_STARTED = "LAMBDA_EXECUTION_DIFFERS";
    private static final int THROTTLED_STATUS = 429;

    record Verdict(String code, Actor actor, boolean retryable, Progress progress) {}

    private static final Map<String, Verdict> TABLE = table();

    private Refusals() {}

    private static Map<String, Verdict> table() {
        Map<String, Verdict> table = new HashMap<>();
        Verdict throttled = new Verdict(Code.THROTTLED, Actor.THROTTLED, true, NEVER_STARTED);
        put(table, throttled, "TooManyRequests", "EC2Throttled");
        // The request can never be taken as it is.
        Verdict wrong = new Verdict(Code.INVALID_WORKLOAD, AUTHOR, false, NEVER_STARTED);
        put(table, wrong, "InvalidParameterValue", "InvalidRequestContent", "ModeNotSupported");
        put(table, wrong, "UnsupportedMediaType", "RequestTooLarge", "RequestEntityTooLarge");
        put(table, wrong, "SerializedRequestEntityTooLarge", "RecursiveInvocation");
        put(table, wrong, "InvalidRuntime", "InvalidZipFile");
        put(
                table,
                new Verdict(NOT_FOUND, AUTHOR, false, NEVER_STARTED),
                "ResourceNotFound",
                "NoPublishedVersion");
        // What the function needs around it is not there; whoever deployed it can mend that.
        Verdict setup = new Verdict(SETUP, AUTHOR, true, NEVER_STARTED);
        put(table, setup, "KMSAccessDenied", "KMSDisabled", "KMSInvalidState", "KMSNotFound");
        put(table, setup, "EC2AccessDenied", "InvalidSecurityGroupID", "InvalidSubnetID");
        put(table, setup, "EFSMountFailure", "S3FilesMountFailure");
        put(table, setup, "CodeArtifactUserDeleted", "CodeArtifactUserFailed");
        put(table, setup, "RuntimeAliasDeleted", "RuntimeVersionDeleted");
        // The backend lacks something now.
        Verdict lacking = new Verdict(Code.BACKEND_REFUSED, BACKEND, true, NEVER_STARTED);
        put(table, lacking, "EC2Unexpected", "ENILimitReached", "SubnetIPAddressLimitReached");
        put(table, lacking, "EFSMountConnectivity", "EFSMountTimeout");
        put(table, lacking, "S3FilesMountConnectivity", "S3FilesMountTimeout");
        Verdict notReady = new Verdict(NOT_READY, BACKEND, true, NEVER_STARTED);
        put(table, notReady, "ResourceConflict", "ResourceNotReady", "ENINotReady");
        put(table, notReady, "SnapStartNotReady", "CodeArtifactUserPending");
        // Not for the function's author: the account, its credentials, its rights.
        Verdict platform = new Verdict(Code.BACKEND_REFUSED, PLATFORM, true, NEVER_STARTED);
        put(table, platform, "ServiceQuotaExceeded", "AccessDenied", "UnrecognizedClient");
        put(table, platform, "InvalidSignature", "ExpiredToken", "IncompleteSignature");
        put(table, platform, "MissingAuthenticationToken", "OptInRequired");
        // Code of the function may have run: its initialisation, hooks of a snapshot, or all of it.
        Verdict unsure = new Verdict(Code.BACKEND_UNAVAILABLE, BACKEND, true, MAY_HAVE_COMMITTED);
        put(table, unsure, "Service", "SnapStart", "SnapStartTimeout", "EFSIO");
        put(table, unsure, "SnapStartRegenerationFailure");
        // There is an execution of that name with another input: it exists, and is not this one.
        put(
                table,
                new Verdict(ALREADY_STARTED, PLATFORM, false, MAY_HAVE_COMMITTED),
                "DurableExecutionAlreadyStarted");
        return Map.copyOf(table);
    }

    private static void put(Map<String, Verdict> table, Verdict verdict, String... errors) {
        for (String error : errors) {
            table.put(key(error), verdict);
        }
    }

    /** Names of errors differ in case between the service and the SDK. */
    private static String key(String error) {
        return error.replaceFirst("Exception$", "").toLowerCase(Locale.ROOT);
    }

    static boolean knows(String error) {
        return TABLE.containsKey(key(error));
    }

    static Verdict verdict(String error, int status) {
        Verdict known = TABLE.get(key(error));
        if (known != null) {
            return known;
        }
        if (status == THROTTLED_STATUS) {
            return new Verdict(Code.THROTTLED, Actor.THROTTLED, true, NEVER_STARTED);
        }
        return status >= 400 && status < 500
                ? new Verdict(Code.BACKEND_REFUSED, PLATFORM, true, NEVER_STARTED)
                : new Verdict(Code.BACKEND_UNAVAILABLE, BACKEND, true, MAY_HAVE_COMMITTED);
    }

    /** Of something that begins no function, whatever it says. */
    static ProvisionException beforeACall(String doing, AwsServiceException e) {
        Failure it = of(doing, e);
        return new ProvisionException(
                new Failure(it.code(), it.message(), it.actor(), it.retryable(), NEVER_STARTED), e);
    }

    /**
     * @param doing what was tried, such as {@code function f:1 cannot be called}
     */
    static Failure of(String doing, AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        String error = details == null || details.errorCode() == null ? "" : details.errorCode();
        Verdict verdict = verdict(error, e.statusCode());
        String message = details == null ? null : details.errorMessage();
        return new Failure(
                verdict.code(),
                "%s: Lambda answered %d %s: %s"
                        .formatted(
                                doing,
                                e.statusCode(),
                                error.isEmpty() ? "without an error code" : error,
                                message == null ? "without a reason" : message),
                verdict.actor(),
                verdict.retryable(),
                verdict.progress());
    }
}
