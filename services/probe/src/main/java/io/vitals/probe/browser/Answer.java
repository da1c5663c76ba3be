package io.vitals.probe.browser;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.FormElement;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came back. Every method but the plain ones fails with a {@link BrowserException} when the answer is another than it asks for.
 *
 * @param uri that was asked
 * @param body complete, within the browser's limit
 */
public record Answer(URI uri, int status, HttpHeaders headers, byte[] body) {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    public boolean redirects() {
        return REDIRECTS.contains(status);
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    public Answer expect(int wanted) {
        if (status != wanted) {
            throw BrowserException.status(status);
        }
        return this;
    }

    public JsonNode json() {
        try {
            return Json.tree(body);
        } catch (MalformedJsonException _) {
            throw new BrowserException(BrowserException.Kind.CONTENT);
        }
    }

    /** Where the browser is sent. */
    public URI location() {
        if (!redirects()) {
            throw status >= 400
                    ? BrowserException.status(status)
                    : new BrowserException(BrowserException.Kind.REDIRECT);
        }
        return header("Location")
                .flatMap(this::resolved)
                .orElseThrow(() -> new BrowserException(BrowserException.Kind.REDIRECT));
    }

    /** What the page says it needs to be shown: style sheets, icons and scripts, in its order. */
    public List<URI> assets() {
        return html().select("link[rel=stylesheet][href], link[rel=icon][href], script[src]").stream()
                .map(element -> element.hasAttr("src") ? element.attr("src") : element.attr("href"))
                .map(address ->
                        resolved(address).orElseThrow(() -> new BrowserException(BrowserException.Kind.CONTENT)))
                .toList();
    }

    /** The first form of the page that is sent by POST. */
    Form form() {
        FormElement form = html().forms().stream()
                .filter(element -> element.attr("method").equalsIgnoreCase("post"))
                .findFirst()
                .orElseThrow(() -> new BrowserException(BrowserException.Kind.FORM));
        URI action = resolved(form.attr("action")).orElseThrow(() -> new BrowserException(BrowserException.Kind.FORM));
        Map<String, String> fields = new LinkedHashMap<>();
        form.formData().forEach(field -> fields.put(field.key(), field.value()));
        return new Form(action, new FormFields(fields));
    }

    /** Where a form goes, and what it holds already. */
    record Form(URI action, FormFields fields) {}

    private Document html() {
        expect(200);
        if (!header("Content-Type").orElse("").startsWith("text/html")) {
            throw new BrowserException(BrowserException.Kind.CONTENT);
        }
        return Jsoup.parse(text());
    }

    private Optional<URI> resolved(String address) {
        try {
            // The JDK's rules leave the whole query away with an empty reference, which stands for the page itself.
            return Optional.of(address.isEmpty() ? uri : uri.resolve(address));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Never the address, which may hold a code. */
    @Override
    public String toString() {
        return "Answer[" + status + "]";
    }
}
