package io.vitals.kit.json;

import com.fasterxml.jackson.databind.JsonMappingException;

import java.io.IOException;
import java.util.stream.Collectors;

/** A document that cannot be read. Its message names the place, never the content. */
public final class MalformedJsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String why;

    public MalformedJsonException(String why) {
        super(why);
        this.why = why;
    }

    /** What is wrong, and where. */
    public String why() {
        return why;
    }

    static MalformedJsonException of(IOException e) {
        // Jackson's own message quotes the input, which may be a secret or a health value.
        if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            String path = mapping.getPath().stream()
                    .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
                    .collect(Collectors.joining("."));
            return new MalformedJsonException(path + ": has a value of the wrong kind");
        }
        return new MalformedJsonException("is not a valid JSON document");
    }
}
