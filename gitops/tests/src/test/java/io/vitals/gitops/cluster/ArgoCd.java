package io.vitals.gitops.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Secret;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The API of Argo CD, which its pages use too, by an account that has the rights of whoever is on call: argocd/offline. The token is what
 * {@code argocd account generate-token} would make; nobody can sign in on a cluster without a network.
 */
final class ArgoCd {
    private static final URI API = URI.create("http://127.0.0.1:8283/api/v1/");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String ACCOUNT = "on-call";
    private static final String ID = "scenarios";

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private final String token;

    private ArgoCd(String token) {
        this.token = token;
    }

    static ArgoCd onCall() {
        var secrets = Cluster.client().secrets().inNamespace("argocd").withName("argocd-secret");
        Secret secret = secrets.get();
        long now = Instant.now().getEpochSecond();
        String known = write(List.of(Map.of("id", ID, "iat", now)));
        secrets.edit(before -> {
            before.getData().put("accounts." + ACCOUNT + ".tokens", base64(known));
            return before;
        });
        byte[] key = Base64.getDecoder().decode(secret.getData().get("server.secretkey"));
        var client = new ArgoCd(token(key, now));
        Cluster.within(LIMIT).untilAsserted(() -> client.call("GET", "session/userinfo", "", "\"loggedIn\":true"));
        return client;
    }

    /** The action of a Rollout: abort, retry, promote-full. */
    void act(String application, String namespace, String rollout, String action) {
        run(
                application,
                Map.of(
                        "namespace", namespace,
                        "resourceName", rollout,
                        "kind", "Rollout",
                        "action", action));
    }

    /** Switches automatic syncs of this Application off or on, in the tree of root, to which it belongs. */
    void toggleAutoSync(String application) {
        run(
                Cluster.ROOT,
                Map.of(
                        "namespace", "argocd",
                        "resourceName", application,
                        "kind", "Application",
                        "action", "toggle-auto-sync"));
    }

    /** To what was deployed before by this number. */
    void rollback(String application, long id) {
        call(
                "POST",
                "applications/" + application + "/rollback",
                write(Map.of("name", application, "id", id, "prune", true)),
                "");
    }

    /** Ends the sync that is under way. */
    void terminate(String application) {
        call("DELETE", "applications/" + application + "/operation", "", "");
    }

    private void run(String application, Map<String, String> resource) {
        var body = new java.util.TreeMap<String, Object>(resource);
        body.put("name", application);
        body.put("group", "argoproj.io");
        body.put("version", "v1alpha1");
        call("POST", "applications/" + application + "/resource/actions/v2", write(body), "");
    }

    private void call(String method, String path, String body, String expected) {
        HttpRequest request = HttpRequest.newBuilder(API.resolve(path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200 || !response.body().contains(expected)) {
                throw new IllegalStateException(
                        method + " " + path + " was answered " + response.statusCode() + " " + response.body());
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String token(byte[] key, long now) {
        String head = base64Url(write(Map.of("alg", "HS256", "typ", "JWT")));
        String body = base64Url(
                write(Map.of("iss", "argocd", "sub", ACCOUNT + ":apiKey", "jti", ID, "iat", now, "nbf", now)));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] signature = mac.doFinal((head + "." + body).getBytes(StandardCharsets.US_ASCII));
            return head + "." + body + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64Url(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
