package dev.gantry.adapter.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Behaviour;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the kit counts in an account of AWS's own, on the services of the tests. */
class EffectsTest {
    @Test
    void findsInABucketWhatFunctionsDid() throws Exception {
        Aws aws = Aws.require();
        Effects.InBucket effects =
                aws.inBucket("gantry-" + UUID.randomUUID(), "gantry-" + UUID.randomUUID());
        effects.s3()
                .createBucket(it ->
                        it.bucket(effects.bucket())
                                .createBucketConfiguration(c -> c.locationConstraint(Aws.REGION)));
        String body = KitFunctions.body(new Behaviour.Echo(), effects).orElseThrow();
        String name = aws.deploy(body, Duration.ofSeconds(30));
        Attempt attempt = Steps.of(Steps.function(name));
        Attempt other = Steps.of(Steps.function(name));

        try (RunnerAdapter adapter = Aws.adapter(aws.endpoint)) {
            Outcome outcome =
                    adapter.run(adapter.provision(attempt), attempt, new Printed())
                            .get(60, TimeUnit.SECONDS);

            assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        }
        assertThat(KitFunctions.runs(attempt, effects)).isEqualTo(1);
        assertThat(KitFunctions.runs(other, effects)).isZero();
        effects.clear();
        assertThat(effects.left("")).isEmpty();
    }
}
