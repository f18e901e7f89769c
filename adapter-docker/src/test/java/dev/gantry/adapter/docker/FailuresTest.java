package dev.gantry.adapter.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotFoundException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What engines say when a pull fails, as they word it. */
class FailuresTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404|pull access denied for x, repository does not exist or may require 'docker login'|IMAGE_NOT_FOUND",
                "404|manifest for busybox:nope not found: manifest unknown: manifest unknown|IMAGE_NOT_FOUND",
                "500|unauthorized: authentication required|IMAGE_NOT_FOUND",
                "500|Head \"https://r.example/v2/a/manifests/1\": no basic auth credentials|IMAGE_NOT_FOUND",
                "0|Could not pull image: no matching manifest for linux/arm64/v8|IMAGE_NOT_FOUND",
                "400|invalid reference format|IMAGE_NOT_FOUND",
                "500|Get \"http://127.0.0.1:1/v2/\": dial tcp 127.0.0.1:1: connect: connection refused|BACKEND_UNAVAILABLE",
                "500|Get \"https://r.example/v2/\": dial tcp: lookup r.example: no such host|BACKEND_UNAVAILABLE",
                "500|Get \"https://r.example/v2/\": net/http: TLS handshake timeout|BACKEND_UNAVAILABLE",
                "500|received unexpected HTTP status: 502 Bad Gateway|BACKEND_UNAVAILABLE",
                "0|Could not pull image: unexpected EOF|BACKEND_UNAVAILABLE",
                "429|too many|THROTTLED",
                "500|toomanyrequests: You have reached your pull rate limit|THROTTLED"
            })
    void tellsARegistrysNoFromItsSilence(int status, String text, String code) {
        RuntimeException failure =
                switch (status) {
                    case 0 -> new DockerClientException(text);
                    case 404 -> new NotFoundException(text);
                    case 500 -> new InternalServerErrorException(text);
                    default -> new DockerException(text, status);
                };

        var told = Failures.pull("x", failure);

        assertThat(told.code()).isEqualTo(code);
        assertThat(told.retryable()).isEqualTo(!code.equals("IMAGE_NOT_FOUND"));
        assertThat(told.message()).contains(text.substring(0, 6));
    }
}
