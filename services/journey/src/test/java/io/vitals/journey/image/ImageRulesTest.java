package io.vitals.journey.image;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.journey.image.ImageTar.Entry;
import io.vitals.journey.image.ImageTar.Kind;
import io.vitals.journey.image.ImageTar.Layer;
import io.vitals.sandbox.leaks.SecretScanner;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Each rule for images refuses an image that breaks it, and that one thing only. */
class ImageRulesTest {
    private static final String OS = "etc/os-release";
    private static final Entry FOLDER = new Entry("app", Kind.FOLDER, 0755, 0, 0, new byte[0]);

    @Test
    void aGoodImageHasNoFault() {
        assertThat(rules(false).faults(image(file("app/a.jar", 0644)))).isEmpty();
    }

    @Test
    void whatItSaysOfItself() {
        assertThat(faults(config -> config.put("User", "0"))).containsExactly("runs as \"0\"");
        assertThat(faults(config -> config.remove("User"))).containsExactly("runs as ");
        assertThat(faults(config -> ((ObjectNode) config.path("Labels")).remove("org.opencontainers.image.revision")))
                .containsExactly("has no label revision");
        assertThat(faults(config -> config.putArray("Entrypoint").add("java")))
                .containsExactly("starts whatever is called \"java\"");
        assertThat(faults(config -> config.putObject("ExposedPorts").putObject("22/tcp")))
                .containsExactly("listens on [22], not [8080]");
        assertThat(faults(config -> config.putArray("Env").add("JAVA_TOOL_OPTIONS=-javaagent:a.jar")))
                .containsExactly("sets JAVA_TOOL_OPTIONS");
    }

    @Test
    void whatIsInIt() {
        assertThat(fault(file("opt/java/bin/java", 04755))).isEqualTo("opt/java/bin/java runs as its owner");
        assertThat(fault(file("app/a.jar", 0666))).isEqualTo("app/a.jar can be written by anybody");
        assertThat(fault(new Entry("app/a.jar", Kind.FILE, 0644, 10001, 0, new byte[0])))
                .isEqualTo("app/a.jar belongs to 10001:0");
        assertThat(fault(new Entry("dev/null", Kind.OTHER, 0644, 0, 0, new byte[0])))
                .isEqualTo("dev/null is neither a file nor a folder");
        assertThat(fault(file("usr/bin/apt-get", 0755))).contains("usr/bin/apt-get is a way");
        assertThat(fault(new Entry("app/x", Kind.FILE, 0644, 0, 0, "at /builds/of/somebody".getBytes(UTF_8))))
                .isEqualTo("app/x holds the build's folder");
    }

    @Test
    void aShellOnlyWhereItMayBe() {
        assertThat(fault(file("bin/sh", 0755))).contains("bin/sh is a way");
        assertThat(rules(true).faults(image(file("bin/sh", 0755)))).isEmpty();
    }

    @Test
    void whichDebianItIs() {
        assertThat(fault(os(""))).isEqualTo("etc/os-release names no Debian");
        assertThat(fault(os("ID=alpine\nVERSION_ID=\"3\"\n"))).isEqualTo("etc/os-release names no Debian");
        assertThat(fault(os("ID=debian\n"))).isEqualTo("etc/os-release names no Debian");
        ImageTar good = image(file("app/a.jar", 0644));
        assertThat(rules(false).faults(new ImageTar(good.config(), List.of(new Layer(1_000, List.of(FOLDER))))))
                .containsExactly("etc/os-release names no Debian");
    }

    @Test
    void itsSize() {
        ImageTar good = image(file("app/a.jar", 0644));
        Layer layer = good.layers().getFirst();
        assertThat(rules(false).faults(new ImageTar(good.config(), Collections.nCopies(12, layer))))
                .containsExactly("12 layers");
        assertThat(rules(false).faults(new ImageTar(good.config(), List.of(new Layer(110_000_000, layer.entries())))))
                .containsExactly("110000000 bytes compressed");
        Entry big = new Entry("app/big", Kind.FILE, 0644, 0, 0, new byte[130_000_000]);
        assertThat(rules(false).faults(image(big, big)))
                .containsExactly(260_000_000 + good.unpacked() + " bytes unpacked");
    }

    private static String fault(Entry entry) {
        List<String> faults = rules(false).faults(image(entry));
        assertThat(faults).hasSize(1);
        return faults.getFirst();
    }

    private static List<String> faults(Consumer<ObjectNode> change) {
        ImageTar good = image(file("app/a.jar", 0644));
        ObjectNode config = good.config().deepCopy();
        change.accept(config);
        return rules(false).faults(new ImageTar(config, good.layers()));
    }

    private static ImageRules rules(boolean shell) {
        SecretScanner foreign = new SecretScanner();
        foreign.know("the build's folder", "/builds/of/somebody");
        return new ImageRules(shell, Set.of("8080"), foreign);
    }

    private static Entry file(String path, int mode) {
        return new Entry(path, Kind.FILE, mode, 0, 0, new byte[0]);
    }

    private static Entry os(String content) {
        return new Entry(OS, Kind.FILE, 0644, 0, 0, content.getBytes(UTF_8));
    }

    private static ImageTar image(Entry... entries) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("User", "10001:10001");
        config.putArray("Entrypoint").add("/opt/java/bin/java");
        config.putObject("ExposedPorts").putObject("8080/tcp");
        ObjectNode labels = config.putObject("Labels");
        for (String label : List.of("title", "version", "revision", "source", "licenses")) {
            labels.put("org.opencontainers.image." + label, "x");
        }
        List<Entry> all = new ArrayList<>(List.of(entries));
        all.add(FOLDER);
        if (all.stream().noneMatch(entry -> entry.path().equals(OS))) {
            all.add(os("ID=debian\nVERSION_ID=\"12\"\n"));
        }
        return new ImageTar(config, List.of(new Layer(1_000, List.copyOf(all))));
    }
}
