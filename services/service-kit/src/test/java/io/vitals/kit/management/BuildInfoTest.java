package io.vitals.kit.management;

import io.vitals.kit.config.ManagementSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BuildInfoTest {
    @TempDir
    Path folder;

    @Test
    void aJarTellsWhatItWasBuiltFrom() throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "1.2.3");
        manifest.getMainAttributes().putValue("Git-Sha", "0123abc");

        assertThat(read(manifest)).isEqualTo(new BuildInfo("1.2.3", "0123abc", "blue"));
    }

    @Test
    void whatABuildWasNotToldIsUnknown() throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Git-Sha", " ");

        assertThat(read(manifest)).isEqualTo(new BuildInfo("unknown", "unknown", "blue"));
        // Classes in a folder, as here.
        assertThat(BuildInfo.of(BuildInfoTest.class, "none")).isEqualTo(new BuildInfo("unknown", "unknown", "none"));
        // A class of the platform comes from no jar at all.
        assertThat(BuildInfo.of(String.class, "none")).isEqualTo(new BuildInfo("unknown", "unknown", "none"));
    }

    @Test
    void aColorThatIsNoLabelIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ManagementSettings("127.0.0.1", 0, "Blue {1}"))
                .withMessageContaining("color");
    }

    /** What is read for a program from a jar with this manifest. */
    private BuildInfo read(Manifest manifest) throws Exception {
        Path jar = folder.resolve("program.jar");
        String program = BuildInfoTest.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file, manifest);
                InputStream bytes = BuildInfoTest.class.getClassLoader().getResourceAsStream(program)) {
            entries.putNextEntry(new JarEntry(program));
            bytes.transferTo(entries);
        }
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            return BuildInfo.of(loader.loadClass(BuildInfoTest.class.getName()), "blue");
        }
    }
}
