package io.vitals.kit.http;

import io.helidon.webserver.http.ServerRequest;
import io.vitals.kit.json.Json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads request bodies, never more than the listener allows. */
public final class Bodies {
    private Bodies() {}

    /**
     * The raw body; may be read more than once.
     *
     * @throws FailureException 413 if it is larger than the listener's limit
     */
    public static byte[] read(ServerRequest request) {
        RequestContext context = RequestContext.of(request);
        byte[] known = context.body();
        if (known == null) {
            known = receive(request, context.maxBodyBytes());
            context.body(known);
        }
        return known;
    }

    private static byte[] receive(ServerRequest request, long limit) {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        try (InputStream in = request.content().inputStream()) {
            byte[] body = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8L, limit + 1));
            if (body.length > limit) {
                throw new CommonFailure.TooLarge(limit).toException();
            }
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The body as JSON.
     *
     * @throws FailureException 400 if it is not JSON, naming the field; 413 if too large
     */
    public static <T> T json(ServerRequest request, Class<T> type) {
        if (!request.headers()
                .contentType()
                .map(c -> c.mediaType().subtype().equals("json"))
                .orElse(false)) {
            throw new CommonFailure.InvalidInput("content-type", "must be application/json").toException();
        }
        return Json.read(read(request), type);
    }
}
