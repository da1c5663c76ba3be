package io.vitals.gitops.probes;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vitals.gitops.Program;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Something on loopback that answers each request alike. */
final class Site implements AutoCloseable {
    private final HttpServer server;
    private final String scheme;

    private Site(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
    }

    /**
     * @param location where it leads to; empty for nowhere
     */
    static Site plain(int status, String location) throws IOException {
        return started(HttpServer.create(loopback(), 0), "http", status, location);
    }

    static Site secure(Certificate certificate, int status) throws IOException, GeneralSecurityException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        return started(server, "https", status, "");
    }

    private static Site started(HttpServer server, String scheme, int status, String location) {
        server.createContext("/", exchange -> {
            try (exchange) {
                if (!location.isEmpty()) {
                    exchange.getResponseHeaders().set("Location", location);
                }
                exchange.sendResponseHeaders(status, -1);
            }
        });
        server.start();
        return new Site(server, scheme);
    }

    private static InetSocketAddress loopback() throws IOException {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    }

    String address() {
        return address(scheme);
    }

    /** As somebody would write it who takes it for something else. */
    String address(String otherScheme) {
        return "%s://127.0.0.1:%d/".formatted(otherScheme, server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** A certificate of 127.0.0.1 that vouches for itself. */
    record Certificate(Path store, Path pem) {
        private static final String PASSWORD = "no secret in tests";

        /**
         * @param begins as keytool has it: {@code -10d} was ten days ago
         * @param days how long it holds
         */
        static Certificate make(Path folder, String name, String begins, int days)
                throws IOException, InterruptedException {
            var certificate = new Certificate(folder.resolve(name + ".p12"), folder.resolve(name + ".pem"));
            certificate.keytool(List.of(
                    "-genkeypair",
                    "-alias",
                    "site",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    "san=ip:127.0.0.1",
                    "-startdate",
                    begins,
                    "-validity",
                    Integer.toString(days)));
            certificate.keytool(List.of(
                    "-exportcert",
                    "-alias",
                    "site",
                    "-rfc",
                    "-file",
                    certificate.pem().toString()));
            return certificate;
        }

        Instant ends() throws IOException, GeneralSecurityException {
            return ((X509Certificate) opened().getCertificate("site"))
                    .getNotAfter()
                    .toInstant();
        }

        private SSLContext context() throws IOException, GeneralSecurityException {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(opened(), PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        }

        private KeyStore opened() throws IOException, GeneralSecurityException {
            return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        }

        private void keytool(List<String> what) throws IOException, InterruptedException {
            var command = new ArrayList<String>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    PASSWORD));
            command.addAll(what);
            Program.run(Program.ROOT, command.toArray(String[]::new)).orThrow();
        }
    }
}
