package io.vitals.sandbox.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vitals.sandbox.postgres.SandboxPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a container of the sandbox runs. The name is one that every machine looks up as its own. */
class ServedTest {
    private static final String HERE = "127.0.0.1";
    /** On this machine too, but to PostgreSQL as good as any address of a network that the machine is in. */
    private static final String OTHER = "127.0.0.2";

    private static final Pattern SECRET = Pattern.compile("/run/vitals/([a-z-]+/[a-z.-]+)");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path root;

    private final Ports ports = Ports.free(new Random());
    private final HttpClient http = HttpClient.newHttpClient();
    private Optional<Served> running = Optional.empty();

    @AfterEach
    void stop() {
        running.ifPresent(Served::close);
        assertThat(ports.taken()).isEmpty();
    }

    @Test
    void everythingIsReachedByTheGivenName() throws Exception {
        serve("0.0.0.0");

        JsonNode metadata = JSON.readTree(get(ports.issuer(), "/.well-known/openid-configuration"));
        assertThat(metadata.get("issuer").asText()).isEqualTo("http://localhost:" + ports.issuer());
        assertThat(metadata.get("token_endpoint").asText()).startsWith("http://localhost:" + ports.issuer());
        assertThat(get(ports.control(), "/api")).contains("whoop", "sahha");
        assertThat(JSON.readTree(get(ports.control(), "/api/whoop")).toString())
                .contains("http://vitals.localhost:8081/webhooks/whoop");
    }

    @Test
    void theControlPageTakesOrdersUnderItsNameOnly() throws Exception {
        serve("0.0.0.0");

        assertThat(order("localhost")).isEqualTo(200);
        assertThat(order("sandbox.localhost.example.org")).isEqualTo(403);
    }

    @Test
    void othersLogInToTheirDatabaseFromTheNetworkAndNobodyAsSuperuser() throws Exception {
        serve("0.0.0.0");

        try (Connection app = login(OTHER, "health", "health_app", secret("health-api/db-password"));
                Statement statement = app.createStatement()) {
            statement.execute("SELECT 1");
        }
        assertThatThrownBy(() -> login(OTHER, "health", "health_app", "wrong")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> login(OTHER, "postgres", "postgres", superuserPassword()))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("rejects connection");
        login(HERE, "postgres", "postgres", superuserPassword()).close();
    }

