package io.vitals.loadtest.profile;

import io.vitals.kit.config.Settings;

import java.nio.file.Path;

/** All profiles. */
public record Profiles(Profile capacity, Profile ci, Profile normal, Profile peak, Profile soak, Profile stress) {
    /**
     * Reads a file.
     *
     * @throws io.vitals.kit.config.ConfigException naming each key that is missing, unknown or of a wrong kind
     */
    public static Profiles read(Path file) {
        return Settings.file(Profiles.class, file);
    }

    /** The one that is called so. */
    public Profile of(String name) {
        return switch (name) {
            case "capacity" -> capacity;
            case "ci" -> ci;
            case "normal" -> normal;
            case "peak" -> peak;
            case "soak" -> soak;
            case "stress" -> stress;
            default ->
                throw new IllegalArgumentException(
                        "there is no such profile; there are capacity, ci, normal, peak, soak, stress");
        };
    }
}
