package io.vitals.kit.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.kit.json.Json;

/** Writes answers. */
public final class Replies {
    private Replies() {}

    /** A JSON document; byte arrays are taken as already written JSON. */
    public static void json(ServerResponse response, int status, Object body) {
        response.status(status);
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send(body instanceof byte[] written ? written : Json.write(body));
    }

    public static void empty(ServerResponse response, int status) {
        response.status(status);
        response.send();
    }

    /** 303, so that a browser always follows with GET. */
    public static void seeOther(ServerResponse response, String location) {
        response.status(303);
        response.header(HeaderNames.LOCATION, location);
        response.send();
    }
}
