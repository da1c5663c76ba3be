package io.vitals.health.api;

import io.vitals.health.page.LiveEvents;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import io.vitals.sandbox.issuer.Account;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The page's files and its live stream. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageRoutesTest {
    private Door door;

    @BeforeAll
    void open() {
        door = Door.open();
    }

    @AfterAll
    void close() {
        door.close();
    }

    @Test
    void the_page_and_its_files_come_with_their_type_and_the_strict_policy() {
        Browser anyone = door.browser();
        Map<String, String> types = Map.of(
                "/", "text/html",
                "/assets/js/app.js", "text/javascript",
                "/assets/css/base.css", "text/css",
                "/assets/icon.svg", "image/svg+xml",
                "/assets/vendor/chart.js", "text/javascript",
                "/docs", "text/html",
                "/openapi", "application/yaml",
                "/assets/vendor/swagger-ui.js", "text/javascript",
                "/assets/vendor/swagger-ui.css", "text/css");
        types.forEach((path, type) -> {
            HttpResponse<String> answer = anyone.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith(type);
            assertThat(answer.headers().allValues("Content-Security-Policy"))
                    .singleElement()
                    .satisfies(policy -> assertThat(policy)
                            .contains("default-src 'none'", "script-src 'self'", "base-uri 'none'")
                            .doesNotContain("unsafe"));
            String tag = answer.headers().firstValue("ETag").orElseThrow();
            assertThat(anyone.get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
        });
        for (String path : List.of(
                "/assets/",
                "/assets/js",
                "/assets/../index.html",
                "/assets/..%2f..%2fapplication.yaml",
                "/assets/%2e%2e/%2e%2e/application.yaml",
                "/assets/js/app.class",
                "/application.yaml",
                "/openapi.yaml")) {
            assertThat(anyone.get(path).statusCode()).as(path).isIn(400, 404);
        }
    }

    @Test
    void large_answers_are_compressed_for_who_takes_it() throws Exception {
        String path = "/assets/vendor/chart.js";
        String plain = door.browser().get(path).body();
        HttpResponse<byte[]> gzip = raw(path, "gzip, br;q=0.5");
        assertThat(gzip.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(gzip.headers().firstValue("Vary")).contains("Accept-Encoding");
        assertThat(gzip.headers().firstValue("ETag").orElse("")).endsWith("-gzip\"");
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain);
        }
        assertThat(raw(path, "gzip;q=0").headers().firstValue("Content-Encoding"))
                .isEmpty();
        assertThat(raw(path, "identity").headers().firstValue("Content-Encoding"))
                .isEmpty();
    }

    @Test
    void a_change_reaches_the_page_and_the_stream_ends_with_the_session() throws Exception {
        Browser jonas = door.browser();
        jonas.signIn("jonas");
        String cookie = "__Host-vitals=" + jonas.cookies().get("__Host-vitals");
        HttpClient http = HttpClient.newHttpClient();
        HttpResponse<InputStream> stream = http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + door.port() + "/api/v1/users/me/events"))
                        .header("Cookie", cookie)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
        StringBuilder text = new StringBuilder();
        Thread reader = Thread.startVirtualThread(() -> read(stream.body(), text));
        door.change(new LiveEvents.Event(1, "day", "{\"date\":\"2026-11-22\",\"version\":7}"));
        door.events().poll();
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            synchronized (text) {
                assertThat(text)
                        .contains(
                                "id: 1\nevent: day\ndata: {\"date\":\"2026-11-22\",\"version\":7}\n\n", ": still here");
            }
        });
        jonas.page("POST", "/auth/logout", "");
        assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void a_member_may_have_only_so_many_streams() throws Exception {
        String token = "Bearer " + door.token(Account.MIRA);
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + door.port() + "/api/v1/users/me/events"))
                .header("Authorization", token)
                .build();
        List<HttpResponse<InputStream>> open = new java.util.ArrayList<>();
        for (int i = 0; i < 8; i++) {
            open.add(http.send(request, HttpResponse.BodyHandlers.ofInputStream()));
        }
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(503);
        for (HttpResponse<InputStream> response : open) {
            assertThat(response.statusCode()).isEqualTo(200);
            response.body().close();
        }
    }

    private static void read(InputStream in, StringBuilder text) {
        byte[] buffer = new byte[1024];
        try (in) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                synchronized (text) {
                    text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
                }
            }
        } catch (java.io.IOException e) {
            // The end of the stream, one way or another.
        }
    }

    private HttpResponse<byte[]> raw(String path, String acceptEncoding) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + door.port() + path))
                                .header("Accept-Encoding", acceptEncoding)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }
}
