package io.vitals.whoop.model;

import org.jspecify.annotations.Nullable;

/** Who the WHOOP account says it belongs to. */
public record Profile(
        long userId,
        @Nullable String email,
        @Nullable String firstName,
        @Nullable String lastName) {
    @Override
    public String toString() {
        return "Profile[personal]";
    }
}
