package io.vitals.probe.browser;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vitals.kit.config.DataSize;
import io.vitals.probe.StubSite;
import io.vitals.probe.browser.BrowserException.Kind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class BrowserTest {
    private static final String LOGIN = """
            <form method="get" action="/search"><input name="q"></form>
            <form method="post" action="%s">
            <input type="hidden" name="request" value="a b&amp;c">
            <select name="member"><option value="1">One</option><option value="2" selected>Two</option></select>
            <input name="password" type="password"><button name="decision" value="deny">No</button>
            </form>
            """;

    private final StubSite site = new StubSite();
    private final StubSite elsewhere = new StubSite();
    private final Browser browser = new Browser(Duration.ofSeconds(20), DataSize.parse("64KiB"));

    @AfterEach
    void close() {
        browser.close();
        site.close();
        elsewhere.close();
    }

    @Test
    void secureCookiesOfALoopbackSiteComeBackAndEndWhenTheyAreTakenAway() {
        site.page("/in", exchange -> {
            exchange.getResponseHeaders().add("Set-Cookie", "__Host-one=1; Path=/; Secure; HttpOnly; SameSite=Lax");
            exchange.getResponseHeaders().add("Set-Cookie", "two=2; Path=/deep; Secure");
            StubSite.redirect(exchange, "/deep");
        });
        site.text("/deep", "text/plain", "x").text("/other", "text/plain", "x");
        site.page("/out", exchange -> {
            exchange.getResponseHeaders().add("Set-Cookie", "__Host-one=; Path=/; Secure; Max-Age=0");
            StubSite.send(exchange, 200, "text/plain", "x");
        });

        assertThat(browser.follow(browser.open(site.at("/in"))).uri()).isEqualTo(site.at("/deep"));
        assertThat(site.last().header("Cookie")).contains("__Host-one=1").contains("two=2");
        browser.open(site.at("/other"));
        assertThat(site.last().header("Cookie")).contains("__Host-one=1").doesNotContain("two");
        browser.open(site.at("/out"));
        browser.open(site.at("/other"));
        assertThat(site.last().header("Cookie")).doesNotContain("one");
        try (Browser other = new Browser(Duration.ofSeconds(20), DataSize.parse("64KiB"))) {
            other.open(site.at("/deep"));
            assertThat(site.last().header("Cookie")).isEmpty();
        }
    }

    @Test
    void aFormIsSentWithWhatItHoldsAndWhatIsFilledIn() {
        site.text("/login", "text/html;charset=utf-8", LOGIN.formatted("/decide?x=1"));
        site.redirect("/decide", "/next");
        Answer page = browser.open(site.at("/login"));

        Answer answer =
                browser.submit(page, FormFields.parse("password=s=ecret&1\n\nmember=7"), Origin.of(site.at("/")));

        assertThat(answer.location()).isEqualTo(site.at("/next"));
        assertThat(site.last().method()).isEqualTo("POST");
        assertThat(site.last().body()).isEqualTo("request=a+b%26c&member=7&password=s%3Decret%261");
        assertThat(site.last().header("Origin"))
                .isEqualTo(Origin.of(site.at("/")).toString());
    }

    @Test
    void whatIsFilledInGoesNowhereElse() {
        FormFields secret = FormFields.parse("password=secret");
        site.text("/login", "text/html", LOGIN.formatted(elsewhere.at("/take")));
        elsewhere.text("/login", "text/html", LOGIN.formatted("/take"));
        elsewhere.text("/take", "text/html", "thank you");
        site.text("/empty", "text/html", "<p>no form</p>");
        Origin only = Origin.of(site.at("/"));

        assertThat(kind(() -> browser.submit(browser.open(site.at("/login")), secret, only)))
                .isEqualTo(Kind.FORM);
        assertThat(kind(() -> browser.submit(browser.open(elsewhere.at("/login")), secret, only)))
                .isEqualTo(Kind.FORM);
        assertThat(kind(() -> browser.submit(browser.open(site.at("/empty")), secret, only)))
                .isEqualTo(Kind.FORM);
        assertThat(elsewhere.seen()).noneMatch(seen -> seen.method().equals("POST"));
    }

    @Test
    void redirectsEndSomewhere() {
        site.redirect("/round", "/round")
                .redirect("/file", "file:///etc/passwd")
                .redirect("/user", "http://u:p@localhost/")
                .redirect("/broken", "http://[");
        for (String path : new String[] {"/round", "/file", "/user", "/broken"}) {
            Answer first = browser.open(site.at(path));
            assertThat(kind(() -> browser.follow(first))).as(path).isEqualTo(Kind.REDIRECT);
        }
        assertThat(site.seen().stream().filter(seen -> seen.path().equals("/round")))
                .hasSize(11);
    }

    @Test
    void faultsHaveTheirKind() throws IOException {
        site.text("/large", "text/plain", "x".repeat(64 * 1024 + 1));
        site.text("/full", "text/plain", "x".repeat(64 * 1024));
        site.text("/json", "application/json", "{\"a\":");
        site.page("/cut", exchange -> {
            exchange.sendResponseHeaders(200, 10);
            exchange.getResponseBody().write(1);
            exchange.close();
        });
        assertThat(browser.open(site.at("/full")).body()).hasSize(64 * 1024);
        assertThat(kind(() -> browser.open(site.at("/large")))).isEqualTo(Kind.TOO_LARGE);
        assertThat(kind(() -> browser.open(site.at("/cut")))).isEqualTo(Kind.PROTOCOL);
        assertThat(kind(() -> browser.open(site.at("/json")).json())).isEqualTo(Kind.CONTENT);
        assertThat(kind(() -> browser.open(site.at("/json")).assets())).isEqualTo(Kind.CONTENT);
        assertThat(catchThrowableOfType(
                        BrowserException.class,
                        () -> browser.open(site.at("/none?code=secret")).expect(200)))
                .hasMessage("status_404");
        assertThat(kind(() -> browser.open(site.at("/full")).location())).isEqualTo(Kind.REDIRECT);
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThat(kind(() -> browser.open(URI.create("http://localhost:" + free + "/"))))
                .isEqualTo(Kind.CONNECT);
    }

    @Test
    void aCertificateThatNobodyKnowsIsNotTrusted(@TempDir Path directory) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(directory.resolve("store.p12"))));
        server.start();
        try {
            URI uri = URI.create("https://localhost:" + server.getAddress().getPort() + "/");
            assertThat(kind(() -> browser.open(uri))).isEqualTo(Kind.TLS);
        } finally {
            server.stop(0);
        }
    }

    private static SSLContext selfSigned(Path store) throws Exception {
        String password = "of-a-test";
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = new ArrayList<>(List.of(keytool.toString(), "-keystore", store.toString()));
        command.addAll(List.of("-storepass", password, "-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost"));
        Process making = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(making.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(making.waitFor()).as(said).isZero();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(store.toFile(), password.toCharArray()), password.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void aBodyThatNeverEndsIsCutOffAtTheDeadline() {
        CountDownLatch over = new CountDownLatch(1);
        site.page("/drip", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                while (over.getCount() > 0) {
                    body.write('x');
                    body.flush();
                    over.await(20, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (Browser hasty = new Browser(Duration.ofMillis(300), DataSize.parse("64KiB"))) {
            assertThat(kind(() -> hasty.open(site.at("/drip")))).isEqualTo(Kind.TIMEOUT);
        } finally {
            over.countDown();
        }
    }

    private static Kind kind(ThrowingCallable work) {
        BrowserException thrown = catchThrowableOfType(BrowserException.class, work);
        assertThat(thrown).isNotNull();
        return thrown.kind();
    }
}
