package io.vitals.supply;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A lock lets through what was accepted, and names each library that is something else. */
class LockTest {
    private static final String PURL = "pkg:maven/org.example/a@1?type=jar";
    private static final String HASH = "a".repeat(64);
    private static final String OTHER_HASH = "b".repeat(64);
    private static final Lock ACCEPTED = new Lock(Map.of(PURL, HASH));

    @TempDir
    private Path folder;

    @Test
    void whatWasAcceptedPasses() {
        assertThat(ACCEPTED.faults(new Lock(Map.of(PURL, HASH)), "a.lock")).isEmpty();
    }

    @Test
    void aLibraryThatNobodyAcceptedIsNamed() {
        Lock built = new Lock(Map.of(PURL, HASH, "pkg:maven/org.evil/b@1?type=jar", HASH));
        assertThat(ACCEPTED.faults(built, "a.lock"))
                .containsExactly("pkg:maven/org.evil/b@1?type=jar is new in the image; "
                        + "when that is wanted: make lock, and review the change of a.lock");
    }

    @Test
    void aLibraryWithOtherBytesIsNamed() {
        assertThat(ACCEPTED.faults(new Lock(Map.of(PURL, OTHER_HASH)), "a.lock"))
                .singleElement()
                .asString()
                .startsWith(PURL + " has the hash " + OTHER_HASH + ", not the accepted " + HASH)
                .contains("make lock");
    }

    @Test
    void aLibraryThatIsGoneIsNamed() {
        assertThat(ACCEPTED.faults(new Lock(Map.of()), "a.lock"))
                .singleElement()
                .asString()
                .startsWith(PURL + " is no longer in the image");
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        Path file = folder.resolve("a.lock");
        Lock lock = new Lock(Map.of(PURL, HASH, "pkg:maven/a/a@1?type=jar", OTHER_HASH));
        lock.write(file);
        assertThat(Files.readString(file))
                .isEqualTo("pkg:maven/a/a@1?type=jar " + OTHER_HASH + "\n" + PURL + " " + HASH + "\n");
        assertThat(Lock.read(file)).isEqualTo(lock);
    }

    @Test
    void aLineThatIsNoHashIsRefused() throws IOException {
        Path file = folder.resolve("a.lock");
        Files.writeString(file, PURL + " latest\n");
        assertThatThrownBy(() -> Lock.read(file)).isInstanceOf(Refusal.class).hasMessageContaining(PURL + " latest");
    }
}
