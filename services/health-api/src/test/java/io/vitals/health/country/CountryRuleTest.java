package io.vitals.health.country;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.ConfigException;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.limits.ClientAddresses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CountryRuleTest {
    private static final List<String> LOCAL = List.of("127.0.0.1", "::1");
    private static final List<String> DE_AT = List.of("DE", "AT");
    private static final List<String> NONE = List.of();
    private static final Optional<String> HEADER = Optional.of("X-Country");
    private static final Optional<Path> NO_FILE = Optional.empty();

    @TempDir
    private Path directory;

    @Test
    void onlyWhoComesFromAnAllowedCountryIsLetIn() throws Exception {
        try (Listener listener = new Listener(new CountrySettings(DE_AT, NONE, HEADER, NO_FILE), LOCAL)) {
            assertThat(listener.status("X-Country", "DE")).isEqualTo(200);
            assertThat(listener.status("X-Country", "at")).isEqualTo(200);
            assertThat(listener.status("X-Country", "FR")).isEqualTo(403);
            HttpResponse<String> refused = listener.get("/thing", "X-Country", "FR");
            assertThat(refused.body())
                    .contains("urn:vitals:problem:country-refused")
                    .doesNotContain("FR");
            for (String unknown : List.of("XX", "T1", "", "DEU", "DE, FR")) {
                assertThat(listener.status("X-Country", unknown))
                        .as("%s", unknown)
                        .isEqualTo(403);
            }
            assertThat(listener.status()).as("the gateway said nothing").isEqualTo(403);
            assertThat(listener.status("X-Country", "DE", "X-Country", "FR"))
                    .as("two things are none")
                    .isEqualTo(403);
            assertThat(listener.refused()).isEqualTo(9);
        }
    }

    @Test
    void onlyWhoComesFromADeniedCountryIsKeptOut() throws Exception {
        try (Listener listener = new Listener(new CountrySettings(NONE, List.of("KP"), HEADER, NO_FILE), LOCAL)) {
            assertThat(listener.status("X-Country", "KP")).isEqualTo(403);
            assertThat(listener.status("X-Country", "DE")).isEqualTo(200);
            assertThat(listener.status("X-Country", "XX")).isEqualTo(200);
            assertThat(listener.status()).isEqualTo(200);
        }
    }

    @Test
    void aHeaderOfSomebodyWhoIsNoTrustedProxySaysNothing() throws Exception {
        try (Listener listener =
                new Listener(new CountrySettings(DE_AT, NONE, HEADER, NO_FILE), List.of("10.0.0.0/8"))) {
            assertThat(listener.status("X-Country", "DE")).isEqualTo(403);
        }
        try (Listener listener =
                new Listener(new CountrySettings(NONE, List.of("KP"), HEADER, NO_FILE), List.of("10.0.0.0/8"))) {
            assertThat(listener.status("X-Country", "KP")).isEqualTo(200);
        }
    }

    @Test
    void withoutAListEverybodyIsLetIn() throws Exception {
        try (Listener listener = new Listener(CountrySettings.OFF, LOCAL)) {
            assertThat(listener.status("X-Country", "KP")).isEqualTo(200);
        }
    }

    @Test
    void whatMachinesSignIsTakenFromEverywhere() throws Exception {
        try (Listener listener = new Listener(new CountrySettings(DE_AT, NONE, HEADER, NO_FILE), LOCAL)) {
            assertThat(listener.get("/api/v1/webhooks/sahha", "X-Country", "US").statusCode())
                    .isEqualTo(200);
            assertThat(listener.get("/auth/backchannel-logout").statusCode()).isEqualTo(200);
            assertThat(listener.get("/api/v1/webhooks", "X-Country", "US").statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void aFileSaysWhereAnAddressIs() throws Exception {
        Path file = file("GeoLite2-Country");
        try (DatabaseCountries countries = DatabaseCountries.open(file, new ClientAddresses(NONE))) {
            assertThat(countries.of(InetAddress.ofLiteral("198.51.100.7"))).contains("DE");
            assertThat(countries.of(InetAddress.ofLiteral("203.0.113.255"))).contains("FR");
            assertThat(countries.of(InetAddress.ofLiteral("192.0.2.1"))).isEmpty();
            assertThat(countries.of(InetAddress.ofLiteral("2001:db8:1:ffff::1")))
                    .contains("AT");
            assertThat(countries.of(InetAddress.ofLiteral("2001:db8:2::1"))).isEmpty();
            assertThat(countries.of(InetAddress.ofLiteral("::ffff:198.51.100.7")))
                    .as("IPv4, written as IPv6")
                    .contains("DE");
        }
        try (Listener listener =
                new Listener(new CountrySettings(DE_AT, NONE, Optional.empty(), Optional.of(file)), LOCAL)) {
            assertThat(listener.status("X-Forwarded-For", "198.51.100.7")).isEqualTo(200);
            assertThat(listener.status("X-Forwarded-For", "203.0.113.9")).isEqualTo(403);
            assertThat(listener.status("X-Forwarded-For", "2001:db8:1::9")).isEqualTo(200);
            assertThat(listener.status("X-Forwarded-For", "2001:db8:2::9")).isEqualTo(403);
            assertThat(listener.status("X-Forwarded-For", "198.51.100.7, 203.0.113.9"))
                    .as("what the client writes itself does not help it")
                    .isEqualTo(403);
            assertThat(listener.status()).as("this machine is nowhere").isEqualTo(403);
        }
    }

    @Test
    void aFileThatCannotBeUsedKeepsTheServiceFromStarting() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken.mmdb"), "not a database");
        Path other = file("GeoLite2-ASN");
        for (Path file : List.of(broken, other, directory.resolve("absent.mmdb"))) {
            CountrySettings settings = new CountrySettings(DE_AT, NONE, Optional.empty(), Optional.of(file));
            assertThatThrownBy(() -> CountryRule.of(settings, LOCAL, new SimpleMeterRegistry()))
                    .as("%s", file.getFileName())
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("country.database");
        }
    }

    @Test
    void settingsThatDoNotFitAreRefusedByName() {
        Optional<Path> file = Optional.of(Path.of("countries.mmdb"));
        Optional<String> none = Optional.empty();
        refused("country.allow", () -> new CountrySettings(List.of("Germany"), NONE, HEADER, NO_FILE));
        refused("country.allow", () -> new CountrySettings(List.of("de"), NONE, HEADER, NO_FILE));
        refused("country.deny", () -> new CountrySettings(NONE, List.of("XX"), HEADER, NO_FILE));
        refused("exclude each other", () -> new CountrySettings(DE_AT, List.of("KP"), HEADER, NO_FILE));
        refused("exclude each other", () -> new CountrySettings(DE_AT, NONE, HEADER, file));
        refused("neither header nor database", () -> new CountrySettings(DE_AT, NONE, none, NO_FILE));
        refused("neither allow nor deny", () -> new CountrySettings(NONE, NONE, HEADER, NO_FILE));
        refused("neither allow nor deny", () -> new CountrySettings(NONE, NONE, none, file));
        refused("country.header", () -> new CountrySettings(DE_AT, NONE, Optional.of("no header"), NO_FILE));
    }

    private static void refused(String why, Runnable making) {
        assertThatThrownBy(making::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private Path file(String type) throws IOException {
        return new TinyDatabase(type)
                .network("198.51.100.0", 24, "DE")
                .network("203.0.113.0", 24, "FR")
                .network("2001:db8:1::", 48, "AT")
                .write(directory.resolve(type + ".mmdb"));
    }

    /** A listener under the rule, with the routes that it knows of. */
    private static final class Listener implements AutoCloseable {
        private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
        private final HttpClient http = HttpClient.newHttpClient();
        private final CountryRule rule;
        private final HttpServer server;

        Listener(CountrySettings settings, List<String> proxies) {
            rule = CountryRule.of(settings, proxies, registry);
            server = HttpServer.builder(HttpSettings.defaults(), registry, Tracer.noOp(), new SecureRandom())
                    .listener("public", new ListenerSettings("127.0.0.1", 0), DataSize.parse("1KiB"), routes -> {
                        routes.filter(rule);
                        for (String path : List.of(
                                "/thing", "/api/v1/webhooks", "/api/v1/webhooks/sahha", "/auth/backchannel-logout")) {
                            routes.get(path, (request, response) -> response.send("here"));
                        }
                    })
                    .build()
                    .start();
        }

        int status(String... headers) throws IOException, InterruptedException {
            return get("/thing", headers).statusCode();
        }

        HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("public") + path));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }

        double refused() {
            return registry.get("http.country.refused").counter().count();
        }

        @Override
        public void close() {
            server.close();
            rule.close();
            http.close();
        }
    }
}
