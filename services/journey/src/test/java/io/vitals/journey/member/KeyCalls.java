package io.vitals.journey.member;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vitals.sandbox.launcher.Stack;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/** A program that has an API key and nothing else. */
final class KeyCalls {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Stack stack;
    private final String key;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    KeyCalls(Stack stack, String key) {
        this.stack = stack;
        this.key = key;
    }

    JsonNode json(String path) throws IOException {
        return JSON.readTree(bytes(path));
    }

    byte[] bytes(String path) {
        HttpResponse<byte[]> answer = send("GET", path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    int status(String method, String path) {
        return send(method, path).statusCode();
    }

    private HttpResponse<byte[]> send(String method, String path) {
        HttpRequest request = HttpRequest.newBuilder(stack.pageUrl().resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + key)
                .method(method, BodyPublishers.noBody())
                .build();
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError("no answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
