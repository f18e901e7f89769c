package dev.gantry.orchestrator.security;

import dev.gantry.orchestrator.problem.Problem;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Problems;
import jakarta.servlet.DispatcherType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(KeySettings.class)
class SecurityConfig {
    private static final String[] OPEN = {
        "/actuator/health",
        "/actuator/health/liveness",
        "/actuator/health/readiness",
        "/schemas/**",
        "/v3/api-docs",
        "/v3/api-docs/**",
        "/v3/api-docs.yaml",
        "/swagger-ui.html",
        "/swagger-ui/**",
    };

    /**
     * What programs call. It is on the path of every start, so it has the filters that it needs and
     * no others: no session, no pages for browsers, and the answer's headers are set at the
     * beginning.
     */
    @Bean
    @Order(1)
    SecurityFilterChain apiSecurity(HttpSecurity http, BearerKeys keys, Problems problems) {
        return withKeys(http.securityMatcher("/v1/**"), keys, problems)
                .headers(AbstractHttpConfigurer::disable)
                .sessionManagement(AbstractHttpConfigurer::disable)
                .securityContext(AbstractHttpConfigurer::disable)
                .servletApi(AbstractHttpConfigurer::disable)
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain otherSecurity(HttpSecurity http, BearerKeys keys, Problems problems) {
        return withKeys(http, keys, problems)
                .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests ->
                        requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                                .permitAll()
                                .requestMatchers(OPEN)
                                .permitAll()
                                .requestMatchers("/actuator/**")
                                .hasAuthority(Permission.PLATFORM.label())
                                .anyRequest()
                                .authenticated())
                .build();
    }

    private static HttpSecurity withKeys(HttpSecurity http, BearerKeys keys, Problems problems) {
        return http
                // No cookie means no forged request, no session, no login page.
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .addFilterBefore(new BearerKeyFilter(keys, problems), AuthorizationFilter.class)
                .exceptionHandling(failures ->
                        failures.authenticationEntryPoint(keyMissing(problems))
                                .accessDeniedHandler(permissionMissing(problems)));
    }

    /** A span for every filter of every request would cost more than the filters. */
    @Bean
    SecurityObservationSettings filtersAreNotObserved() {
        return SecurityObservationSettings.noObservations();
    }

    /** Nobody: without this bean Spring Boot makes up a user with a password. */
    @Bean
    UserDetailsService nobody() {
        return name -> {
            throw new UsernameNotFoundException(name);
        };
    }

    private static AuthenticationEntryPoint keyMissing(Problems problems) {
        return (request, response, _) -> {
            if (BearerKeyFilter.isUnchecked(request)) {
                problems.write(
                        response,
                        Problem.of(
                                ProblemCode.UNAVAILABLE,
                                "The key cannot be checked now: the database does not answer."));
                return;
            }
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"gantry\"");
            problems.write(
                    response,
                    Problem.of(
                            ProblemCode.KEY_MISSING,
                            "Send a key in the header 'Authorization: Bearer <key>'."));
        };
    }

    private static AccessDeniedHandler permissionMissing(Problems problems) {
        return (_, response, _) ->
                problems.write(
                        response,
                        Problem.of(
                                ProblemCode.PERMISSION_MISSING,
                                "The key lacks the permission '%s'."
                                        .formatted(Permission.PLATFORM.label())));
    }

    @Bean
    WebMvcConfigurer callers() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new PermissionCheck());
            }

            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CallerArgument());
            }
        };
    }

    private static final class CallerArgument implements HandlerMethodArgumentResolver {
        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Caller.class;
        }

        @Override
        public Caller resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            return PermissionCheck.caller();
        }
    }
}
