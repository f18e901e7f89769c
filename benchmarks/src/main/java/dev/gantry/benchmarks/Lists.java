package dev.gantry.benchmarks;

import dev.gantry.orchestrator.GantryServer;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.id.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Lists of many stored executions, by each filter with values that many and that few have; prints
 * Markdown. {@code -Dstored=1000000} sets how many.
 */
public final class Lists {
    private static final TenantId TENANT = new TenantId("default");
    private static final int STORED = Integer.getInteger("stored", 1_000_000);
    private static final int TIMES = 200;

    private Lists() {}

    public static void main(String[] arguments) throws Exception {
        Path data = Files.createTempDirectory("gantry-benchmark");
        try (ConfigurableApplicationContext server =
                SpringApplication.run(
                        GantryServer.class,
                        "--gantry.data-dir=" + data.resolve("data"),
                        "--server.port=0",
                        "--gantry.dev.enabled=true",
                        "--gantry.dev.token=benchmark-token-0123456789",
                        "--logging.level.root=warn")) {
            store(server.getBean(Jdbi.class));
            filters()
                    .forEach((name, filter) -> {
                        Load.Result result = measure(server.getBean(Executions.class), filter);
                        System.out.printf(
                                Locale.ROOT,
                                "| %s | p50 %.1f ms, p95 %.1f ms |%n",
                                name,
                                result.p50(),
                                result.p95());
                    });
        }
    }

    /** Rows as ended executions leave them; one in 10,000 has what is rare. */
    private static void store(Jdbi jdbi) {
        jdbi.useHandle(handle -> {
            handle.createUpdate(
                            """
                            insert into execution (id, tenant_id, shard, kind, namespace, name,
                                   version, status, residence, correlation_id, initiator,
                                   started_at, ended_at, entries)
                            select gen_random_uuid(), 'default', n % 16, 0, 'shop',
                                   case when n % 10000 = 17 then 'rare' else 'order-' || n % 10 end,
                                   '1.0.0',
                                   case when n % 10000 = 17 then n / 10000 % 6 else 6 end,
                                   2, 'c-' || n,
                                   case when n % 10000 = 17 then 'user:rare' else 'user:u-' || n % 10 end,
                                   now() - n * interval '1 second', now(), 4
                              from generate_series(1, :stored) n
                            """)
                    .bind("stored", STORED)
                    .execute();
            handle.execute("vacuum analyze execution");
        });
    }

    private static Map<String, Executions.Filter> filters() {
        Instant past = Instant.now().minus(Duration.ofSeconds(STORED / 2));
        Map<String, Executions.Filter> filters = new LinkedHashMap<>();
        filters.put("no filter", Executions.Filter.ALL);
        for (ExecutionStatus status : ExecutionStatus.values()) {
            filters.put("status " + status, filter(null, status, null, null, null, null));
        }
        filters.put("a frequent definition", filter("shop/order-3", null, null, null, null, null));
        filters.put("a rare definition", filter("shop/rare", null, null, null, null, null));
        filters.put("a rare version", filter("shop/rare:1.0.0", null, null, null, null, null));
        filters.put("an unknown definition", filter("shop/none", null, null, null, null, null));
        filters.put("a frequent initiator", filter(null, null, "user:u-3", null, null, null));
        filters.put("a rare initiator", filter(null, null, "user:rare", null, null, null));
        filters.put("a correlation id", filter(null, null, null, "c-500", null, null));
        filters.put("started after", filter(null, null, null, null, past, null));
        filters.put("started before", filter(null, null, null, null, null, past));
        filters.put(
                "a frequent definition and a rare status",
                filter("shop/order-3", ExecutionStatus.FAULTED, null, null, null, null));
        filters.put(
                "a frequent definition and a rare initiator",
                filter("shop/order-3", null, "user:rare", null, null, null));
        return filters;
    }

    private static Executions.Filter filter(
            @Nullable String definition,
            @Nullable ExecutionStatus status,
            @Nullable String initiator,
            @Nullable String correlationId,
            @Nullable Instant after,
            @Nullable Instant before) {
        return new Executions.Filter(definition, status, initiator, correlationId, after, before);
    }

    private static Load.Result measure(Executions executions, Executions.Filter filter) {
        long[] nanos = new long[TIMES];
        for (int i = -TIMES / 4; i < TIMES; i++) {
            long began = System.nanoTime();
            executions.list(TENANT, filter, null, 50);
            if (i >= 0) {
                nanos[i] = System.nanoTime() - began;
            }
        }
        return Load.result(nanos, 1, 0);
    }
}
