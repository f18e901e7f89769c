package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Extent;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Problems;
import dev.gantry.orchestrator.problem.Refusal;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.type.LogicalType;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ApiSettings.class)
class ApiConfig {
    private static final int MOST_DIGITS = 1_000;

    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return mapper ->
                mapper.addModule(new JsonNodeModule())
                        // What is misspelt is refused, not ignored.
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                        .withCoercionConfig(
                                LogicalType.Textual,
                                text ->
                                        text.setCoercion(
                                                        CoercionInputShape.Integer,
                                                        CoercionAction.Fail)
                                                .setCoercion(
                                                        CoercionInputShape.Float,
                                                        CoercionAction.Fail)
                                                .setCoercion(
                                                        CoercionInputShape.Boolean,
                                                        CoercionAction.Fail));
    }

    @Bean
    JsonFactoryBuilderCustomizer boundedJson(ApiSettings settings) {
        return factory ->
                factory.streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxNestingDepth(settings.maxDepth())
                                        .maxNumberLength(MOST_DIGITS)
                                        .build())
                        // What is stored can be shown, with what is around it.
                        .streamWriteConstraints(
                                StreamWriteConstraints.builder()
                                        .maxNestingDepth(2 * Extent.MAX_DEPTH)
                                        .build());
    }

    @Bean
    FilterRegistrationBean<BodyLimit> bodyLimit(ApiSettings settings, Problems problems) {
        FilterRegistrationBean<BodyLimit> filter =
                new FilterRegistrationBean<>(new BodyLimit(settings, problems));
        filter.addUrlPatterns("/v1/*");
        filter.setOrder(Ordered.LOWEST_PRECEDENCE);
        return filter;
    }

    @Bean
    FilterRegistrationBean<HeaderCheck> headerCheck(Problems problems) {
        FilterRegistrationBean<HeaderCheck> filter =
                new FilterRegistrationBean<>(new HeaderCheck(problems));
        filter.addUrlPatterns("/v1/*");
        filter.setOrder(Ordered.LOWEST_PRECEDENCE);
        return filter;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> edge(ApiSettings settings) {
        return factory -> {
            factory.addEngineValves(new BodyEnd(settings.maxBodyTime()));
            factory.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(ProblemValve.class.getName());
                }
            });
        };
    }

    @Bean
    WebMvcConfigurer apiRequests() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new KnownParameters());
            }

            // Schemas for editors: no secret is in them, and editors have no key.
            @Override
            public void addResourceHandlers(ResourceHandlerRegistry registry) {
                registry.addResourceHandler("/schemas/**")
                        .addResourceLocations("classpath:/static/schemas/");
            }

            @Override
            public void addFormatters(FormatterRegistry registry) {
                registry.addConverter(String.class, ExecutionId.class, ApiConfig::executionId);
            }
        };
    }

    private static ExecutionId executionId(String text) {
        if (text.length() == 36) {
            try {
                return ExecutionId.parse(text);
            } catch (IllegalArgumentException _) {
                // No id of ours, so there can be no such execution.
            }
        }
        throw new Refusal(
                ProblemCode.EXECUTION_NOT_FOUND, "There is no execution '%s'.".formatted(text));
    }
}
