package dev.gantry.adapter.k8sjob;

import dev.gantry.process.ImagePolicy;
import dev.gantry.process.WorkloadCheck;
import dev.gantry.spi.WorkloadProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * What documents may ask of the cluster. Nothing but images, service accounts, nodes, processor and
 * memory can be asked for at all: no volumes, users, capabilities, privileges, or host namespaces.
 *
 * @param keepsInputs whether there is a place for inputs that no Secret takes
 */
record JobPolicy(K8sSettings settings, boolean keepsInputs)
        implements WorkloadCheck.Policy<JobPlan> {

    @Override
    public List<WorkloadProblem> violations(String tenant, JobPlan plan) {
        List<WorkloadProblem> violations =
                new ArrayList<>(settings.images().violations(tenant, plan.process().image()));
        List<String> accounts = ImagePolicy.forTenant(settings.allowedServiceAccounts(), tenant);
        String account = plan.serviceAccount();
        if (account != null && !accounts.contains(account)) {
            violations.add(
                    new WorkloadProblem(
                            "/serviceAccount",
                            "service account '%s' is not allowed by this Gantry".formatted(account),
                            accounts.isEmpty() ? "no service account" : "one of " + accounts,
                            "remove 'serviceAccount', or have it added to gantry.adapters.k8s-job.allowed-service-accounts"));
        }
        for (String label : plan.nodeSelector().keySet()) {
            if (!settings.allowedNodeLabels().contains(label)) {
                violations.add(
                        new WorkloadProblem(
                                "/nodeSelector/" + WorkloadProblem.escaped(label),
                                "nodes may not be selected by '%s' on this Gantry".formatted(label),
                                "labels of " + settings.allowedNodeLabels(),
                                "remove it, or have it added to gantry.adapters.k8s-job.allowed-node-labels"));
            }
        }
        if (plan.takesReference() && !keepsInputs) {
            violations.add(
                    new WorkloadProblem(
                            "/largeInput",
                            "this Gantry has no place for large inputs",
                            "a blob store in its settings",
                            "remove 'largeInput', or have gantry.blobs.bucket set"));
        }
        return violations;
    }
}
