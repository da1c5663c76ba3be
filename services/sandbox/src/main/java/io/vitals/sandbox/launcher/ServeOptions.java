package io.vitals.sandbox.launcher;

import io.vitals.sandbox.http.Place;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What {@code serve} has to be told, as nothing of it can be known from inside a container.
 *
 * @param secrets where the services' secrets are put, a folder for each of them
 */
record ServeOptions(Place place, VitalsAddresses vitals, Path secrets) {
    private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

    /** Of the options by their names; each that is missing or unusable is named. */
    static ServeOptions of(Map<String, String> given) {
        String bind = required(given, "--bind");
        if (!bind.matches("[0-9a-fA-F.:]{2,45}")) {
            throw new LaunchFailure("--bind takes an address such as 0.0.0.0");
        }
        String name = required(given, "--name");
        if (!HOST.matcher(name).matches()) {
            throw new LaunchFailure("--name takes a host name such as sandbox.localhost");
        }
        return new ServeOptions(
                Place.named(bind, name),
                VitalsAddresses.behind(origin(given, "--page"), origin(given, "--whoop-webhooks")),
                Path.of(required(given, "--secrets")).toAbsolutePath().normalize());
    }

    private static URI origin(Map<String, String> given, String option) {
        String text = required(given, option);
        if (!text.matches("https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")) {
            throw new LaunchFailure(option + " takes an origin such as http://vitals.localhost:8080");
        }
        return URI.create(text);
    }

    private static String required(Map<String, String> given, String option) {
        return Optional.ofNullable(given.get(option)).orElseThrow(() -> new LaunchFailure(option + " is missing"));
    }
}
