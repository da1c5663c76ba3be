package io.vitals.health.page;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.health.reply.Payload;
import io.vitals.kit.http.CommonFailure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The page's files and the reference of the API out of the class path, and what they use out of WebJars. Only names of plain segments with a known
 * ending are looked up, so no name leads out of the folder or to a folder. Files are held in memory once asked for: there are few.
 */
public final class PageFiles {
    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private static final HeaderName CSP = HeaderNames.create("Content-Security-Policy");
    private static final String ASSETS = "/assets/";
    private static final Pattern PLAIN =
            Pattern.compile("/assets/(?:[a-z0-9][a-z0-9_-]*+/)*+[a-z0-9][a-z0-9_-]*+(?:\\.[a-z0-9]++)++");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json",
            "yaml", "application/yaml",
            "webmanifest", "application/manifest+json",
            "png", "image/png",
            "woff2", "font/woff2");

    private final ClassLoader classes;
    private final Map<String, String> vendor;
    private final Map<String, Payload> known = new ConcurrentHashMap<>();

    /** Looks the WebJars up; the files are read when they are first asked for. */
    public PageFiles(ClassLoader classes) {
        this.classes = classes;
        WebJar chart = WebJar.find(classes, "org.webjars.npm", "chart.js");
        WebJar reference = WebJar.find(classes, "org.webjars", "swagger-ui");
        this.vendor = Map.of(
                "/assets/vendor/chart.js", chart.resource("dist/chart.umd.min.js"),
                "/assets/vendor/swagger-ui.js", reference.resource("swagger-ui-bundle.js"),
                "/assets/vendor/swagger-ui.css", reference.resource("swagger-ui.css"));
    }

    /** The page itself. */
    public void page(ServerRequest request, ServerResponse response) {
        send(request, response, "web/index.html", "index.html");
    }

    /** The reference of the API for people, drawn from the contract. */
    public void reference(ServerRequest request, ServerResponse response) {
        send(request, response, "web/docs.html", "docs.html");
    }

    /** The contract as it is in the source. */
    public void contract(ServerRequest request, ServerResponse response) {
        send(request, response, "openapi.yaml", "openapi.yaml");
    }

    /** A file under {@code /assets/}. */
    public void asset(ServerRequest request, ServerResponse response) {
        String path = request.path().absolute().path();
        String foreign = vendor.get(path);
        if (foreign != null) {
            send(request, response, foreign, path.substring(ASSETS.length()));
            return;
        }
        if (!PLAIN.matcher(path).matches()) {
            throw new CommonFailure.NotFound().toException();
        }
        send(request, response, "web" + path, path.substring(ASSETS.length()));
    }

    private void send(ServerRequest request, ServerResponse response, String resource, String name) {
        Payload file = Optional.ofNullable(known.get(resource))
                .or(() -> load(resource, name))
                .orElseThrow(() -> new CommonFailure.NotFound().toException());
        response.header(CSP, CONTENT_SECURITY_POLICY);
        // Names carry no version, so a browser asks each time and mostly gets a 304.
        file.send(request, response, 200, "no-cache");
    }

    private Optional<Payload> load(String resource, String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        String type = TYPES.get(ending);
        if (type == null) {
            return Optional.empty();
        }
        try (InputStream in = classes.getResourceAsStream(resource)) {
            if (in == null) {
                return Optional.empty();
            }
            Payload file = Payload.file(type, in.readAllBytes(), !ending.equals("png") && !ending.equals("woff2"));
            known.put(resource, file);
            return Optional.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
