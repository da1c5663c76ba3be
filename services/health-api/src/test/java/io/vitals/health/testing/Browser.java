package io.vitals.health.testing;

import io.vitals.health.contract.Contract;
import io.vitals.health.contract.ContractJudge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** As much of a browser as signing in takes: cookies, and redirects followed by hand. */
public final class Browser {
    private static final ContractJudge JUDGE = new ContractJudge(Contract.read());

    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final String base;
    private final String origin;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private final List<String> setCookies = new ArrayList<>();

    /**
     * A browser without cookies.
     *
     * @param base where the server listens
     * @param origin what the browser takes the server's address for
     */
    public Browser(String base, String origin) {
        this.base = base;
        this.origin = origin;
    }

    public Map<String, String> cookies() {
        return cookies;
    }

    /** Every Set-Cookie header so far. */
    public List<String> setCookies() {
        return setCookies;
    }

    public HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET(), "");
    }

    public HttpResponse<String> send(String method, String path, String body, String... headers) {
        return send(request(path, headers).method(method, HttpRequest.BodyPublishers.ofString(body)), body);
    }

    /** As the page does it: same origin, JSON. */
    public HttpResponse<String> page(String method, String path, String body) {
        return send(method, path, body, "Origin", origin, "Content-Type", "application/json");
    }

    /** Signs in as the account and comes back to the page. Returns the answer to the callback. */
    public HttpResponse<String> signIn(String account) {
        return get(callbackPath(account, "/"));
    }

    /** Signs in at the issuer only; returns the path that it sends the browser back to. */
    public String callbackPath(String account, String to) {
        HttpResponse<String> start = get("/auth/login?to=" + encode(to));
        String authorize = location(start);
        Map<String, String> form = parameters(authorize);
        form.put("account", account);
        String body = form.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
        HttpRequest pick = HttpRequest.newBuilder(URI.create(authorize.substring(0, authorize.indexOf('?'))))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        String back = location(exchange(pick));
        if (!back.startsWith(origin + "/")) {
            throw new AssertionError("sent back to another site");
        }
        return back.substring(origin.length());
    }

    public static String location(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Location")
                .orElseThrow(() -> new AssertionError("no Location, status " + response.statusCode()));
    }

    /** The decoded query parameters of a URL. */
    public static Map<String, String> parameters(String url) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : url.substring(url.indexOf('?') + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            parameters.put(
                    java.net.URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                    java.net.URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + path));
        if (headers.length > 0) {
            builder.headers(headers);
        }
        if (!cookies.isEmpty()) {
            builder.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return builder;
    }

    private HttpResponse<String> send(HttpRequest.Builder builder, String body) {
        HttpRequest request = builder.build();
        HttpResponse<String> response = exchange(request);
        judge(request, body, response);
        for (String header : response.headers().allValues("Set-Cookie")) {
            setCookies.add(header);
            String pair = header.split(";", 2)[0];
            String name = pair.substring(0, pair.indexOf('='));
            String value = pair.substring(pair.indexOf('=') + 1);
            if (value.isEmpty()) {
                cookies.remove(name);
            } else {
                cookies.put(name, value);
            }
        }
        return response;
    }

    /** Whatever a test asks for, the answer must keep the contract. */
    private static void judge(HttpRequest request, String body, HttpResponse<String> response) {
        boolean compressed = response.headers().firstValue("Content-Encoding").isPresent();
        List<String> violations = JUDGE.violations(new ContractJudge.Exchange(
                request.method(),
                request.uri(),
                request.headers().firstValue("Content-Type").orElse(null),
                body,
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(null),
                compressed ? null : response.body()));
        if (!violations.isEmpty()) {
            throw new AssertionError(
                    request.method() + " " + request.uri().getPath() + " breaks the contract: " + violations);
        }
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
