package dev.gantry.orchestrator.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.problem.Problem;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.security.Caller;
import dev.gantry.orchestrator.security.Permission;
import dev.gantry.orchestrator.security.Requires;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The description of the API: what every endpoint has in common is said once, here. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfig {
    private static final String KEY = "key";

    static {
        SpringDocUtils.getConfig()
                .replaceWithSchema(JsonNode.class, anyJson())
                .replaceWithSchema(ExecutionId.class, new StringSchema().format("uuid"))
                .addRequestWrapperToIgnore(Caller.class);
    }

    private static Schema<?> anyJson() {
        return new Schema<>().description("any JSON value");
    }

    @Bean
    OpenAPI openApi(ObjectProvider<BuildProperties> build) {
        BuildProperties properties = build.getIfAvailable();
        return new OpenAPI()
                .info(
                        new Info()
                                .title("Gantry")
                                .version(properties == null ? "dev" : properties.getVersion())
                                .license(new License().name("Apache-2.0").identifier("Apache-2.0"))
                                .description(
                                        "Durable workflows over any runtime. Errors are"
                                                + " problems (RFC 9457) with a stable `code`. Lists"
                                                + " come in pages: give `next` as `after`."))
                .components(
                        new Components()
                                .addSecuritySchemes(
                                        KEY,
                                        new SecurityScheme()
                                                .type(SecurityScheme.Type.HTTP)
                                                .scheme("bearer")))
                .addSecurityItem(new SecurityRequirement().addList(KEY));
    }

    @Bean
    OpenApiCustomizer problemSchema() {
        return api -> {
            var problem =
                    ModelConverters.getInstance()
                            .resolveAsResolvedSchema(new AnnotatedType(Problem.class));
            api.getComponents().addSchemas("Problem", problem.schema);
        };
    }

    /** Adds the problems that an endpoint can answer with, and the permission that it needs. */
    @Bean
    OperationCustomizer problemResponses() {
        return (operation, endpoint) -> {
            Requires requires = endpoint.getMethodAnnotation(Requires.class);
            if (requires != null) {
                String before = operation.getDescription();
                operation.setDescription(
                        (before == null ? "" : before + "\n\n")
                                + "Needs the permission `%s`."
                                        .formatted(
                                                Arrays.stream(requires.value())
                                                        .map(Permission::label)
                                                        .collect(Collectors.joining("` or `"))));
            }
            Map<Integer, List<ProblemCode>> byStatus =
                    PossibleProblems.of(endpoint).stream()
                            .collect(
                                    Collectors.groupingBy(
                                            ProblemCode::status,
                                            TreeMap::new,
                                            Collectors.toList()));
            byStatus.forEach((status, codes) ->
                    operation.getResponses().putIfAbsent(Integer.toString(status), problem(codes)));
            return operation;
        };
    }

    private static ApiResponse problem(List<ProblemCode> codes) {
        List<String> names = codes.stream().map(ProblemCode::name).toList();
        Schema<String> code = new Schema<>();
        code.setEnum(names);
        Schema<?> schema =
                new Schema<>()
                        .allOf(
                                List.of(
                                        new Schema<>().$ref("#/components/schemas/Problem"),
                                        new Schema<>().addProperty("code", code)));
        return new ApiResponse()
                .description("`" + String.join("`, `", names) + "`")
                .content(
                        new Content()
                                .addMediaType(Problem.MEDIA_TYPE, new MediaType().schema(schema)));
    }
}
