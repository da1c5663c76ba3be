package io.vitals.sandbox.launcher;

import io.vitals.sandbox.member.Almanac;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is started, where, and who hears of it.
 *
 * @param root the repository, with the packaged services below it
 * @param directory where data, secrets, configuration and logs are kept between runs
 * @param almanac which days of the simulated people are awkward ones
 * @param progress takes one line for each step
 */
public record StackSettings(Path root, Path directory, Ports ports, Almanac almanac, Consumer<String> progress) {
    public StackSettings {
        root = root.toAbsolutePath().normalize();
        directory = directory.toAbsolutePath().normalize();
    }

    VitalsAddresses addresses() {
        return VitalsAddresses.onLoopback(ports);
    }

    Path jar(String service) {
        return root.resolve("services").resolve(service).resolve("target").resolve(service + ".jar");
    }

    Path log(String name) {
        return directory.resolve("log").resolve(name + ".log");
    }

    /** The packaged services that are not there. */
    List<Path> missingJars() {
        return List.of(jar("whoop-service"), jar("health-api")).stream()
                .filter(jar -> !jar.toFile().isFile())
                .toList();
    }
}
