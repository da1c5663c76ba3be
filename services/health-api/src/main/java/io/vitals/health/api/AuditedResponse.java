package io.vitals.health.api;

import io.helidon.common.GenericType;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.Header;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.ServerResponseTrailers;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http.spi.Sink;

import java.io.OutputStream;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/** A response that tells its status before anything of it leaves; if whoever is told throws, nothing does. */
final class AuditedResponse implements ServerResponse {
    private final ServerResponse response;
    private final IntConsumer leaving;
    private boolean recorded;

    AuditedResponse(ServerResponse response, IntConsumer leaving) {
        this.response = response;
        this.leaving = leaving;
    }

    /** Whether somebody was told, with success or not. */
    boolean recorded() {
        return recorded;
    }

    private void record() {
        if (!recorded) {
            recorded = true;
            leaving.accept(response.status().code());
        }
    }

    @Override
    public ServerResponse status(Status status) {
        response.status(status);
        return this;
    }

    @Override
    public Status status() {
        return response.status();
    }

    @Override
    public ServerResponse header(Header header) {
        response.header(header);
        return this;
    }

    @Override
    public void send() {
        record();
        response.send();
    }

    @Override
    public void send(byte[] bytes) {
        record();
        response.send(bytes);
    }

    @Override
    public void send(Object entity) {
        record();
        response.send(entity);
    }

    @Override
    public OutputStream outputStream() {
        record();
        return response.outputStream();
    }

    @Override
    public <T extends Sink<?>> T sink(GenericType<T> type) {
        record();
        return response.sink(type);
    }

    @Override
    public boolean isSent() {
        return response.isSent();
    }

    @Override
    public long bytesWritten() {
        return response.bytesWritten();
    }

    @Override
    public ServerResponse whenSent(Runnable action) {
        response.whenSent(action);
        return this;
    }

    @Override
    public ServerResponse reroute(String path) {
        return response.reroute(path);
    }

    @Override
    public ServerResponse reroute(String path, UriQuery query) {
        return response.reroute(path, query);
    }

    @Override
    public ServerResponse next() {
        return response.next();
    }

    @Override
    public ServerResponseHeaders headers() {
        return response.headers();
    }

    @Override
    public ServerResponseTrailers trailers() {
        return response.trailers();
    }

    @Override
    public void streamResult(String result) {
        response.streamResult(result);
    }

    @Override
    public void contentLength(long length) {
        response.contentLength(length);
    }

    @Override
    public void streamFilter(UnaryOperator<OutputStream> filter) {
        response.streamFilter(filter);
    }
}