    @Test
    void onLoopbackNobodyElseGetsIn() throws Exception {
        serve("127.0.0.1");

        assertThatThrownBy(() -> login(OTHER, "health", "health_app", secret("health-api/db-password")))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void eachServiceHasItsOwnSecretsForTheirOwnerOnlyAndFindsThemAgain() throws Exception {
        serve("127.0.0.1");
        Map<String, String> made = secrets();
        running.ifPresent(Served::close);
        serve("127.0.0.1");

        assertThat(secrets()).isEqualTo(made);
        assertThat(made)
                .containsOnlyKeys(
                        "whoop-service/audit-signing-key.json",
                        "whoop-service/callers.jwks.json",
                        "whoop-service/client-secret",
                        "whoop-service/db-password",
                        "whoop-service/tokens-keyset.json",
                        "health-api/audit-signing-key.json",
                        "health-api/db-password",
                        "health-api/oidc-client-secret",
                        "health-api/sahha-client-secret",
                        "health-api/sahha-webhook-secret",
                        "health-api/session-keyset.json",
                        "health-api/whoop-signing-key.json",
                        "migrations/health-api-password",
                        "migrations/whoop-service-password");
        assertThat(made.get("whoop-service/callers.jwks.json")).doesNotContain("\"d\"");
    }

    @Test
    void theComposeFileAndItsSettingsNameTheseSecretsAndAllOfThem() throws Exception {
        serve("127.0.0.1");

        Path repository = Path.of("../..");
        var named = new TreeSet<String>();
        for (String file : List.of("compose.yaml", "compose/whoop-service.yaml", "compose/health-api.yaml")) {
            Matcher names = SECRET.matcher(Files.readString(repository.resolve(file)));
            while (names.find()) {
                named.add(names.group(1));
            }
        }
        assertThat(named).isEqualTo(secrets().keySet());
    }

    @Test
    void healthTellsWhetherEverythingAnswers() throws Exception {
        var marks = new RunMarks(root.resolve("state"));
        assertThat(health(marks)).isEqualTo("1 not ready: the sandbox has not started");
        serve("127.0.0.1");
        marks.starting();
        assertThat(health(marks)).isEqualTo("1 not ready: the sandbox has not started");
        marks.ready();
        assertThat(health(marks)).isEqualTo("0 ready");

        running.ifPresent(Served::close);
        assertThat(health(marks)).isEqualTo("1 not ready: PostgreSQL does not answer");
    }

    @Test
    void whatIsMissingOrUnusableIsNamed() {
        for (String option : List.of("--bind", "--name", "--page", "--whoop-webhooks", "--secrets")) {
            var without = new TreeMap<>(arguments("0.0.0.0"));
            without.remove(option);
            assertThatThrownBy(() -> ServeOptions.of(without)).hasMessage(option + " is missing");
        }
        Map.of(
                        "--bind", "everywhere",
                        "--name", "http://sandbox.localhost",
                        "--page", "http://vitals.localhost:8080/page",
                        "--whoop-webhooks", "vitals.localhost")
                .forEach((option, wrong) -> {
                    var with = new TreeMap<>(arguments("0.0.0.0"));
                    with.put(option, wrong);
                    assertThatThrownBy(() -> ServeOptions.of(with)).hasMessageStartingWith(option + " takes");
                });
    }

    @Test
    void aVolumeOfTheUserStaysAsItIsAndWhatCannotBeGivenIsNamed() throws Exception {
        Path volume = Files.createDirectory(
                root.resolve("volume"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        int owner = (Integer) Files.getAttribute(volume, "unix:uid");
        new VolumeOwner(owner, List.of(volume)).give();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(volume)))
                .isEqualTo("rwxr-x---");

        assertThat(launch(Map.of(), "give", "--to", "10001", "--directories", root + "/none"))
                .startsWith("1 " + root + "/none cannot be given to user 10001");
        assertThat(launch(Map.of(), "give", "--to", "0", "--directories", "/a")).startsWith("1 --to takes");
        assertThat(launch(Map.of(), "give", "--to", "10001", "--directories", "a,/b"))
                .startsWith("1 --directories takes");
    }

    @Test
    void optionsOfAnotherCommandAndAProductionProfileAreRefused() {
        assertThat(launch(Map.of(), "run", "--bind", "0.0.0.0")).startsWith("1 usage:");
        assertThat(launch(Map.of(), "serve", "--detach")).startsWith("1 usage:");
        assertThat(launch(Map.of(), "serve")).startsWith("1 --bind is missing");
        List<String> serve = new ArrayList<>(List.of("serve"));
        arguments("127.0.0.1").forEach((option, value) -> serve.addAll(List.of(option, value)));
        serve.addAll(List.of("--directory", root.resolve("state").toString()));
        assertThat(launch(Map.of("VITALS_PROFILE", "production"), serve.toArray(String[]::new)))
                .startsWith("1 VITALS_PROFILE is production");
    }

    private void serve(String bind) throws Exception {
        Path postgres = root.resolve("state/postgres");
        if (!Files.exists(postgres)) {
            SandboxPostgres.fill(Files.createDirectories(postgres));
        }
        var served = new Served(root.resolve("state"), ServeOptions.of(arguments(bind)), ports, line -> {});
        running = Optional.of(served);
        served.start();
    }

    private Map<String, String> arguments(String bind) {
        return Map.of(
                "--bind", bind,
                "--name", "localhost",
                "--page", "http://vitals.localhost:8080",
                "--whoop-webhooks", "http://vitals.localhost:8081",
                "--secrets", root.resolve("shared").toString());
    }

    private String health(RunMarks marks) {
        var out = new ByteArrayOutputStream();
        int code = new ServeHealth(
                        marks,
                        ports,
                        InetAddress.ofLiteral("0.0.0.0"),
                        new PrintStream(out, true, StandardCharsets.UTF_8))
                .check();
        return code + " " + out.toString(StandardCharsets.UTF_8).strip();
    }

    private String launch(Map<String, String> environment, String... arguments) {
        var err = new ByteArrayOutputStream();
        var to = new PrintStream(err, true, StandardCharsets.UTF_8);
        int code = new Launcher(root, environment, to, to).run(List.of(arguments));
        return code + " " + err.toString(StandardCharsets.UTF_8);
    }

    private String get(int port, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private int order(String host) throws Exception {
        var socket = new Socket(InetAddress.getLoopbackAddress(), ports.control());
        try (socket) {
            socket.setSoTimeout(10_000);
            String request = "POST /api/whoop/clear-faults HTTP/1.1\r\nHost: " + host + ":" + ports.control()
                    + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(status.substring(9));
        }
    }

    private Connection login(String from, String database, String user, String password) throws SQLException {
        var login = new Properties();
        login.setProperty("user", user);
        login.setProperty("password", password);
        login.setProperty("localSocketAddress", from);
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + ports.postgres() + "/" + database, login);
    }

    private String secret(String name) throws Exception {
        return Files.readString(root.resolve("shared").resolve(name));
    }

    private String superuserPassword() throws Exception {
        var stored = new Properties();
        try (var reader = Files.newBufferedReader(root.resolve("state/postgres/passwords.properties"))) {
            stored.load(reader);
        }
        return stored.getProperty("postgres");
    }

    private Map<String, String> secrets() throws Exception {
        Path shared = root.resolve("shared");
        var found = new TreeMap<String, String>();
        try (Stream<Path> files = Files.walk(shared)) {
            for (Path file : files.filter(file -> !file.equals(shared)).toList()) {
                boolean directory = Files.isDirectory(file);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo(directory ? "rwx------" : "rw-------");
                if (!directory) {
                    found.put(shared.relativize(file).toString(), Files.readString(file));
                }
            }
        }
        return found;
    }
}
