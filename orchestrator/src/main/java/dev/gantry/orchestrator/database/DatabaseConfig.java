package dev.gantry.orchestrator.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gantry.orchestrator.installation.DataFolder;
import dev.gantry.orchestrator.installation.StartRefused;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Objects;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.jdbi.v3.spring.SpringConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseSettings.class)
class DatabaseConfig {
    /** The oldest that the tests run on. */
    private static final int OLDEST_MAJOR = 15;

    @Configuration(proxyBeanMethods = false)
    @Conditional(NoUrl.class)
    static class Embedded {
        @Bean
        EmbeddedPostgres embeddedPostgres(DataFolder folder, DatabaseSettings settings) {
            return new EmbeddedPostgres(folder, settings.binaries());
        }

        @Bean
        Endpoint databaseEndpoint(EmbeddedPostgres embedded) {
            return embedded.start();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional(GivenUrl.class)
    static class External {
        @Bean
        Endpoint databaseEndpoint(DatabaseSettings settings) {
            Endpoint endpoint =
                    Endpoint.parse(
                            Objects.requireNonNull(settings.url()),
                            settings.user(),
                            settings.password());
            checkReachable(endpoint);
            return endpoint;
        }
    }

    static final class NoUrl implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            String url = context.getEnvironment().getProperty("gantry.database.url");
            return url == null || url.isBlank();
        }
    }

    static final class GivenUrl extends NoneNestedConditions {
        GivenUrl() {
            super(ConfigurationPhase.PARSE_CONFIGURATION);
        }

        @Conditional(NoUrl.class)
        static final class None {}
    }

    @Bean
    HikariDataSource dataSource(Endpoint endpoint, DatabaseSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("gantry");
        config.setDataSource(driver(endpoint, "gantry"));
        config.setMaximumPoolSize(settings.poolSize());
        // Who waits longer is better off with a refusal that says when to come again.
        config.setConnectionTimeout(settings.patience().toMillis());
        config.setValidationTimeout(Math.max(250, settings.patience().toMillis() / 2));
        config.setInitializationFailTimeout(DatabaseSettings.START.toMillis());
        config.setConnectionInitSql(settings.sessionLimits());
        return new HikariDataSource(config);
    }

    /** Without the pool's statement timeout: a migration may take long. */
    @Bean
    FlywayConfigurationCustomizer migrations(Endpoint endpoint) {
        return flyway -> flyway.dataSource(driver(endpoint, "gantry-migration"));
    }

    @Bean(initMethod = "start")
    @DependsOnDatabaseInitialization
    DatabaseWatch databaseWatch(
            Endpoint endpoint,
            DatabaseSettings settings,
            ObjectProvider<EmbeddedPostgres> embedded,
            Clock clock) {
        PGSimpleDataSource source = driver(endpoint, "gantry-watch");
        int seconds = Math.max(1, (int) settings.patience().toSeconds());
        source.setConnectTimeout(seconds);
        source.setLoginTimeout(seconds);
        source.setSocketTimeout(seconds);
        EmbeddedPostgres ours = embedded.getIfAvailable();
        return new DatabaseWatch(
                source::getConnection, ours == null ? () -> false : ours::revive, clock);
    }

    /** In the place of Spring Boot's, which asks the pool and so waits for what is away. */
    @Bean
    HealthIndicator dbHealthContributor(DatabaseWatch watch) {
        return new DatabaseHealth(watch);
    }

    @Bean
    @DependsOnDatabaseInitialization
    Jdbi jdbi(HikariDataSource dataSource, DatabaseWatch watch) {
        return Jdbi.create(new WatchedConnections(new SpringConnectionFactory(dataSource), watch))
                .installPlugin(new PostgresPlugin());
    }

    @Bean
    @DependsOnDatabaseInitialization
    CommitPool commitPool(Endpoint endpoint, DatabaseSettings settings, DatabaseWatch watch) {
        return new CommitPool(
                driver(endpoint, "gantry-commits"), settings, watch, settings.poolSize());
    }

    private static PGSimpleDataSource driver(Endpoint endpoint, String name) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(endpoint.jdbcUrl());
        setIfGiven(source, endpoint.user(), endpoint.password());
        source.setApplicationName(name);
        // A peer that is gone without a word is noticed.
        source.setTcpKeepAlive(true);
        return source;
    }

    private static void setIfGiven(
            PGSimpleDataSource source, @Nullable String user, @Nullable String password) {
        if (user != null) {
            source.setUser(user);
        }
        if (password != null) {
            source.setPassword(password);
        }
    }

    private static void checkReachable(Endpoint endpoint) {
        PGSimpleDataSource source = driver(endpoint, "gantry-start");
        try (Connection connection = source.getConnection()) {
            int major = connection.getMetaData().getDatabaseMajorVersion();
            if (major < OLDEST_MAJOR) {
                throw new StartRefused(
                        "%s is PostgreSQL %d.".formatted(endpoint, major),
                        "Give one of version %d or newer.".formatted(OLDEST_MAJOR));
            }
        } catch (SQLException e) {
            throw new StartRefused(
                    "PostgreSQL at %s does not answer: %s".formatted(endpoint, e.getMessage()),
                    "Check that it runs, and --database-url, GANTRY_DATABASE_USER and"
                            + " GANTRY_DATABASE_PASSWORD.",
                    e);
        }
    }
}
