package dev.gantry.adapter.k8sjob;

import dev.gantry.process.ImagePolicy;
import dev.gantry.process.LimitPolicy;
import dev.gantry.process.Settings;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings under {@code gantry.adapters.k8s-job}.
 *
 * @param access how the cluster is reached; null if no cluster is configured
 * @param namespaces which tenant's steps are where
 * @param images which may run
 * @param limits of processor and memory
 * @param cpuRequestPercent of the limit that is asked of the scheduler
 * @param storageBytes of the node's disk that a pod may fill
 * @param filesBytes that a step's artifacts may have
 * @param pod what all pods have
 * @param allowedServiceAccounts that functions may name; {@code {tenant}} stands for theirs
 * @param allowedNodeLabels that functions may select nodes by
 * @param maxInFlight Jobs at the same time
 * @param grace from asking a step to end to force, unless more is asked for
 * @param kubeletUsage whether kubelets are asked what steps without a shell use
 * @param patience how long what may mend itself is waited for
 */
record K8sSettings(
        @Nullable Access access,
        Namespaces namespaces,
        ImagePolicy images,
        LimitPolicy limits,
        int cpuRequestPercent,
        long storageBytes,
        long filesBytes,
        PodDefaults pod,
        List<String> allowedServiceAccounts,
        List<String> allowedNodeLabels,
        int maxInFlight,
        Duration grace,
        boolean kubeletUsage,
        Patience patience) {
    static final Set<String> KNOWN =
            Set.of(
                    "enabled",
                    "kubeconfig",
                    "context",
                    "in-cluster",
                    "namespace",
                    "tenant-namespaces",
                    "allowed-images",
                    "default-cpu-millis",
                    "default-memory-mib",
                    "max-cpu-millis",
                    "max-memory-mib",
                    "cpu-request-percent",
                    "storage-mib",
                    "files-mib",
                    "user",
                    "service-account",
                    "node-selector",
                    "tolerations",
                    "priority-class",
                    "runtime-class",
                    "pull-secrets",
                    "allowed-service-accounts",
                    "allowed-node-labels",
                    "max-in-flight",
                    "grace-seconds",
                    "kubelet-usage",
                    "start-patience-seconds",
                    "image-patience-seconds",
                    "node-patience-seconds",
                    "outage-patience-seconds",
                    "compare-seconds");

    /** A label's or a taint's key. */
    private static final String KEY = "[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,250}[A-Za-z0-9])?";

    private static final Pattern PAIR =
            Pattern.compile("(%s)=([A-Za-z0-9._-]{0,63})".formatted(KEY));
    private static final Pattern TOLERATION =
            Pattern.compile(
                    "(?<key>%s)(?:=(?<value>[A-Za-z0-9._-]{0,63}))?(?::(?<effect>NoSchedule|PreferNoSchedule|NoExecute))?"
                            .formatted(KEY));

    /**
     * @param kubeconfig a file; null inside of a cluster, where the pod's own account is used
     * @param context null for the file's current one
     */
    record Access(@Nullable String kubeconfig, @Nullable String context) {}

    /**
     * What all pods have.
     *
     * @param user number above 0
     */
    record PodDefaults(
            long user,
            @Nullable String serviceAccount,
            Map<String, String> nodeSelector,
            List<Toleration> tolerations,
            @Nullable String priorityClass,
            @Nullable String runtimeClass,
            List<String> pullSecrets) {}

    /**
     * @param start until a pod runs that the scheduler or its node holds back
     * @param image until an image that cannot be pulled is given up
     * @param node until what ran on a node that is gone is given up
     * @param outage until nobody waits any more for an API server that does not answer
     * @param compare between two comparisons of what was watched with what is there
     */
    record Patience(
            Duration start, Duration image, Duration node, Duration outage, Duration compare) {}

    static K8sSettings of(Settings settings) {
        return new K8sSettings(
                access(settings),
                Namespaces.of(settings),
                ImagePolicy.of(settings),
                LimitPolicy.of(settings),
                settings.number("cpu-request-percent", 100, 1, 100),
                mebibytes(settings.number("storage-mib", 1_024, 1, 10_000_000)),
                mebibytes(settings.number("files-mib", 8, 0, 1_024)),
                new PodDefaults(
                        settings.number("user", 1_000, 1, Integer.MAX_VALUE),
                        settings.text("service-account"),
                        pairs(settings, "node-selector"),
                        tolerations(settings),
                        settings.text("priority-class"),
                        settings.text("runtime-class"),
                        settings.list("pull-secrets", "")),
                settings.list("allowed-service-accounts", ""),
                settings.list("allowed-node-labels", ""),
                settings.number("max-in-flight", 100, 1, 100_000),
                Duration.ofSeconds(settings.number("grace-seconds", 10, 1, 3_600)),
                settings.flag("kubelet-usage", false),
                new Patience(
                        seconds(settings, "start-patience-seconds", 600),
                        seconds(settings, "image-patience-seconds", 60),
                        seconds(settings, "node-patience-seconds", 600),
                        seconds(settings, "outage-patience-seconds", 300),
                        seconds(settings, "compare-seconds", 30)));
    }

    private static @Nullable Access access(Settings settings) {
        String kubeconfig = settings.text("kubeconfig");
        String context = settings.text("context");
        boolean inCluster = settings.flag("in-cluster", false);
        if (inCluster && kubeconfig != null) {
            throw settings.wrong("in-cluster", "false, where 'kubeconfig' names another way");
        }
        if (context != null && kubeconfig == null) {
            throw settings.wrong("context", "nothing, where there is no 'kubeconfig'");
        }
        return kubeconfig == null && !inCluster ? null : new Access(kubeconfig, context);
    }

    private static long mebibytes(int number) {
        return (long) number << 20;
    }

    private static Duration seconds(Settings settings, String name, int otherwise) {
        return Duration.ofSeconds(settings.number(name, otherwise, 1, 1_000_000));
    }

    private static Map<String, String> pairs(Settings settings, String name) {
        Map<String, String> pairs = new TreeMap<>();
        for (String item : settings.list(name, "")) {
            Matcher pair = PAIR.matcher(item);
            if (!pair.matches()) {
                throw settings.wrong(name, "label=value, with commas between them");
            }
            pairs.put(pair.group(1), pair.group(2));
        }
        return pairs;
    }

    private static List<Toleration> tolerations(Settings settings) {
        List<Toleration> tolerations = new ArrayList<>();
        for (String item : settings.list("tolerations", "")) {
            Matcher toleration = TOLERATION.matcher(item);
            if (!toleration.matches()) {
                throw settings.wrong(
                        "tolerations",
                        "key, key:NoSchedule or key=value:NoExecute, with commas between them");
            }
            String value = toleration.group("value");
            tolerations.add(
                    new TolerationBuilder()
                            .withKey(toleration.group("key"))
                            .withOperator(value == null ? "Exists" : "Equal")
                            .withValue(value)
                            .withEffect(toleration.group("effect"))
                            .build());
        }
        return tolerations;
    }
}
