package io.vitals.whoop.model;

import java.util.UUID;

/** The opaque id that health-api gave a member; the only name of a person this service knows by itself. */
public record MemberId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
