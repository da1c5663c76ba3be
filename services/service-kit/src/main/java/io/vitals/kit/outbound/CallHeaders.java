package io.vitals.kit.outbound;

import io.helidon.http.HeaderNames;
import io.helidon.tracing.HeaderConsumer;
import io.helidon.webclient.api.HttpClientRequest;

import java.util.List;
import java.util.Optional;

/** Takes the headers by which a trace goes on at the upstream. */
record CallHeaders(HttpClientRequest call) implements HeaderConsumer {
    @Override
    public void setIfAbsent(String key, String... values) {
        set(key, values);
    }

    @Override
    public void set(String key, String... values) {
        call.header(HeaderNames.create(key), values);
    }

    @Override
    public Iterable<String> keys() {
        return List.of();
    }

    @Override
    public Optional<String> get(String key) {
        return Optional.empty();
    }

    @Override
    public Iterable<String> getAll(String key) {
        return List.of();
    }

    @Override
    public boolean contains(String key) {
        return false;
    }
}
