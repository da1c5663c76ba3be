package io.vitals.probe.browser;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class BrowserCookiesTest {
    @ParameterizedTest
    @CsvSource({
        "https://vitals.example/,true",
        "http://localhost:8080/,true",
        "http://127.0.0.1:8080/,true",
        "http://vitals.localhost:8080/,true",
        "http://vitals.example/,false",
        "http://not-localhost:8080/,false",
        "http://localhost.example/,false"
    })
    void aSecureCookieGoesOnlyWhereABrowserSendsIt(URI origin, boolean sent) throws IOException {
        BrowserCookies cookies = new BrowserCookies();
        cookies.put(origin, Map.of("Set-Cookie", List.of("a=1; Secure; HttpOnly; Path=/")));

        assertThat(cookies.get(origin, Map.of()).getOrDefault("Cookie", List.of()))
                .hasSize(sent ? 1 : 0);
    }
}
