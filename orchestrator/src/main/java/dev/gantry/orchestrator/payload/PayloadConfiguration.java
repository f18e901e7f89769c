package dev.gantry.orchestrator.payload;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PayloadConfiguration {
    @Bean
    @ConditionalOnMissingBean
    PayloadCodec payloadCodec() {
        return new PlainPayloads();
    }
}
