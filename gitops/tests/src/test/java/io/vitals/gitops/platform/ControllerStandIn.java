package io.vitals.gitops.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vitals.gitops.Program;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * As much of a cluster as kubeseal and kubectl ask for: the API server's way to the controller of sealed secrets, and the Secrets with its
 * keys. It opens and seals with the real kubeseal, so what comes back is really sealed for the newest key.
 */
final class ControllerStandIn implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVICE = "/api/v1/namespaces/sealed-secrets/services/";
    private static final String PROXY = SERVICE + "http:sealed-secrets-controller:http/proxy/v1/";

    /** A key of the controller; the last one is the newest. */
    record Key(String name, Path key, Path certificate) {}

    private final HttpServer server;
    private final Path folder;
    private final List<Key> keys = new ArrayList<>();

    ControllerStandIn(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    /** A new key, which what is sealed from now on is sealed for. */
    Key renew() {
        String name = "sealed-secrets-key" + (keys.size() + 1);
        Path key = folder.resolve(name + ".key");
        Path certificate = folder.resolve(name + ".crt");
        SealingKeys.make(key, certificate, 365);
        keys.add(new Key(name, key, certificate));
        return keys.getLast();
    }

    /** A kubeconfig with a context of the name of the cluster. */
    Path kubeconfig(String cluster) throws IOException {
        return Files.writeString(
                folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: here, cluster: {server: "http://127.0.0.1:%d"}}]
                contexts: [{name: %s, context: {cluster: here, user: nobody}}]
                users: [{name: nobody, user: {}}]
                """.formatted(server.getAddress().getPort(), cluster));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        try {
            if (path.equals(SERVICE + "sealed-secrets-controller")) {
                answer(
                        exchange,
                        200,
                        "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"spec\":{\"ports\":[{\"name\":\"http\",\"port\":8080}]}}");
            } else if (path.equals(PROXY + "cert.pem")) {
                answer(exchange, 200, Files.readString(keys.getLast().certificate()));
            } else if (path.equals(PROXY + "rotate")) {
                answer(exchange, 200, rotate(new String(body, UTF_8)));
            } else if (path.equals("/api")) {
                answer(exchange, 200, "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}");
            } else if (path.equals("/apis")) {
                answer(exchange, 200, "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[]}");
            } else if (path.equals("/api/v1")) {
                answer(
                        exchange,
                        200,
                        "{\"kind\":\"APIResourceList\",\"groupVersion\":\"v1\",\"resources\":[{\"name\":\"secrets\","
                                + "\"singularName\":\"secret\",\"namespaced\":true,\"kind\":\"Secret\",\"verbs\":[\"get\",\"list\"]}]}");
            } else if (path.equals("/api/v1/namespaces/sealed-secrets/secrets")
                    && exchange.getRequestURI()
                            .getQuery()
                            .contains("labelSelector=sealedsecrets.bitnami.com/sealed-secrets-key")) {
                answer(exchange, 200, secrets());
            } else {
                answer(
                        exchange,
                        404,
                        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":404}");
            }
        } catch (IllegalStateException e) {
            answer(exchange, 500, String.valueOf(e.getMessage()));
        }
    }

    private String secrets() throws IOException {
        ObjectNode list = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "SecretList");
        var items = list.putArray("items");
        for (Key key : keys) {
            ObjectNode secret = items.addObject()
                    .put("apiVersion", "v1")
                    .put("kind", "Secret")
                    .put("type", "kubernetes.io/tls");
            secret.putObject("metadata")
                    .put("name", key.name())
                    .put("namespace", "sealed-secrets")
                    .putObject("labels")
                    .put("sealedsecrets.bitnami.com/sealed-secrets-key", "active");
            secret.putObject("data")
                    .put("tls.key", Base64.getEncoder().encodeToString(Files.readAllBytes(key.key())))
                    .put("tls.crt", Base64.getEncoder().encodeToString(Files.readAllBytes(key.certificate())));
        }
        return list.toString();
    }

    /** Opened with any of the keys, under its own name and namespace, and sealed for the newest. */
    private String rotate(String sealed) throws IOException {
        Path file = Files.writeString(folder.resolve("sealed.json"), sealed);
        var command = new ArrayList<>(List.of(
                "bash", "-c", "exec \"$@\" <\"$0\"", file.toString(), Program.tool("kubeseal"), "--recovery-unseal"));
        for (Key key : keys) {
            command.add("--recovery-private-key");
            command.add(key.key().toString());
        }
        JsonNode opened = JSON.readTree(
                Program.run(folder, command.toArray(String[]::new)).orThrow());
        ObjectNode object = (ObjectNode) JSON.readTree(sealed);
        ObjectNode data = ((ObjectNode) object.path("spec")).putObject("encryptedData");
        for (var value : opened.path("data").properties()) {
            Path plain = folder.resolve("plain");
            Files.write(plain, Base64.getDecoder().decode(value.getValue().asText()));
            data.put(
                    value.getKey(),
                    Program.run(
                                    folder,
                                    Program.tool("kubeseal"),
                                    "--raw",
                                    "--scope",
                                    "strict",
                                    "--cert",
                                    keys.getLast().certificate().toString(),
                                    "--namespace",
                                    opened.at("/metadata/namespace").asText(),
                                    "--name",
                                    opened.at("/metadata/name").asText(),
                                    "--from-file",
                                    plain.toString())
                            .orThrow());
            Files.delete(plain);
        }
        return object.toString();
    }

    private static void answer(HttpExchange exchange, int code, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", body.startsWith("{") ? "application/json" : "text/plain");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
