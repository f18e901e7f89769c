package dev.gantry.adapter.k8sjob;

import dev.gantry.process.Awaiting;
import dev.gantry.process.Refusal;
import dev.gantry.process.WorkloadCheck;
import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobException;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Collector;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Health;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.Probe;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.VersionInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Runs each attempt as a Kubernetes Job, in one pod of it. */
final class K8sJobAdapter implements RunnerAdapter {
    private static final int HEALTH_SECONDS = 4;
    private static final String NOT_CONFIGURED =
            "no cluster is configured: set gantry.adapters.k8s-job.kubeconfig to a file, or .in-cluster to true";
    private static final Set<Capability> CLAIMS =
            Set.of(
                    Capability.PROVISIONS_RESOURCES,
                    Capability.REATTACH,
                    Capability.CANCEL,
                    Capability.LOG_STREAMING,
                    Capability.ARTIFACTS,
                    Capability.CPU_LIMIT,
                    Capability.MEMORY_LIMIT,
                    Capability.USAGE,
                    Capability.IDEMPOTENT_TEARDOWN,
                    Capability.SCALE_TO_ZERO);

    private final String installation;
    private final K8sSettings settings;
    private final LargeInputs inputs;
    private final WorkloadCheck<JobPlan> checks;
    private final Executor threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("k8s-job-", 0).factory());
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile @Nullable Backend connected;
    private volatile boolean closed;

    /** What sinks of this instance have of Jobs that have ended, by UID. */
    private final Map<String, Delivered> delivered = new ConcurrentHashMap<>();

    K8sJobAdapter(String installation, K8sSettings settings, @Nullable BlobStore blobs) {
        this.installation = Names.label(installation);
        this.settings = settings;
        this.inputs = new LargeInputs(blobs);
        this.checks =
                new WorkloadCheck<>(
                        JobPlan::of, new JobPolicy(settings, inputs.areKept()), settings.limits());
    }

    /** The client, which is made when it is first needed. */
    private Backend backend() {
        Backend known = connected;
        if (known != null) {
            return known;
        }
        K8sSettings.Access access = settings.access();
        if (access == null) {
            throw new IllegalStateException(NOT_CONFIGURED);
        }
        connecting.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the adapter is closed");
            }
            Backend mine = connected;
            if (mine == null) {
                mine =
                        new Backend(
                                Cluster.connect(access, threads), settings, installation, threads);
                connected = mine;
            }
            return mine;
        } finally {
            connecting.unlock();
        }
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(EnumSet.of(RuntimeClass.JOB), CLAIMS, settings.maxInFlight());
    }

    /** Without a shell nobody prints files and usage; a kubelet may be asked for the latter. */
    @Override
    public Capabilities capabilities(Workload workload) {
        if (JobPlan.of(workload).usesShell()) {
            return capabilities();
        }
        Set<Capability> claims = EnumSet.copyOf(CLAIMS);
        claims.remove(Capability.ARTIFACTS);
        if (!settings.kubeletUsage()) {
            claims.remove(Capability.USAGE);
        }
        return new Capabilities(EnumSet.of(RuntimeClass.JOB), claims, settings.maxInFlight());
    }

    @Override
    public Health health() {
        if (settings.access() == null) {
            return Health.disconnected(NOT_CONFIGURED);
        }
        CompletableFuture<VersionInfo> answer =
                CompletableFuture.supplyAsync(
                        () -> backend().client().getKubernetesVersion(), threads);
        try {
            VersionInfo version = answer.orTimeout(HEALTH_SECONDS, TimeUnit.SECONDS).join();
            String trouble = backend().nodeUsage().trouble();
            return Health.connected(
                    "Kubernetes %s%s"
                            .formatted(
                                    version.getGitVersion(),
                                    trouble == null ? "" : "; " + trouble));
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return Health.disconnected(
                    cause instanceof RuntimeException answered
                            ? Failures.of("no connection", answered, Progress.NEVER_STARTED)
                                    .message()
                            : Failures.unavailable("no connection", cause, Progress.NEVER_STARTED)
                                    .message());
        }
    }

    @Override
    public List<WorkloadProblem> check(String tenant, Workload workload) {
        return checks.problems(tenant, workload);
    }

    @Override
    public Handle provision(Attempt attempt) throws ProvisionException {
        if (attempt.runtimeClass() != RuntimeClass.JOB) {
            throw new ProvisionException(
                    Refusal.invalid(
                            "Kubernetes Jobs serve runtime class 'job', not '%s'"
                                    .formatted(attempt.runtimeClass().label())));
        }
        JobPlan plan = checks.require(attempt);
        String namespace = settings.namespaces().of(attempt.context().tenant());
        if (!Namespaces.isName(namespace)) {
            throw new ProvisionException(
                    Refusal.notAllowed(
                            "tenant '%s' has no namespace: '%s' is no name of one; give it another with gantry.adapters.k8s-job.tenant-namespaces"
                                    .formatted(attempt.context().tenant(), namespace)));
        }
        try {
            return new Provisioning(backend(), inputs, attempt, plan).handle();
        } catch (IllegalStateException e) {
            throw new ProvisionException(
                    Failures.of("no connection", e, Progress.NEVER_STARTED), e);
        }
    }

    @Override
    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
        return observe(handle, attempt, logs, true);
    }

    @Override
    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
        return observe(handle, attempt, logs, false);
    }

    private CompletableFuture<Outcome> observe(
            Handle handle, Attempt attempt, LogSink logs, boolean mayBegin) {
        return Awaiting.on(
                threads,
                () -> {
                    JobRef ref = JobRef.of(handle);
                    Observation observation =
                            new Observation(backend(), ref, attempt, logs, mayBegin);
                    Outcome outcome = observation.toTheEnd();
                    observation.delivered().ifPresent(all -> delivered.put(ref.uid(), all));
                    return outcome;
                });
    }

    @Override
    public Probe probe(Handle handle, Attempt attempt) {
        JobRef ref = JobRef.of(handle);
        try {
            Backend backend = backend();
            Optional<Job> job = backend.jobs().find(ref);
            List<Pod> pods = backend.jobs().podsOf(ref);
            Optional<Pod> pod = job.isPresent() ? Claims.pod(job.get(), pods) : Claims.lifted(pods);
            if (pod.isEmpty()) {
                return job.isEmpty() || Claims.claimed(job.get()) != null
                        ? new Probe.Gone()
                        : neverClaimed(job.get());
            }
            return switch (PodVerdict.of(pod.get())) {
                case Verdict.Waiting _ -> new Probe.NeverStarted();
                case Verdict.Running _ -> new Probe.Running();
                case Verdict.Ended _ ->
                        new Probe.Done(
                                new Observation(backend, ref, attempt, Nowhere.SINK, false)
                                        .toTheEnd());
            };
        } catch (ExecutionException | RuntimeException e) {
            return new Probe.Unknown("%s cannot be seen: %s".formatted(ref, Failures.reason(e)));
        }
    }

    private static Probe neverClaimed(Job job) {
        return Claims.isCancelled(job)
                ? new Probe.Done(new Outcome.Cancelled(Outcome.Usage.UNKNOWN))
                : new Probe.NeverStarted();
    }

    @Override
    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        backend().stop().end(JobRef.of(handle), grace);
                    } catch (ExecutionException e) {
                        throw new CompletionException(e);
                    } catch (InterruptedException | RuntimeException e) {
                        throw new CompletionException(
                                new ExecutionException(
                                        Failures.unavailable(
                                                "Job of %s cannot be stopped"
                                                        .formatted(handle.externalName()),
                                                e,
                                                Progress.MAY_HAVE_COMMITTED),
                                        e));
                    }
                },
                threads);
    }

    @Override
    public void collect(Handle handle, Attempt attempt, Collector collector)
            throws ArtifactException {
        JobRef ref = JobRef.of(handle);
        String doing = "the output of %s cannot be had".formatted(ref);
        try {
            Delivered known = delivered.get(ref.uid());
            if (known == null || known.files() > 0 || !known.isWith(collector)) {
                new Collection(backend(), ref, attempt, collector).collect(known);
            }
        } catch (LogGone e) {
            throw new ArtifactException(
                    new Failure(
                            "K8S_JOB_LOG_GONE",
                            "%s: %s".formatted(doing, e.getMessage()),
                            Failure.Actor.BACKEND,
                            false,
                            Progress.ENDED),
                    e);
        } catch (IOException e) {
            throw new ArtifactException(
                    new Failure(
                            Failure.Code.BACKEND_UNAVAILABLE,
                            "%s: %s".formatted(doing, Failures.reason(e)),
                            Failure.Actor.BACKEND,
                            true,
                            Progress.ENDED),
                    e);
        } catch (RuntimeException e) {
            throw new ArtifactException(Failures.of(doing, e, Progress.ENDED), e);
        }
    }

    @Override
    public void teardown(Handle handle) throws TeardownException {
        JobRef ref = JobRef.of(handle);
        try {
            new Release(backend(), inputs).all(ref);
            delivered.remove(ref.uid());
        } catch (BlobException e) {
            throw new TeardownException(e.failure().of("the input stays", Progress.ENDED), e);
        } catch (RuntimeException e) {
            throw new TeardownException(
                    Failures.of("%s cannot be removed".formatted(ref), e, Progress.ENDED), e);
        }
    }

    @Override
    public List<OwnedResource> owned() throws ExecutionException {
        try {
            return new Ownership(backend()).owned();
        } catch (RuntimeException e) {
            throw new ExecutionException(
                    Failures.of("the Jobs cannot be listed", e, Progress.NEVER_STARTED), e);
        }
    }

    @Override
    public void close() {
        connecting.lock();
        try {
            closed = true;
            Backend backend = connected;
            if (backend != null) {
                backend.close();
            }
        } finally {
            connecting.unlock();
        }
    }

    /** For what is read again only to know how it ended. */
    private static final class Nowhere implements LogSink {
        static final LogSink SINK = new Nowhere();

        @Override
        public void write(Stream stream, long offset, byte[] bytes) {}

        @Override
        public long position(Stream stream) {
            return 0;
        }
    }
}
