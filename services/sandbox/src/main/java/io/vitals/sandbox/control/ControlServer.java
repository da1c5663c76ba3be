package io.vitals.sandbox.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.sandbox.http.LocalServer;
import io.vitals.sandbox.http.Place;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The control API and page of the simulators. It answers whoever reaches it, so it belongs on loopback or in a network of its own.
 *
 * <ul>
 *   <li>{@code GET /api} lists modules, their actions and fields;
 *   <li>{@code GET /api/<module>} answers the module's status;
 *   <li>{@code POST /api/<module>/<action>} with a flat JSON object does something; 400 {@code {"error"}} on a wrong input.
 * </ul>
 */
public final class ControlServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    private static final String TYPE = "application/json;charset=UTF-8";

    private final Place place;
    private final LocalServer server;
    private final List<ControlModule> modules;

    private ControlServer(Place place, int port, List<ControlModule> modules) {
        this.place = place;
        this.modules = List.copyOf(modules);
        server = LocalServer.start(place, port, routing -> routing.register("/", new Routes()));
    }

    /** Starts on a port (0 takes a free one) unless the profile is production. */
    public static ControlServer start(String profile, Place place, int port, List<ControlModule> modules) {
        if (profile.equals("production")) {
            throw new IllegalStateException("the control server does not run under a production profile");
        }
        return new ControlServer(place, port, modules);
    }

    public URI url() {
        return place.forPrograms(server.port());
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Routes implements HttpService {
        @Override
        public void routing(HttpRules rules) {
            rules.get("/", (_, response) -> asset(response, "control.html", "text/html;charset=UTF-8"));
            rules.get("/control.css", (_, response) -> asset(response, "control.css", "text/css;charset=UTF-8"));
            rules.get("/control.js", (_, response) -> asset(response, "control.js", "text/javascript;charset=UTF-8"));
            rules.get("/api", (_, response) -> send(response, 200, directory()));
            rules.get(
                    "/api/{module}",
                    (request, response) -> module(request)
                            .ifPresentOrElse(
                                    module -> send(response, 200, module.status()),
                                    () -> send(response, 404, error("no such module"))));
            rules.post("/api/{module}/{action}", this::act);
        }

        private void act(ServerRequest request, ServerResponse response) {
            if (!sentOnPurpose(request)) {
                send(response, 403, error("only JSON from this page or a program"));
                return;
            }
            Optional<ControlAction> action = module(request)
                    .flatMap(module -> module.actions().stream()
                            .filter(a -> a.name()
                                    .equals(request.path().pathParameters().get("action")))
                            .findFirst());
            if (action.isEmpty()) {
                send(response, 404, error("no such action"));
                return;
            }
            try {
                send(response, 200, action.get().run().run(input(action.get(), request)));
            } catch (IllegalArgumentException e) {
                send(response, 400, error(String.valueOf(e.getMessage())));
            }
        }

        private Optional<ControlModule> module(ServerRequest request) {
            String name = request.path().pathParameters().get("module");
            return modules.stream().filter(m -> m.name().equals(name)).findFirst();
        }
    }

    /** A page of another origin can neither send this content type unasked nor this host. */
    private boolean sentOnPurpose(ServerRequest request) {
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        String host = request.headers().first(HeaderNames.HOST).orElse("").replaceAll(":[0-9]+$", "");
        return type.startsWith("application/json") && place.isNamed(host);
    }

    private static ControlInput input(ControlAction action, ServerRequest request) {
        Map<String, String> texts = new HashMap<>();
        action.fields().forEach(field -> texts.put(field.name(), field.initial()));
        String body = request.content().hasEntity() ? request.content().as(String.class) : "";
        if (!body.isBlank()) {
            try {
                Map<String, Object> sent = JSON.readValue(body, new TypeReference<Map<String, Object>>() {});
                sent.forEach((name, given) -> {
                    if (!texts.containsKey(name)) {
                        throw new IllegalArgumentException("unknown field " + name);
                    }
                    texts.put(name, String.valueOf(given));
                });
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("not a flat JSON object", e);
            }
        }
        return new ControlInput(texts);
    }

    private ObjectNode directory() {
        ObjectNode directory = JSON.createObjectNode();
        ArrayNode list = directory.putArray("modules");
        for (ControlModule module : modules) {
            ObjectNode entry = list.addObject();
            entry.put("name", module.name());
            entry.put("title", module.title());
            ArrayNode actions = entry.putArray("actions");
            for (ControlAction action : module.actions()) {
                ObjectNode described = actions.addObject();
                described.put("name", action.name());
                described.put("title", action.title());
                described.put("hint", action.hint());
                described.set("fields", JSON.valueToTree(action.fields()));
            }
        }
        return directory;
    }

    private static Map<String, String> error(String why) {
        return Map.of("error", why);
    }

    private static void send(ServerResponse response, int status, Object body) {
        try {
            byte[] bytes = JSON.writeValueAsBytes(body);
            head(response, status, TYPE).send(bytes);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a control answer cannot be written", e);
        }
    }

    private static void asset(ServerResponse response, String name, String type) {
        try (InputStream in = ControlServer.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the control page is not packaged");
            }
            head(response, 200, type).send(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerResponse head(ServerResponse response, int status, String type) {
        response.headers().set(HeaderNames.CONTENT_TYPE, type);
        response.headers().set(HeaderNames.CACHE_CONTROL, "no-store");
        response.headers()
                .set(
                        HeaderNames.create("Content-Security-Policy"),
                        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'");
        return response.status(status);
    }
}
