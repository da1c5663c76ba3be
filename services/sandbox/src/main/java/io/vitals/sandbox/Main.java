package io.vitals.sandbox;

import io.vitals.sandbox.launcher.Launcher;

import java.nio.file.Path;
import java.util.List;

/** Runs Vitals on one machine; start it in the repository's root after the services were packaged. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // Its own name, so that the services' tests, which have this jar on their path, do not take it for theirs.
        System.setProperty("logback.configurationFile", "sandbox-logback.xml");
        var launcher = new Launcher(Path.of(""), System.getenv(), System.out, System.err);
        System.exit(launcher.run(List.of(arguments)));
    }
}
