package io.vitals.health.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * A WebJar on the class path. Its files lie under its version, and the parent pom is the only place that should name
 * that.
 */
record WebJar(String artifact, String version) {
    static WebJar find(ClassLoader classes, String group, String artifact) {
        Properties properties = new Properties();
        try (InputStream in =
                classes.getResourceAsStream("META-INF/maven/" + group + "/" + artifact + "/pom.properties")) {
            if (in == null) {
                throw new IllegalStateException("the WebJar of " + artifact + " is not on the class path");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new WebJar(artifact, properties.getProperty("version"));
    }

    String resource(String path) {
        return "META-INF/resources/webjars/" + artifact + "/" + version + "/" + path;
    }
}
