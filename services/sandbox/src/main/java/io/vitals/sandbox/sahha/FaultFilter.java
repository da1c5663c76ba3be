package io.vitals.sandbox.sahha;

import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Puts the chosen fault before every answer. */
final class FaultFilter {
    private final Supplier<SahhaFault> fault;

    FaultFilter(Supplier<SahhaFault> fault) {
        this.fault = fault;
    }

    void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        switch (fault.get()) {
            case SahhaFault.None none -> chain.proceed();
            case SahhaFault.Down down -> throw lost(null);
            case SahhaFault.Status(int status) ->
                response.status(status).send("upstream trouble".getBytes(StandardCharsets.UTF_8));
            case SahhaFault.Slow(var delay) -> {
                pause(delay.toMillis());
                chain.proceed();
            }
            case SahhaFault.Cut cut -> cut(response);
            case SahhaFault.WrongJson wrong ->
                response.status(200)
                        .header("Content-Type", "application/json")
                        .send("<html>[{\"type\":".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Promises more bytes than it sends, then closes. */
    private static void cut(RoutingResponse response) {
        response.status(200).header("Content-Type", "application/json").header("Content-Length", "4096");
        try {
            OutputStream out = response.outputStream();
            out.write("[{\"type\":\"sleep\",\"sc".getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw lost(null);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw lost(e);
        }
    }

    /** The exception alone ends the handler, not the connection; an interrupted handler's next read closes it at once. */
    private static CloseConnectionException lost(@Nullable InterruptedException by) {
        Thread.currentThread().interrupt();
        return new CloseConnectionException("lost on order", by);
    }
}
