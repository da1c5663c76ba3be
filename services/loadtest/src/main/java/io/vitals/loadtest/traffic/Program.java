package io.vitals.loadtest.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.loadtest.stack.MemberDays;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.launcher.Stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;

/**
 * What a program that a member lets read their days comes with.
 *
 * @param member whose days they are
 * @param key the API key
 * @param token the member's own access token
 */
public record Program(UUID member, String key, String token) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WANTED =
            "{\"name\":\"Bench\",\"scopes\":[\"days:read\",\"refresh\"],\"expires_in_days\":1}";

    /** Makes a key as the account. */
    public static Program of(Stack stack, Account account) throws IOException, InterruptedException {
        String token = stack.simulators().issuer().accessTokenFor(account);
        URI keys = URI.create("http://127.0.0.1:" + stack.ports().healthPublic() + "/api/v1/api-keys");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> response = client.send(
                    HttpRequest.newBuilder(keys)
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(WANTED))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 201) {
                throw new IllegalStateException("no key was made: " + response.statusCode());
            }
            JsonNode made = JSON.readTree(response.body());
            return new Program(
                    UUID.fromString(made.at("/key/member").asText()),
                    made.path("value").asText(),
                    token);
        }
    }

    /** The last seven days that {@link MemberDays} holds. */
    public static String week() {
        return "from=" + MemberDays.LAST.minusDays(6) + "&to=" + MemberDays.LAST;
    }

    public byte[] readsWeek() {
        return LoadGenerator.get("/api/v1/users/" + member + "/days?" + week(), key);
    }
}
