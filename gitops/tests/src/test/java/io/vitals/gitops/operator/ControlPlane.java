package io.vitals.gitops.operator;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vitals.gitops.Program;
import org.awaitility.Awaitility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** etcd, an API server and prometheus-operator on loopback, with one user who may do everything; no node, so nothing runs. */
final class ControlPlane implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TOKEN = "of-the-only-user";

    private final Path folder;
    private final Deque<Process> started = new ArrayDeque<>();
    private final KubernetesClient client;
    private final int operator = freePort();

    /** Starts it, in an empty folder that keeps the logs. */
    ControlPlane(Path folder) throws IOException {
        this.folder = folder;
        int api = freePort();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("https://127.0.0.1:" + api)
                        .withOauthToken(TOKEN)
                        .withTrustCerts(true)
                        .withAutoConfigure(false)
                        .build())
                .build();
        try {
            startApi(api);
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void startApi(int api) throws IOException {
        int etcd = freePort();
        int peers = freePort();
        start(
                "kubernetes",
                "etcd",
                "--data-dir=" + folder.resolve("etcd-data"),
                "--listen-client-urls=http://127.0.0.1:" + etcd,
                "--advertise-client-urls=http://127.0.0.1:" + etcd,
                "--listen-peer-urls=http://127.0.0.1:" + peers,
                "--unsafe-no-fsync",
                "--log-level=warn");
        Path key = folder.resolve("service-accounts.key");
        Program.run(folder, "openssl", "genrsa", "-out", key.toString(), "2048").orThrow();
        Files.writeString(folder.resolve("tokens.csv"), TOKEN + ",admin,admin,system:masters\n");
        Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: vitals, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
                users: [{name: admin, user: {token: "%s"}}]
                contexts: [{name: local, context: {cluster: vitals, user: admin}}]
                current-context: local
                """.formatted(api, TOKEN));
        start(
                "kubernetes",
                "kube-apiserver",
                "--etcd-servers=http://127.0.0.1:" + etcd,
                "--bind-address=127.0.0.1",
                // Nobody is told of it, and loopback may not be told of.
                "--advertise-address=192.0.2.1",
                "--endpoint-reconciler-type=none",
                "--secure-port=" + api,
                "--cert-dir=" + folder.resolve("certificates"),
                "--service-cluster-ip-range=10.43.0.0/16",
                "--authorization-mode=RBAC",
                "--token-auth-file=" + folder.resolve("tokens.csv"),
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + key,
                "--service-account-signing-key-file=" + key,
                // Nobody is there to make an account for each namespace.
                "--disable-admission-plugins=ServiceAccount");
        Awaitility.await("the API server is ready: " + folder.resolve("kube-apiserver.log"))
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> "ok".equals(client.raw("/readyz")));
    }

    KubernetesClient client() {
        return client;
    }

    /** Starts it, when the kinds that it works with are there. */
    void startOperator() {
        start("prometheus-operator", "operator", "--web.listen-address=" + operator());
    }

    /** Where it tells its metrics. */
    String operator() {
        return "127.0.0.1:" + operator;
    }

    /** Under the name by which a program is called; one of them is several. */
    private void start(String program, String name, String... arguments) {
        try {
            Path link = folder.resolve(name);
            Files.createSymbolicLink(link, Path.of(Program.tool(program)));
            var command = new ArrayList<>(List.of(link.toString()));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.to(folder.resolve(name + ".log").toFile()));
            builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
            started.push(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        while (!started.isEmpty()) {
            Process process = started.pop();
            process.destroy();
            process.onExit().join();
        }
    }
}
