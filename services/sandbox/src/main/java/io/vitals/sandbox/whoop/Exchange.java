package io.vitals.sandbox.whoop;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Turns a call into a handler that counts it and lets an ordered fault have its way. */
final class Exchange {
    private final Faults faults;
    private final Counters counters;
    private final Supplier<Map<String, String>> exhausted;

    /** A call without faults. */
    interface Call {
        Reply answer(ServerRequest request);
    }

    Exchange(Faults faults, Counters counters, Supplier<Map<String, String>> exhausted) {
        this.faults = faults;
        this.counters = counters;
        this.exhausted = exhausted;
    }

    /** A page of the browser flow: neither counted nor spoilt. */
    Handler page(Call call) {
        return (request, response) -> write(response, call.answer(request));
    }

    Handler call(WhoopEndpoint endpoint, String name, Call call) {
        return (request, response) -> {
            counters.called(name);
            Optional<WhoopFault> fault = faults.take(endpoint);
            if (fault.isEmpty()) {
                write(response, call.answer(request));
            } else {
                spoil(fault.get(), request, response, call);
            }
        };
    }

    private void spoil(WhoopFault fault, ServerRequest request, ServerResponse response, Call call) {
        counters.faulted();
        switch (fault) {
            case WhoopFault.Refuse(int status) ->
                write(response, status == 429 ? Reply.error(429).with(exhausted.get()) : Reply.error(status));
            case WhoopFault.Slow(Duration by) -> {
                pause(by);
                write(response, call.answer(request));
            }
            case WhoopFault.CutBody() -> cut(response, call.answer(request));
            case WhoopFault.BrokenJson() -> {
                Reply reply = call.answer(request);
                write(
                        response,
                        reply.body().isEmpty()
                                ? reply
                                : reply.withBody(reply.body().replace(":", " ") + "{"));
            }
            case WhoopFault.EmptyBody() -> {
                Reply reply = call.answer(request);
                write(response, reply.withBody(""));
            }
            case WhoopFault.Redirect() ->
                write(
                        response,
                        Reply.empty(307)
                                .with(Map.of(
                                        "Location", request.prologue().uriPath().rawPath() + "?limit=1")));
            case WhoopFault.WrongShape() -> {
                Reply reply = call.answer(request);
                write(response, reply.withBody(otherTypes(reply.body())));
            }
        }
    }

    /** Numbers become text and lists become objects: still JSON. */
    private static String otherTypes(String body) {
        return body.replaceAll("\":(-?[0-9][0-9.E]*)", "\":\"n$1\"")
                .replace("\"records\":[", "\"records\":[7,")
                .replace("\"score\":{", "\"score\":[],\"was_score\":{");
    }

    private static void write(ServerResponse response, Reply reply) {
        head(response, reply);
        response.send(reply.bytes());
    }

    private static void cut(ServerResponse response, Reply reply) {
        byte[] bytes = reply.bytes();
        if (bytes.length == 0) {
            throw lost();
        }
        head(response, reply);
        response.contentLength(bytes.length + 64L);
        try {
            OutputStream out = response.outputStream();
            out.write(bytes, 0, bytes.length / 2);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw lost();
    }

    /** The exception alone ends the handler, not the connection; an interrupted handler's next read closes it at once. */
    private static CloseConnectionException lost() {
        Thread.currentThread().interrupt();
        return new CloseConnectionException("lost on order");
    }

    private static void head(ServerResponse response, Reply reply) {
        response.status(reply.status());
        if (!reply.contentType().isEmpty()) {
            response.headers().set(HeaderNames.CONTENT_TYPE, reply.contentType());
        }
        reply.headers().forEach((name, text) -> response.headers().set(HeaderNames.create(name), text));
    }

    private static void pause(Duration by) {
        try {
            Thread.sleep(by);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
