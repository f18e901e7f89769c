package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.ProvisionException;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the Job of an attempt, or adopts the one that is there; its pod waits to be claimed. */
final class Provisioning {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Backend backend;
    private final LargeInputs inputs;
    private final Attempt attempt;
    private final JobPlan plan;
    private final String namespace;
    private final String doing;

    Provisioning(Backend backend, LargeInputs inputs, Attempt attempt, JobPlan plan) {
        this.backend = backend;
        this.inputs = inputs;
        this.attempt = attempt;
        this.plan = plan;
        this.namespace = backend.settings().namespaces().of(attempt.context().tenant());
        this.doing = "Job %s/%s cannot be made".formatted(namespace, Names.job(attempt));
    }

    Handle handle() throws ProvisionException {
        BlobName input = inputs.name(attempt, plan);
        JobTemplate template =
                template(
                        input == null ? attempt : LargeInputs.withoutInput(attempt),
                        JobTemplate.newMark(plan));
        try {
            Optional<Job> mine = removingEarlierOnes();
            Job job = mine.isPresent() ? mine.get() : created(template, input);
            if (Claims.claimed(job) == null) {
                give(job, input);
            }
            return JobRef.of(job).handle();
        } catch (RuntimeException e) {
            throw new ProvisionException(Failures.of(doing, e, Progress.NEVER_STARTED), e);
        } catch (BlobException e) {
            throw new ProvisionException(e.failure().of(doing, Progress.NEVER_STARTED), e);
        } catch (ExecutionException e) {
            // Of an earlier attempt.
            Failure it = e.failure();
            throw new ProvisionException(
                    new Failure(
                            it.code(),
                            "%s: %s".formatted(doing, it.message()),
                            it.actor(),
                            true,
                            Progress.NEVER_STARTED),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProvisionException(
                    Failures.unavailable(doing + ": interrupted", e, Progress.NEVER_STARTED), e);
        }
    }

    private JobTemplate template(Attempt given, String mark) throws ProvisionException {
        return new JobTemplate(backend.settings(), given, plan, mark);
    }

    /** Two attempts of one step are never alive together. */
    private Optional<Job> removingEarlierOnes()
            throws ProvisionException, ExecutionException, BlobException, InterruptedException {
        List<Job> ofStep =
                backend.jobs().ofStep(namespace, backend.installation(), attempt.externalName());
        for (Job job : ofStep) {
            if (number(job) > attempt.context().attempt()) {
                throw outOfDate(job);
            }
        }
        Optional<Job> mine = Optional.empty();
        for (Job job : ofStep) {
            if (number(job) == attempt.context().attempt()) {
                mine = Optional.of(job);
            } else {
                JobRef earlier = JobRef.of(job);
                backend.stop().end(earlier, GRACE);
                new Release(backend, inputs).all(earlier);
            }
        }
        return mine;
    }

    private static int number(Job job) {
        String number = job.getMetadata().getLabels().get(Names.ATTEMPT);
        return number == null ? 0 : Integer.parseInt(number);
    }

    private ProvisionException outOfDate(Job job) {
        return new ProvisionException(
                new Failure(
                        Code.BACKEND_REFUSED,
                        "%s: attempt %d of the step is there already".formatted(doing, number(job)),
                        Actor.PLATFORM,
                        false,
                        Progress.NEVER_STARTED));
    }

    private Job created(JobTemplate template, @Nullable BlobName input)
            throws ProvisionException, BlobException {
        Job job;
        try {
            job = backend.jobs().create(template.job(namespace, input));
        } catch (RuntimeException e) {
            if (!Failures.isConflict(e)) {
                throw e;
            }
            // A reply was lost, or somebody else was quicker.
            return backend.jobs().find(namespace, Names.job(attempt)).orElseThrow(() -> e);
        }
        if (job.getSpec().getTemplate().getSpec().getSchedulingGates().isEmpty()) {
            new Release(backend, inputs).all(JobRef.of(job));
            throw new ProvisionException(
                    new Failure(
                            Code.BACKEND_REFUSED,
                            doing
                                    + ": the cluster has no scheduling gates, so nobody could tell which pod is to run; Kubernetes 1.30 or later is needed",
                            Actor.PLATFORM,
                            false,
                            Progress.NEVER_STARTED));
        }
        return job;
    }

    /** The Secret that the pod waits for; it is made again where Gantry died before it was. */
    private void give(Job job, @Nullable BlobName input) throws ProvisionException {
        String mark = job.getMetadata().getAnnotations().getOrDefault(Names.MARK, "");
        Attempt given = input == null ? attempt : inputs.stored(attempt, input);
        try {
            backend.jobs().create(template(given, mark).secret(job));
        } catch (RuntimeException e) {
            if (!Failures.isConflict(e)) {
                throw e;
            }
        }
    }
}
