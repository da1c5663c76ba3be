package io.vitals.journey.build;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The runtime in the images has the modules that the jars in them use, as jdeps sees it, and no other but those that say why. */
class RuntimeModulesTest {
    private static final Path SERVICES = Path.of("..");
    private static final String BY_NAME = "# Found at run time by name only:";
    private static final String LEFT_OUT = "# Left out: ";
    private static final ToolProvider JDEPS =
            ToolProvider.findFirst("jdeps").orElseThrow(() -> new AssertionError("this JDK has no jdeps"));

    @TempDir
    private Path scratch;

    @Test
    void theListIsWhatTheJarsUse() throws IOException {
        Set<String> used = modules(plainJars());
        List<String> lines = Files.readAllLines(SERVICES.resolve("runtime/modules.txt"));
        assertThat(lines).contains(BY_NAME);
        List<String> first = lines.subList(0, lines.indexOf(BY_NAME));
        Set<String> listed = new TreeSet<>();
        for (String line : first) {
            if (line.startsWith(LEFT_OUT)) {
                listed.add(line.substring(LEFT_OUT.length()));
            } else if (!line.startsWith("#")) {
                listed.add(line);
            }
        }

        assertThat(listed)
                .as("the first part of services/runtime/modules.txt, with what it leaves out")
                .isEqualTo(used);
    }

    /** Each library once, however many services have it, and as no module, as the class path takes it. */
    private List<String> plainJars() throws IOException {
        for (String service : new String[] {"whoop-service", "health-api", "sandbox", "probe"}) {
            Path target = SERVICES.resolve(service).resolve("target");
            plain(target.resolve(service + ".jar"));
            try (Stream<Path> libs = Files.list(target.resolve("libs"))) {
                for (Path jar : libs.toList()) {
                    plain(jar);
                }
            }
        }
        try (Stream<Path> jars = Files.list(scratch)) {
            return jars.map(Path::toString).sorted().toList();
        }
    }

    private void plain(Path jar) throws IOException {
        Path copy = scratch.resolve(jar.getFileName());
        if (Files.exists(copy)) {
            return;
        }
        try (FileSystem inside = FileSystems.newFileSystem(Files.copy(jar, copy));
                Stream<Path> files = Files.walk(inside.getPath("/"))) {
            for (Path descriptor :
                    files.filter(file -> file.endsWith("module-info.class")).toList()) {
                Files.delete(descriptor);
            }
        }
    }

    private static Set<String> modules(List<String> jars) {
        List<String> arguments =
                new ArrayList<>(List.of("--multi-release", "base", "--ignore-missing-deps", "--print-module-deps"));
        arguments.addAll(jars);
        StringWriter out = new StringWriter();
        int code = JDEPS.run(new PrintWriter(out), new PrintWriter(out), arguments.toArray(String[]::new));
        String said = out.toString().strip();
        assertThat(code).as("jdeps: %s", said).isZero();
        return new TreeSet<>(List.of(said.split(",")));
    }
}
